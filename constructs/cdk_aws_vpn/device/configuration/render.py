"""Renders the files of a customer gateway device, and the user-data that carries them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cdk_aws_vpn.checks.addressing import inside_addresses
from cdk_aws_vpn.device.configuration.algorithms import IP_AND_TCP_HEADERS, esp_proposals, ike_proposals, tunnel_mtu
from cdk_aws_vpn.device.configuration.real_lengths import with_real_lengths
from cdk_aws_vpn.device.configuration.rekeying import device_rekeying
from cdk_aws_vpn.device.configuration.settings import PARTNER_LINK_CIDR, DeviceConfig, TunnelConfig
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.asset_files import asset_path

# EC2 takes 16 KB; the rest is room for addresses that are only known when the stack is deployed.
USER_DATA_MAX_BYTES = 14 * 1024


def render_files(config: DeviceConfig) -> dict[str, str]:
    """Return the text of every configuration file of the device by its path.

    ``@UPLINK@`` stands for the interface that leads out: the device finds it at boot, since EC2 does not fix its name.
    """
    context = _context(config)
    return {item["path"]: item["text"] for item in _files(config, context)}


def render_user_data(config: DeviceConfig) -> str:
    """Return the user-data: a MIME part that cloud-init runs at every boot.

    Raises:
        VpnConfigurationError: It would be larger than ``USER_DATA_MAX_BYTES`` on AWS.
    """
    size = user_data_bytes(config)
    if size > USER_DATA_MAX_BYTES:
        raise VpnConfigurationError(
            "user_data",
            f"{size} bytes",
            f"at most {USER_DATA_MAX_BYTES} bytes for one device",
            "summarise local_prefixes and remote_prefixes into fewer, larger networks",
        )
    return _user_data(config)


def user_data_bytes(config: DeviceConfig) -> int:
    """Return the size of the user-data on AWS, with each token counted as long as its value can be."""
    return len(_user_data(with_real_lengths(config)).encode())


def _user_data(config: DeviceConfig) -> str:
    context = _context(config)
    return _environment().get_template("user-data.j2").render(context, files=_files(config, context))


@cache
def _environment() -> Environment:
    # Shell and configuration files, not HTML: escaping would break them.
    return Environment(
        loader=FileSystemLoader(asset_path("cgw/templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )


def _context(config: DeviceConfig) -> dict[str, Any]:
    partner_link = None
    if config.bgp and config.pair:
        ends = inside_addresses(PARTNER_LINK_CIDR)
        own, partner = ends if config.pair.role == "active" else ends[::-1]
        partner_link = {"own_address": own, "partner_address": partner}
    tunnels = [_tunnel(tunnel) for tunnel in config.tunnels]
    private = [f"ipsec{tunnel.number}" for tunnel in config.tunnels] + ["partner0"] * bool(partner_link)
    return {
        **{name: getattr(config, name) for name in DeviceConfig.__dataclass_fields__},
        "tunnels": tunnels,
        "partner_link": partner_link,
        "cluster": bool(config.pair and config.pair.shared_address_allocation_id),
        "mss": min(tunnel["mtu"] for tunnel in tunnels) - IP_AND_TCP_HEADERS,
        "private_interfaces": ", ".join(f'"{name}"' for name in private),
    }


def _tunnel(tunnel: TunnelConfig) -> dict[str, Any]:
    negotiated, version = tunnel.negotiation, tunnel.ike_version
    phase2 = (negotiated.phase2_encryption_algorithms, negotiated.phase2_integrity_algorithms)
    dpd_delay = negotiated.dpd_timeout_seconds // 3
    return {
        **negotiated.values(),
        **asdict(device_rekeying(negotiated)),
        "number": tunnel.number,
        "outside_address": tunnel.outside_address,
        "pre_shared_key_secret": tunnel.pre_shared_key_secret,
        "device_address": tunnel.inside.device_address,
        "aws_address": tunnel.inside.aws_address,
        "mtu": tunnel_mtu(*phase2),
        "dpd_delay_seconds": dpd_delay,
        "retransmit_timeout_seconds": _retransmit_timeout_seconds(negotiated.dpd_timeout_seconds - dpd_delay),
        "ike_version": version,
        "ike": ike_proposals(
            negotiated.phase1_encryption_algorithms,
            negotiated.phase1_integrity_algorithms,
            tunnel.dh_group,
            ike_version=version,
        ),
        "esp": esp_proposals(*phase2, tunnel.dh_group, ike_version=version),
    }


def _retransmit_timeout_seconds(within: int) -> int:
    """Return the libreswan setting with which a request without an answer is given up within a time.

    libreswan repeats it after 0.5, 1, 2, 4, ... s, and gives up at the first of these moments that is not before
    ``retransmit-timeout``: with 20 s that is after 31.5 s, with 15 s after 15.5 s.
    """
    power_of_two: int = 1 << (within.bit_length() - 1)
    return power_of_two - 1


def _files(config: DeviceConfig, context: dict[str, Any]) -> list[dict[str, str]]:
    def file(path: str, template: str, *, mode: str = "644", service: str = "") -> dict[str, str]:
        text = _environment().get_template(f"{template}.j2").render(context)
        return {"path": path, "mode": mode, "service": service, "text": text}

    units = "/etc/systemd/system"
    files = [
        file("/etc/sysctl.d/90-cgw.conf", "sysctl.conf", service="systemd-sysctl"),
        file("/etc/cgw/firewall.nft", "firewall.nft", service="cgw-firewall"),
        file(f"{units}/cgw-firewall.service", "cgw-firewall.service", service="cgw-firewall"),
        file("/etc/ipsec.conf", "ipsec.conf", service="ipsec"),
        file("/opt/cgw/tunnels", "tunnels.sh", mode="755", service="ipsec"),
        file(f"{units}/ipsec.service.d/cgw.conf", "ipsec.service.conf", service="ipsec"),
    ]
    if config.bgp:
        files += [
            file("/etc/frr/daemons", "frr.daemons", service="frr"),
            file("/etc/frr/frr.conf", "frr.conf", mode="640", service="frr"),
        ]
    if config.code:
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in _device_json(config, context).items()]
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        readers = "cgw-monitor  cgw-metrics" if config.metrics else "cgw-monitor"
        files.append({"path": "/etc/cgw/device.json", "mode": "644", "service": readers, "text": text})
    if config.pair:
        files.append(file("/etc/keepalived/keepalived.conf", "keepalived.conf", service="keepalived"))
    return files


def _device_json(config: DeviceConfig, context: dict[str, Any]) -> dict[str, Any]:
    """What the device's programs read: one line per key, so that a change shows as one line."""
    pair = config.pair
    return {
        "name": config.name,
        "region": config.region,
        "private_address": config.private_address,
        "remote_prefixes": config.remote_prefixes,
        "tunnels": [
            {key: tunnel[key] for key in ("number", "device_address", "aws_address")} for tunnel in context["tunnels"]
        ],
        "routing": "bgp" if config.bgp else "static",
        "probe": asdict(config.probe) if config.probe else None,
        "metrics": asdict(config.metrics) if config.metrics else None,
        "pair": pair
        and {
            "network_interface_id": pair.network_interface_id,
            "route_table_ids": pair.route_table_ids,
            "shared_address_allocation_id": pair.shared_address_allocation_id,
            "ike_private_address": pair.ike_private_address,
            **({"partner_address": pair.partner_private_address} if config.bgp else {}),
            **({"active_active": True} if pair.active_active else {}),
        },
    }
