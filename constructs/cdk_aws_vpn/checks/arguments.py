"""The checks of arguments, one for each kind of value: a wrong one is rejected before it reaches the CDK's JavaScript.

A token passes wherever the value goes into the template as it is, and the placeholder of a look-up passes everywhere
(see :mod:`cdk_aws_vpn.checks.tokens`). Each check raises
:class:`~cdk_aws_vpn.errors.VpnConfigurationError`, or the subclass of it that is given as ``error``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from cdk_aws_vpn.checks.tokens import is_list_token, is_number_token, is_placeholder, is_text_token, is_token
from cdk_aws_vpn.errors import VpnConfigurationError

IN_RANGE = "choose a value in this range"
ONE_OF_THESE = "choose one of these"
_ARN_PARTS = 6

ErrorType = type[VpnConfigurationError]


def check_flag(prop: str, value: object, *, error: ErrorType = VpnConfigurationError) -> None:
    """Check that ``value`` is True or False; the text "false" would count as true."""
    if not isinstance(value, bool):
        raise error(prop, value, "True or False", "write it without quotation marks")


def check_whole_number(
    prop: str,
    value: object,
    low: int,
    high: int | None,
    remedy: str = IN_RANGE,
    *,
    unit: str = "",
    known_later: bool = False,
    error: ErrorType = VpnConfigurationError,
) -> None:
    """Check that ``value`` is a whole number from ``low`` to ``high``; None for ``high`` is no upper limit.

    ``known_later`` says that the number goes into the template as it is, so that it may be a token.
    """
    if is_placeholder(value):
        remedy = "write int(StringParameter.value_from_lookup(…, default_value='…')): a parameter is text"
    if is_number_token(value):
        if not known_later:
            check_literal(prop, value, "a literal number", "write the number: it is needed at synthesis", error=error)
        return
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):  # type: ignore[operator]
        allowed = f"{low} to {high} {unit}".rstrip() if high is not None else f"{low} {unit}".rstrip() + " or more"
        raise error(prop, value, f"a whole number, {allowed}", remedy)


def check_choice(
    prop: str,
    value: object,
    allowed: Collection[object],
    remedy: str = ONE_OF_THESE,
    *,
    known_later: bool = False,
    error: ErrorType = VpnConfigurationError,
) -> None:
    """Check that ``value`` is one of ``allowed``; True does not count as 1.

    ``known_later`` says that the value goes into the template as it is, so that it may be a token.
    """
    kind = str if isinstance(value, str) else int
    later = is_text_token(value) or is_number_token(value)
    if later and any(isinstance(choice, kind) for choice in allowed):
        if not known_later:
            check_literal(prop, value, alternatives(allowed), "write the value: it is needed at synthesis", error=error)
        return
    if not _is_one_of(value, allowed):
        raise error(prop, value, alternatives(allowed), remedy)


def _is_one_of(value: object, allowed: Collection[object]) -> bool:
    """Tell whether ``value`` is in ``allowed``; neither True nor 1.0 is the number 1."""
    return any(type(value) is type(choice) and value == choice for choice in allowed)


def check_choices(
    prop: str, value: object, allowed: Sequence[str | int], *, error: ErrorType = VpnConfigurationError
) -> None:
    """Check that ``value`` is a list or a tuple of one or more of ``allowed``, each of them once."""
    words = ", ".join(str(item) for item in allowed)
    if isinstance(value, str) or not isinstance(value, (tuple, list)) or not value:
        raise error(prop, value, f"a tuple of one or more of {words}", f"write it like ({allowed[-1]!r},)")
    if is_list_token(value):
        raise error(prop, "(a token)", f"a tuple of one or more of {words}", "name the elements one by one")
    for item in value:
        token = is_text_token(item) if isinstance(allowed[0], str) else is_number_token(item)
        if not token and not _is_one_of(item, allowed):
            raise error(prop, item, words, "remove it or choose another")
    if len(set(value)) != len(value):
        raise error(prop, value, "each value once", "remove the repeated value")


def check_literal(
    prop: str, value: object, allowed: str, remedy: str, *, error: ErrorType = VpnConfigurationError
) -> None:
    """Check that ``value`` is known at synthesis, where something is computed from it.

    The placeholder of a look-up passes: the value will be known at the next synthesis.
    """
    if is_token(value) and not is_placeholder(value):
        raise error(prop, "(a token)", allowed, remedy)


def alternatives(choices: Iterable[object]) -> str:
    """Return ``choices`` as a phrase: ``a``, ``a or b``, ``a, b or c``."""
    *others, last = [str(choice) for choice in choices]
    return f"{', '.join(others)} or {last}" if others else last


def check_resource_id(prop: str, value: str, prefix: str) -> str:
    """Check that ``value`` is a token or the id of a resource of EC2, such as ``vgw-0123456789abcdef0``."""
    if is_text_token(value):
        return value
    digits = value.removeprefix(prefix) if isinstance(value, str) else ""
    if digits == value or len(digits) not in (8, 17) or set(digits) - set("0123456789abcdef"):
        raise VpnConfigurationError(
            prop, value, f"{prefix} and 8 or 17 hexadecimal digits", "copy the id from the VPC console"
        )
    return value


def check_certificate_arn(prop: str, value: object) -> str:
    """Check that ``value`` is a token or the ARN of a certificate in AWS Certificate Manager.

    A certificate of AWS Private CA has such an ARN too, once ACM has issued it.
    """
    if is_text_token(value):
        return str(value)
    parts = value.split(":") if isinstance(value, str) else []
    arn = len(parts) == _ARN_PARTS and parts[0] == "arn" and parts[2] == "acm"
    if not (arn and parts[5].startswith("certificate/")):
        raise VpnConfigurationError(
            prop,
            value,
            "the ARN of a certificate in AWS Certificate Manager",
            "write it like 'arn:aws:acm:eu-west-1:111122223333:certificate/…'",
        )
    return str(value)


def check_instance(
    prop: str,
    value: object,
    expected: type | tuple[type, ...],
    remedy: str,
    *,
    error: ErrorType = VpnConfigurationError,
) -> None:
    """Check that ``value`` is an instance of a class of this library."""
    if not isinstance(value, expected):
        classes = expected if isinstance(expected, tuple) else (expected,)
        raise error(prop, value, alternatives(each.__name__ for each in classes), remedy)


def check_construct(
    prop: str,
    value: object,
    *,
    attribute: str,
    allowed: str,
    remedy: str,
    error: ErrorType = VpnConfigurationError,
) -> None:
    """Check that ``value`` implements an interface of the CDK, which is known by a method that no other one has."""
    if not has_attribute(value, attribute):
        raise error(prop, value, allowed, remedy)


def has_attribute(value: object, attribute: str) -> bool:
    """Tell whether ``value`` is an object, not a class, that has ``attribute``.

    A method is found without a call of the CDK's JavaScript.
    """
    return not isinstance(value, type) and (hasattr(type(value), attribute) or hasattr(value, attribute))


def check_placed(prop: str, value: object) -> None:
    """Check that ``value`` is a construct."""
    check_construct(prop, value, attribute="node", allowed="a construct", remedy="pass the construct itself")


def check_vpc(prop: str, value: object) -> None:
    """Check that ``value`` is a VPC."""
    check_construct(
        prop,
        value,
        attribute="select_subnets",
        allowed="an ec2.IVpc",
        remedy="look an existing one up with ec2.Vpc.from_lookup(…) or name it with Vpc.from_vpc_attributes(…)",
    )


def check_subnet(prop: str, value: object) -> None:
    """Check that ``value`` is a subnet."""
    check_construct(
        prop,
        value,
        attribute="associate_network_acl",
        allowed="an ec2.ISubnet",
        remedy="pass one of the VPC's, or Subnet.from_subnet_attributes(…)",
    )


def check_security_group(prop: str, value: object) -> None:
    """Check that ``value`` is a security group."""
    check_construct(
        prop,
        value,
        attribute="add_ingress_rule",
        allowed="an ec2.ISecurityGroup",
        remedy="name an existing one with SecurityGroup.from_security_group_id(…)",
    )
