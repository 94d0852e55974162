"""Hands values to the CDK that it would refuse, because it takes them for literals."""

from __future__ import annotations

from aws_cdk import Fn, Token
from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn.checks.tokens import is_token


def known_later(text: str) -> str:
    """Return ``text``; as a token of the CDK if it is a dynamic reference or the placeholder of a look-up.

    The template is the same, but the CDK does not check what it cannot know yet.
    """
    return Fn.join("", [text]) if is_token(text) and not Token.is_unresolved(text) else text


def network_peer(network: str) -> ec2.IPeer:
    """Return an IPv4 network as the rules of a security group take it; it may be known only later."""
    return ec2.Peer.ipv4(known_later(network))
