"""Resources that somebody else wrote: a connection that follows every rule, and ways to change it."""

from __future__ import annotations

import copy
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
    "DPDTimeoutAction": "restart",
    "EnableTunnelLifecycleControl": True,
    "LogOptions": {
        "CloudwatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:aws:logs:eu-central-1:1:log-group:a"}
    },
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
            "PreSharedKeyStorage": "SecretsManager",
            **specified,
        },
    }


def values(*found: Any) -> list[dict[str, Any]]:
    """A list of options as CloudFormation writes it."""
    return [{"Value": value} for value in found]


def with_tunnels(written: Any) -> dict[str, Any]:
    """A connection whose tunnels are written in another way."""
    made = vpn()
    made["Properties"]["VpnTunnelOptionsSpecifications"] = written
    return made


def second_tunnel(**changes: Any) -> dict[str, Any]:
    """The second tunnel of a good connection, with changes."""
    return {**copy.deepcopy(GOOD_TUNNEL), "TunnelInsideCidr": "169.254.11.0/30", **changes}


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


def endpoint(**log: Any) -> dict[str, Any]:
    """A Client VPN endpoint."""
    return {
        "Type": "AWS::EC2::ClientVpnEndpoint",
        "Properties": {
            "ClientCidrBlock": "10.99.0.0/22",
            "ServerCertificateArn": "arn:aws:acm:eu-central-1:1:certificate/a",
            "AuthenticationOptions": [{"Type": "certificate-authentication"}],
            "ConnectionLogOptions": log,
        },
    }


def authorization(cidr: Any, **access: Any) -> dict[str, Any]:
    """An authorization rule of a Client VPN endpoint."""
    properties = {"ClientVpnEndpointId": "cvpn-endpoint-0123456789abcdef0", "TargetNetworkCidr": cidr, **access}
    return {"Type": "AWS::EC2::ClientVpnAuthorizationRule", "Properties": properties}
