"""What people pass by mistake, whatever the argument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import App, CfnParameter, Stack, Token
from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn import TransitGateway, VpnConnection

SECRET = "7KhL3R.bjGa"  # noqa: S105
"""Stands for a pre-shared key that somebody put into the wrong place: no error may show it."""
NETWORK = "10.61.0.0/16"
FORGED = "10.61.0.0/16 {{resolve:ssm:x}}\nEOF\ntouch /marker\n"
ODD_TEXTS = {
    "newline": "line\nbreak",
    "quotes": 'it\'s "quoted" `so` $(touch /marker)',
    "umlaut": "Büro 😀",
    "long": "x" * 300,
}


def wrong_values(stack: Stack) -> Mapping[str, Any]:
    """Return the wrong values by their names; constructs and tokens among them are of ``stack``."""
    elsewhere = Stack(App(), "Elsewhere")
    text = CfnParameter(stack, "Text", default="x").value_as_string
    return {
        "none": None,
        "empty": "",
        "blank": " ",
        "word": "word",
        **ODD_TEXTS,
        "zero": 0,
        "minus": -1,
        "fraction": 1.5,
        "nan": float("nan"),
        "infinity": float("inf"),
        "minus infinity": float("-inf"),
        "minus large": -1e300,
        "huge": 10**30,
        "5000 digits": 10**5000,
        "true": True,
        "bytes": b"10.61.0.0/16",
        "address as a number": 3405803783,
        "set": {NETWORK},
        "generator": "generator",
        "map": "map",
        "dict": {"pre_shared_key": SECRET},
        "list of dict": [{"pre_shared_key": SECRET}] * 2,
        "object": object(),
        "class": ec2.Vpc,
        "own class": VpnConnection,
        "function": lambda *_: None,
        "list": [],
        "tuple": (),
        "list of lists": [[]],
        "list of none": [None],
        "list of words": ["word", "wörd"],
        "list of numbers": [1.5, True],
        "stack": stack,
        "construct": TransitGateway(stack, "Wrong"),
        "construct of another app": TransitGateway(elsewhere, "Wrong"),
        "vpc of another app": ec2.Vpc.from_vpc_attributes(
            elsewhere, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"]
        ),
        "resource": ec2.CfnSubnet(stack, "WrongSubnet", vpc_id="vpc-1", cidr_block="10.0.0.0/24"),
        "token": text,
        "number token": CfnParameter(stack, "Number", type="Number", default=1).value_as_number,
        "list token": CfnParameter(stack, "List", type="CommaDelimitedList", default="x").value_as_list,
        "any token": Token.as_any({"Ref": "AWS::Region"}),
        "text with a token": f"it's {text}\n",
        "dynamic reference": "{{resolve:ssm:/net/x}}",
        "list of dynamic references": ["{{resolve:ssm:/net/x}}"],
        "forged token": FORGED,
        "list of forged tokens": [FORGED],
    }


def fresh(value: Any) -> Any:
    """Return a value as it is, but a new iterator: each can be read only once."""
    if value == "generator":
        return (each for each in [NETWORK])
    return map(str, [NETWORK]) if value == "map" else value


def secrets_in(problem: BaseException) -> Iterator[str]:
    """The places where an error shows the key that was passed to it."""
    shown = {"message": str(problem), "repr": repr(problem), "value": repr(getattr(problem, "value", None))}
    yield from (place for place, text in shown.items() if SECRET in text)
