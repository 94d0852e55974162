"""Templates that somebody else wrote: one that keeps every rule of the policy, and what breaks it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

GOOD_TUNNEL: dict[str, Any] = {
    "IKEVersions": [{"Value": "ikev2"}],
    "Phase1DHGroupNumbers": [{"Value": 20}],
    "Phase2DHGroupNumbers": [{"Value": 20}],
    "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
    "Phase2EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
    "Phase1IntegrityAlgorithms": [{"Value": "SHA2-384"}],
    "Phase2IntegrityAlgorithms": [{"Value": "SHA2-384"}],
    "PreSharedKey": "{{resolve:secretsmanager:branch-key:SecretString:::}}",
    "TunnelInsideCidr": "169.254.10.0/30",
    "DPDTimeoutSeconds": 30,
}


def vpn(*, left_out: str = "", tunnels: int = 2, **changes: Any) -> dict[str, Any]:
    """A connection whose second tunnel has ``changes``, or lacks the property ``left_out``."""
    second = {**copy.deepcopy(GOOD_TUNNEL), "TunnelInsideCidr": "169.254.11.0/30", **changes}
    second.pop(left_out, None)
    specified = {"VpnTunnelOptionsSpecifications": [GOOD_TUNNEL, second][:tunnels]} if tunnels else {}
    return {
        "Type": "AWS::EC2::VPNConnection",
        "Properties": {
            "Type": "ipsec.1",
            "CustomerGatewayId": "cgw-0123456789abcdef0",
            "VpnGatewayId": "vgw-0123456789abcdef0",
            "StaticRoutesOnly": False,
            **specified,
        },
    }


def group(**ingress: Any) -> dict[str, Any]:
    """A security group with one rule."""
    return {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "a group",
            "VpcId": "vpc-0123456789abcdef0",
            "SecurityGroupIngress": [{"Description": "a rule", **ingress}],
        },
    }


def rule(**ingress: Any) -> dict[str, Any]:
    """The same rule as a resource of its own."""
    return {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"GroupId": "sg-0123456789abcdef0", "Description": "a rule", **ingress},
    }


def template_file(folder: Path, resource: dict[str, Any], name: str = "template") -> Path:
    """Write a template with one resource, and with the parameters that it may refer to."""
    file = folder / f"{name}.json"
    text = json.dumps(resource)
    parameters = {name: {"Type": "String"} for name in ("Key", "Cidr") if json.dumps({"Ref": name}) in text}
    file.write_text(json.dumps({"Parameters": parameters, "Resources": {"Judged": resource}}), encoding="utf-8")
    return file
