"""Bad keys, and tunnels that do not fit their connection or their device."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn import CustomerGateway, Static, TunnelOptions, check_pre_shared_key
from tests.constructs.bad_input import Bad, option, setting
from tests.constructs.site import IDC, Site

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
KEY_RULE = "8 to 64 letters, digits, periods and underscores, the first one not 0"


def key(behaviour: str, value: Any, shown: str) -> Bad:
    return option(
        f"a pre-shared key {behaviour}",
        lambda _: check_pre_shared_key("pre_shared_key", value),
        "pre_shared_key",
        shown,
        KEY_RULE,
        "let the connection generate the key",
    )


def connection(behaviour: str, tunnels: Any, shown: Any) -> Bad:
    return option(
        f"a connection with {behaviour}",
        lambda s: s.connection(tunnels=tunnels),
        "tunnels",
        shown,
        "2 TunnelOptions, or none",
        "give options for both",
    )


def secret(site: Site) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_name_v2(site.stack, "Key", "vpn-key")


def with_certificate(site: Site) -> dict[str, Any]:
    cgw = CustomerGateway(site.stack, "Certified", address="203.0.113.8", bgp_asn=65011, certificate_arn=CERTIFICATE)
    return {"customer_gateway": cgw}


def device_tunnel(site: Site, **options: Any) -> None:
    device = site.device()
    tunnels = (TunnelOptions(**options), TunnelOptions(**options))
    vpn = site.connection(customer_gateway=device.customer_gateway, routing=Static([IDC]), tunnels=tunnels)
    device.connect(vpn)


def device_tunnels_of_one_secret(site: Site) -> None:
    one, device = secret(site), site.device()
    tunnels = [TunnelOptions(pre_shared_key=one, pre_shared_key_field=f"tunnel{number}") for number in (1, 2)]
    device.connect(site.connection(customer_gateway=device.customer_gateway, tunnels=tunnels))


BAD_KEYS = [
    key("that is too short", "Seven77", "of 7 characters"),
    key("that is too long", "x" * 65, "of 65 characters"),
    key("that starts with 0", "0.eight.or.more", "of 15 characters"),
    key("with a hyphen", "eight-or-more", "of 13 characters"),
    key("with a space", "eight or more", "of 13 characters"),
    key("of nothing", "", "of 0 characters"),
    key("that is not text", 12345678, "(int)"),
    option(
        "a tunnel with a literal key",
        lambda _: TunnelOptions(pre_shared_key="Literal.Key_123"),  # type: ignore[arg-type]
        "pre_shared_key",
        "of 15 characters",
        "a Secrets Manager secret",
        "Secret.from_secret_complete_arn(…)",
    ),
    connection("one tunnel", (TunnelOptions(),), 1),
    connection("three tunnels", (TunnelOptions(),) * 3, 3),
    connection("tunnels that are not a list", TunnelOptions(), TunnelOptions()),
    option(
        "a connection with maps for tunnels",
        lambda s: s.connection(tunnels=({}, {})),
        "tunnels",
        {},
        "TunnelOptions",
        "wrap the values",
    ),
    option(
        "a connection with the same inside block twice",
        lambda s: s.connection(tunnels=(TunnelOptions(inside_cidr="169.254.10.0/30"),) * 2),
        "inside_cidr",
        "169.254.10.0/30",
        "a different one for each tunnel",
        "change one of the two",
    ),
    option(
        "a connection with an ipv6 block in an ipv4 connection",
        lambda s: s.connection(tunnels=(TunnelOptions(inside_ipv6_cidr="fd00::/126"), TunnelOptions())),
        "inside_ipv6_cidr",
        "fd00::/126",
        'with tunnel_inside_ip_version="ipv6"',
        "leave tunnel_inside_ip_version out",
    ),
    option(
        "an ipv6 connection without ipv6 blocks",
        lambda s: s.connection(gateway=s.tgw, tunnel_inside_ip_version="ipv6"),
        "tunnels",
        0,
        "2 TunnelOptions with inside_ipv6_cidr",
        "give both tunnels a /126",
    ),
    option(
        "an ipv6 connection with the same block twice",
        lambda s: s.connection(
            gateway=s.tgw,
            tunnel_inside_ip_version="ipv6",
            tunnels=(TunnelOptions(inside_ipv6_cidr="fd00::/126"),) * 2,
        ),
        "inside_ipv6_cidr",
        "fd00::/126",
        "a different one for each tunnel",
        "change one of the two",
    ),
    option(
        "both tunnels with the same secret",
        lambda s: s.connection(tunnels=(TunnelOptions(pre_shared_key=secret(s)),) * 2),
        "pre_shared_key",
        "the same secret",
        "a different one for each tunnel",
        "change one of the two",
    ),
    option(
        "both tunnels with the same field of a secret",
        lambda s: s.connection(tunnels=(TunnelOptions(pre_shared_key=secret(s), pre_shared_key_field="key"),) * 2),
        "pre_shared_key",
        "the same secret",
        "a different one for each tunnel",
        "change one of the two",
    ),
    option(
        "a field of no secret",
        lambda _: TunnelOptions(pre_shared_key_field="tunnel1"),
        "pre_shared_key_field",
        "given",
        "a field of pre_shared_key",
        "give both",
    ),
    option(
        "a field with the sign that separates fields",
        lambda s: TunnelOptions(pre_shared_key=secret(s), pre_shared_key_field="tunnel1:x"),
        "pre_shared_key_field",
        "of 9 characters",
        "letters, digits and _ - . /",
        "such as 'tunnel1'",
    ),
    setting(
        "a device whose tunnels have one secret",
        device_tunnels_of_one_secret,
        "pre_shared_key_field",
        "given",
        "none on a CgwInstance",
        "leave pre_shared_key out",
    ),
    option(
        "a certificate and a key at once",
        lambda s: s.connection(
            tunnels=(TunnelOptions(pre_shared_key=secret(s)), TunnelOptions()), **with_certificate(s)
        ),
        "pre_shared_key",
        "given",
        "none, while the customer gateway proves itself with a certificate",
        "remove one of the two",
    ),
    option(
        "a device with a group that libreswan refuses",
        lambda s: device_tunnel(s, phase1_dh_group_numbers=(2,), phase2_dh_group_numbers=(2,)),
        "phase1_dh_group_numbers",
        2,
        "libreswan",
        "choose from these",
    ),
    option(
        "a device with several groups",
        lambda s: device_tunnel(s, phase1_dh_group_numbers=(14, 20)),
        "phase1_dh_group_numbers",
        (14, 20),
        "one group",
        "name one",
    ),
    option(
        "a device with another group in each phase",
        lambda s: device_tunnel(s, phase1_dh_group_numbers=(14,), phase2_dh_group_numbers=(20,)),
        "phase2_dh_group_numbers",
        (20,),
        "as in phase 1",
        "name the same group",
    ),
    option(
        "a device that AWS would forestall",
        lambda s: device_tunnel(s, phase2_lifetime_seconds=900, rekey_margin_time_seconds=400),
        "rekey_margin_time_seconds",
        400,
        "at most 630 seconds",
        "shorten the margin",
    ),
    setting(
        "a device that waits longer than an hour for a dead peer",
        lambda s: device_tunnel(s, dpd_timeout_seconds=3601),
        "dpd_timeout_seconds",
        3601,
        "30 to 3600",
        "choose a value in this range",
    ),
]
