"""Site-to-Site VPN: what EC2 assigns, shows and changes."""

from __future__ import annotations

from typing import Any

from tests.region.vpn_site import Site, value
from vpn_lab.region import Region


def test_an_identical_customer_gateway_is_the_same_one_unless_its_device_has_a_name(ec2: Any) -> None:
    request = {"Type": "ipsec.1", "IpAddress": "203.0.113.98", "BgpAsn": 65000}

    def made(**more: Any) -> str:
        return str(ec2.create_customer_gateway(**request, **more)["CustomerGateway"]["CustomerGatewayId"])

    first, again, named = made(), made(), made(DeviceName="second")
    assert first == again
    assert named != first
    for identifier in (first, named):
        ec2.delete_customer_gateway(CustomerGatewayId=identifier)


def test_a_connection_is_pending_before_it_is_available_and_stays_visible_when_deleted(site: Site) -> None:
    assert site.connect()["State"] == "pending"
    identifier = site.connections[-1]
    site.ec2.get_waiter("vpn_connection_available").wait(
        VpnConnectionIds=[identifier], WaiterConfig={"Delay": 0.05, "MaxAttempts": 100}
    )
    site.ec2.delete_vpn_connection(VpnConnectionId=identifier)
    assert site.shown(identifier)["State"] == "deleted"


def test_every_option_of_a_tunnel_reads_back_as_it_was_asked(site: Site) -> None:
    asked = {
        "TunnelInsideCidr": "169.254.20.0/30",
        "PreSharedKey": "a.key_of_our_own",
        "Phase1LifetimeSeconds": 14400,
        "Phase2LifetimeSeconds": 1800,
        "RekeyMarginTimeSeconds": 300,
        "RekeyFuzzPercentage": 50,
        "ReplayWindowSize": 512,
        "DPDTimeoutSeconds": 45,
        "DPDTimeoutAction": "restart",
        "Phase1EncryptionAlgorithms": value("AES256-GCM-16"),
        "Phase2EncryptionAlgorithms": value("AES256-GCM-16"),
        "Phase1IntegrityAlgorithms": value("SHA2-384"),
        "Phase2IntegrityAlgorithms": value("SHA2-384"),
        "Phase1DHGroupNumbers": value(20),
        "Phase2DHGroupNumbers": value(20, 21),
        "IKEVersions": value("ikev2"),
        "StartupAction": "start",
        "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:x", "LogOutputFormat": "json"}},
        "EnableTunnelLifecycleControl": True,
    }
    site.connect(asked)
    shown = site.shown()["Options"]["TunnelOptions"][0]
    expected = {**asked, "OutsideIpAddress": shown["OutsideIpAddress"], "IkeVersions": asked["IKEVersions"]}
    expected["DpdTimeoutSeconds"], expected["DpdTimeoutAction"] = 45, "restart"
    for name in ("IKEVersions", "DPDTimeoutSeconds", "DPDTimeoutAction"):
        del expected[name]
    assert shown == expected


def test_keys_stored_with_the_connection_are_shown_and_keys_in_a_secret_are_not(site: Site, region: Region) -> None:
    site.connect({"PreSharedKey": "shown.to.everyone"})
    assert site.shown()["Options"]["TunnelOptions"][0]["PreSharedKey"] == "shown.to.everyone"
    assert "shown.to.everyone" in site.shown()["CustomerGatewayConfiguration"]
    site.connect({"PreSharedKey": "kept.in.a.secret"}, storage="SecretsManager")
    shown = site.shown()
    assert "kept.in.a.secret" not in str(shown)
    assert "pre_shared_key" not in shown["CustomerGatewayConfiguration"]
    secrets = region.client("secretsmanager")
    assert "kept.in.a.secret" in secrets.get_secret_value(SecretId=shown["PreSharedKeyArn"])["SecretString"]
    site.ec2.delete_vpn_connection(VpnConnectionId=shown["VpnConnectionId"])
    assert shown["PreSharedKeyArn"] not in {one["ARN"] for one in secrets.list_secrets()["SecretList"]}


def test_the_configuration_document_still_says_group_2(site: Site) -> None:
    site.connect({"Phase1DHGroupNumbers": value(20), "Phase2DHGroupNumbers": value(20)})
    document = site.shown()["CustomerGatewayConfiguration"]
    assert "<perfect_forward_secrecy>group2</perfect_forward_secrecy>" in document
    assert "<tcp_mss_adjustment>" in document


def test_changing_a_tunnel_keeps_its_address_and_what_was_not_named(site: Site) -> None:
    site.connect({"TunnelInsideCidr": "169.254.30.0/30", "DPDTimeoutSeconds": 40, "PreSharedKey": "first.key"})
    before = site.shown()["Options"]["TunnelOptions"]
    site.ec2.modify_vpn_tunnel_options(
        VpnConnectionId=site.connections[-1],
        VpnTunnelOutsideIpAddress=before[0]["OutsideIpAddress"],
        TunnelOptions={"DPDTimeoutSeconds": 60},
    )
    after = site.shown()["Options"]["TunnelOptions"]
    assert after[0] == {**before[0], "DpdTimeoutSeconds": 60}
    assert after[1] == before[1]


def test_a_connection_moves_to_another_customer_gateway(site: Site) -> None:
    site.connect()
    before = site.shown()
    other = site.customer(7)
    site.ec2.modify_vpn_connection(VpnConnectionId=before["VpnConnectionId"], CustomerGatewayId=other)
    after = site.shown()
    assert after["CustomerGatewayId"] == other
    assert after["Options"] == before["Options"]


def test_a_connection_on_a_transit_gateway_has_an_attachment(ec2: Any) -> None:
    gateway = ec2.create_transit_gateway(Options={"AmazonSideAsn": 64600})["TransitGateway"]["TransitGatewayId"]
    customer = ec2.create_customer_gateway(Type="ipsec.1", IpAddress="203.0.113.97", BgpAsn=65000)["CustomerGateway"]
    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=customer["CustomerGatewayId"],
        TransitGatewayId=gateway,
        Options={"TunnelBandwidth": "large"},
    )["VpnConnection"]
    mine = [{"Name": "resource-id", "Values": [made["VpnConnectionId"]]}]
    attachments = ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]
    assert [one["ResourceType"] for one in attachments] == ["vpn"]
    assert made["Options"]["TunnelBandwidth"] == "large"
    ec2.delete_vpn_connection(VpnConnectionId=made["VpnConnectionId"])
    ec2.delete_customer_gateway(CustomerGatewayId=customer["CustomerGatewayId"])
    ec2.delete_transit_gateway(TransitGatewayId=gateway)
