"""One secret with the keys of both tunnels."""

from __future__ import annotations

from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn import TunnelOptions
from tests.constructs.site import Site, resources

KEYS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:vpn-keys-AbCdEf"


def test_each_tunnel_refers_to_a_field_of_its_own_and_no_secret_is_made() -> None:
    site = Site()
    secret = secretsmanager.Secret.from_secret_complete_arn(site.stack, "Keys", KEYS)
    tunnels = [TunnelOptions(pre_shared_key=secret, pre_shared_key_field=f"tunnel{number}") for number in (1, 2)]
    site.connection(tunnels=tunnels)
    (found,) = resources(site.template, "AWS::EC2::VPNConnection")
    assert [tunnel["PreSharedKey"] for tunnel in found["VpnTunnelOptionsSpecifications"]] == [
        f"{{{{resolve:secretsmanager:{KEYS}:SecretString:tunnel{number}::}}}}" for number in (1, 2)
    ]
    assert not site.template.find_resources("AWS::SecretsManager::Secret")
