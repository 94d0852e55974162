"""The certificates of a Client VPN: from the context, or from a parameter of the stack."""

from __future__ import annotations

from aws_cdk import CfnParameter, CfnRule, CfnRuleAssertion, Fn, Stack

PARAMETER = "ServerCertificateArn"
COMMAND = "vpn-ops client-vpn certificates"


def certificate_arns(stack: Stack) -> tuple[str, str | None]:
    """Return the ARNs of the server's certificate and of the clients' CA; the latter is ``None`` if both use one CA.

    They come from the context: ``-c server_certificate_arn=… -c client_ca_arn=…``. Without ``server_certificate_arn``
    the template has a parameter instead. A deployment without a value for it fails before any resource is created, and
    the message names the command that makes certificates. Synthesis needs no certificate.
    """
    client_ca = stack.node.try_get_context("client_ca_arn")
    server = stack.node.try_get_context("server_certificate_arn")
    return str(server) if server else _parameter(stack), str(client_ca) if client_ca else None


def _parameter(stack: Stack) -> str:
    parameter = CfnParameter(
        stack,
        PARAMETER,
        default="",
        description=f"ARN of the Client VPN endpoint's certificate in ACM; create one with: {COMMAND}",
    )
    CfnRule(
        stack,
        "CertificateGiven",
        assertions=[
            CfnRuleAssertion(
                assert_=Fn.condition_not(Fn.condition_equals(parameter.value_as_string, "")),
                assert_description=(
                    f"The Client VPN endpoint needs a certificate in ACM. Create one with: {COMMAND}. "
                    f"Then deploy with --parameters {PARAMETER}=ARN, or with -c server_certificate_arn=ARN."
                ),
            )
        ],
    )
    return parameter.value_as_string
