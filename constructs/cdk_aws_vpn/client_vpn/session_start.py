"""What happens when a client connects: a banner is shown, and a function may decide."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

from cdk_aws_vpn.checks.arguments import check_construct
from cdk_aws_vpn.checks.tokens import is_text_token, is_token
from cdk_aws_vpn.errors import VpnConfigurationError

HANDLER_PREFIX = "AWSClientVPN-"
_BANNER_CHARACTERS = 1400
_Endpoint = ec2.CfnClientVpnEndpoint


def check_banner(value: str | None) -> None:
    """Check the text that the AWS client shows when a session begins."""
    if value is None or is_text_token(value):
        return
    if not isinstance(value, str) or not 0 < len(value) <= _BANNER_CHARACTERS:
        raise VpnConfigurationError(
            "login_banner",
            f"{len(value)} characters" if isinstance(value, str) else value,
            f"a text of 1 to {_BANNER_CHARACTERS} characters",
            "shorten it, or leave it out",
        )


def check_connect_handler(function: lambda_.IFunction | None) -> None:
    """Check the name of the function that accepts or rejects connections; AWS calls no function of another name."""
    if function is None:
        return
    check_construct(
        "connect_handler",
        function,
        attribute="grant_invoke",
        allowed="a lambda_.IFunction",
        remedy="pass a function whose name begins with AWSClientVPN-",
    )
    resource = function.node.default_child
    name: object = function.function_name
    if isinstance(resource, lambda_.CfnFunction):
        # one that was given no name resolves to none, and CloudFormation will choose one
        name = Stack.of(resource).resolve(resource.function_name)
    if name is not None and (not isinstance(name, str) or is_token(name) or name.startswith(HANDLER_PREFIX)):
        return
    raise VpnConfigurationError(
        "connect_handler",
        name,
        f"a function whose name begins with {HANDLER_PREFIX}",
        f"set function_name='{HANDLER_PREFIX}…'; AWS calls no other function",
    )


def banner_options(text: str | None) -> _Endpoint.ClientLoginBannerOptionsProperty | None:
    """Return the property of the endpoint for a banner."""
    return None if text is None else _Endpoint.ClientLoginBannerOptionsProperty(enabled=True, banner_text=text)


def handler_options(function: lambda_.IFunction | None) -> _Endpoint.ClientConnectOptionsProperty | None:
    """Return the property of the endpoint for a function."""
    if function is None:
        return None
    return _Endpoint.ClientConnectOptionsProperty(enabled=True, lambda_function_arn=function.function_arn)
