"""The certificates of a Client VPN: named in the context, or asked for when the stack is deployed."""

from __future__ import annotations

from aws_cdk import CfnParameter, CfnRule, CfnRuleAssertion, Fn, Stack

PARAMETER = "ServerCertificateArn"
COMMAND = "python -m vpn_ops client-vpn certificates"


def certificate_arns(stack: Stack) -> tuple[str, str | None]:
    """Return the ARN of the server's certificate, and of one of the clients' authority if that is another.

    They come from the context: ``-c server_certificate_arn=… -c client_ca_arn=…``. Without the first one the template
    has a parameter in its place. A deployment that does not give it fails before anything is made, and says with
    which command one makes certificates; the template alone needs none.
    """
    client_ca = stack.node.try_get_context("client_ca_arn")
    server = stack.node.try_get_context("server_certificate_arn")
    return str(server) if server else _parameter(stack), str(client_ca) if client_ca else None


def _parameter(stack: Stack) -> str:
    parameter = CfnParameter(
        stack,
        PARAMETER,
        default="",
        description=f"Certificate of the Client VPN endpoint in ACM; make one with: {COMMAND}",
    )
    CfnRule(
        stack,
        "CertificateGiven",
        assertions=[
            CfnRuleAssertion(
                assert_=Fn.condition_not(Fn.condition_equals(parameter.value_as_string, "")),
                assert_description=(
                    f"The Client VPN endpoint needs a certificate in ACM. Make one with: {COMMAND}. "
                    f"Then deploy with --parameters {PARAMETER}=ARN, or with -c server_certificate_arn=ARN."
                ),
            )
        ],
    )
    return parameter.value_as_string
