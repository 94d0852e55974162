"""The settings of a customer gateway device: its tunnels, its routing, its partner, and where its code is.

Every string may be a CDK token, whose value only CloudFormation knows, and is passed through untouched.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_aws_vpn.checks.addressing import check_no_overlap
from cdk_aws_vpn.checks.arguments import check_choice, check_literal, check_whole_number
from cdk_aws_vpn.checks.tokens import is_placeholder
from cdk_aws_vpn.connection.inside_network import InsideNetwork
from cdk_aws_vpn.connection.negotiation import Negotiation
from cdk_aws_vpn.device.configuration.plain_texts import check_host_name, check_plain_texts
from cdk_aws_vpn.device.configuration.probe import ProbeConfig
from cdk_aws_vpn.device.configuration.rekeying import check_rekeying
from cdk_aws_vpn.errors import AddressingError, QuotaError, TunnelOptionsError, VpnConfigurationError

PARTNER_LINK_CIDR = "169.254.255.248/30"


@dataclass(frozen=True, kw_only=True)
class TunnelConfig:
    """One tunnel as the device sees it.

    Attributes:
        number: 1 or 2, the tunnel of the VPN connection. Names the interface (``ipsec1``) and ``conn tunnel1``.
        outside_address: The AWS endpoint.
        inside: The network inside the tunnel.
        pre_shared_key_secret: ARN of the secret whose SecretString is the bare key.
        negotiation: What AWS lets the tunnel negotiate: one Diffie-Hellman group, the same in both phases, and
            lifetimes that leave the device time to renew its keys first. The device waits at most an hour for a dead
            peer.
    """

    number: int
    outside_address: str
    inside: InsideNetwork
    pre_shared_key_secret: str
    negotiation: Negotiation

    def __post_init__(self) -> None:
        check_choice("number", self.number, (1, 2))
        check_whole_number("dpd_timeout_seconds", self.negotiation.dpd_timeout_seconds, 30, 3600)
        if len({*self.negotiation.phase1_dh_group_numbers, *self.negotiation.phase2_dh_group_numbers}) != 1:
            raise TunnelOptionsError(
                "phase2_dh_group_numbers",
                self.negotiation.phase2_dh_group_numbers,
                f"one group, that of phase 1, which allows {self.negotiation.phase1_dh_group_numbers}",
                "name the same group in both phases",
            )
        check_rekeying(self.negotiation)

    @property
    def ike_version(self) -> str:
        """The newest version of IKE that both ends speak: ``ikev1`` or ``ikev2``."""
        return max(self.negotiation.ike_versions)

    @property
    def dh_group(self) -> int:
        """The Diffie-Hellman group of both phases."""
        return self.negotiation.phase1_dh_group_numbers[0]


@dataclass(frozen=True, kw_only=True)
class BgpConfig:
    """Dynamic routing: the ASNs of the two ends, and how many networks each announces at most.

    Attributes:
        learned_maximum: How many networks AWS takes. AWS ends the session when there are more.
        announced_maximum: How many networks AWS may announce before the device ends the session.
    """

    local_asn: int
    amazon_side_asn: int
    learned_maximum: int = 100
    announced_maximum: int = 100

    def __post_init__(self) -> None:
        for name, value in (("bgp_asn", self.local_asn), ("amazon_side_asn", self.amazon_side_asn)):
            check_literal(
                name, value, "a literal ASN for a CgwInstance", "write it: the device's BGP is set up with it"
            )


@dataclass(frozen=True, kw_only=True)
class PairConfig:
    """What one device of a pair needs to know. keepalived watches the pair.

    Attributes:
        route_table_ids: Route tables whose routes to AWS point to the master.
        network_interface_id: This device's own interface, which those routes then point to.
        shared_address_allocation_id: Elastic IP that the master holds. Default: every device has an
            Elastic IP and a VPN connection of its own, and both keep their tunnels up.
        ike_private_address: Secondary private address that the shared Elastic IP maps to.
        active_active: Whether both devices announce equal paths, so that AWS spreads flows over all their tunnels.
            Default: the backup announces longer ones.
    """

    role: str
    partner_private_address: str
    virtual_router_id: int
    route_table_ids: tuple[str, ...]
    network_interface_id: str
    shared_address_allocation_id: str | None = None
    ike_private_address: str | None = None
    active_active: bool = False

    def __post_init__(self) -> None:
        check_choice("role", self.role, ("active", "standby"))
        check_whole_number("virtual_router_id", self.virtual_router_id, 1, 255)
        if (self.shared_address_allocation_id is None) != (self.ike_private_address is None):
            raise VpnConfigurationError(
                "ike_private_address",
                self.ike_private_address,
                "an address if shared_address_allocation_id is given, and none otherwise",
                "give both for a cluster with one Elastic IP, or none",
            )


@dataclass(frozen=True, kw_only=True)
class CodeAsset:
    """The zip of ``assets/cgw/device/`` in S3."""

    bucket: str
    key: str


@dataclass(frozen=True, kw_only=True)
class MetricsConfig:
    """Where the device writes its metrics, and the name that they carry.

    Attributes:
        log_group: Name of the log group.
        log_stream: The device's own stream in the group. It must exist, because the device may not create one.
        device: Value of the dimension ``Device`` of every metric.
        namespace: Namespace of the metrics.
    """

    log_group: str
    log_stream: str
    device: str
    namespace: str = "CustomerGateway"


@dataclass(frozen=True, kw_only=True)
class DeviceConfig:
    """One device.

    Attributes:
        public_address: Elastic IP, which is also the device's IKE identity.
        local_prefixes: Networks behind the device. With BGP it announces them.
        remote_prefixes: Networks behind AWS. Traffic to them never leaves the device unencrypted.
        bgp: Default: static routes.
        pair: Default: the device is alone.
        probe: Default: the tunnels are not probed; with two static tunnels, or in a pair, that is an error.
        metrics: Default: the device publishes none.
        code: The device's programs. Default: none, which is enough for one static tunnel.
        signal_url: Where CloudFormation waits for the outcome. Default: nobody waits.
        boot_seconds: After how many seconds a boot that is not done fails, whatever step it is at. Default: 1140.
    """

    name: str
    region: str
    public_address: str
    private_address: str
    local_prefixes: tuple[str, ...]
    remote_prefixes: tuple[str, ...]
    tunnels: tuple[TunnelConfig, ...]
    bgp: BgpConfig | None = None
    pair: PairConfig | None = None
    probe: ProbeConfig | None = None
    metrics: MetricsConfig | None = None
    code: CodeAsset | None = None
    signal_url: str | None = None
    boot_seconds: int = 1140

    def __post_init__(self) -> None:
        check_host_name("name", self.name)
        check_plain_texts(self)
        self._check_tunnels()
        self._check_prefixes()
        self._check_programs()

    def _check_tunnels(self) -> None:
        numbers = [tunnel.number for tunnel in self.tunnels]
        if numbers not in ([1], [2], [1, 2]):
            raise VpnConfigurationError("tunnels", numbers, "one tunnel, or tunnel 1 and tunnel 2", "give each once")
        networks = [each.inside.cidr for each in self.tunnels if not is_placeholder(each.inside.cidr)] + [
            PARTNER_LINK_CIDR
        ] * bool(self.bgp and self.pair)
        if len(set(networks)) < len(networks):
            raise AddressingError(
                "inside_cidr",
                self.tunnels[-1].inside.cidr,
                f"a /30 of its own for each tunnel, other than {PARTNER_LINK_CIDR}, which joins the devices of a pair",
                "choose another /30 of 169.254.0.0/16",
            )

    def _check_prefixes(self) -> None:
        for prop in ("local_prefixes", "remote_prefixes"):
            prefixes: tuple[str, ...] = getattr(self, prop)
            everything = [prefix for prefix in prefixes if prefix.strip().endswith("/0")]
            if everything or not prefixes:
                raise AddressingError(
                    prop,
                    everything[0] if everything else prefixes,
                    "one or more networks, but not the whole Internet: IKE itself must bypass the tunnels",
                    "name the networks that are reached through the tunnels",
                )
        if self.bgp is not None and len(self.local_prefixes) > self.bgp.learned_maximum:
            raise QuotaError(
                "local_prefixes",
                len(self.local_prefixes),
                f"{self.bgp.learned_maximum} at most, as AWS ends a BGP session with more",
                "summarise them into fewer, larger networks",
            )
        # a local network inside a remote one would be routed into the tunnels, and dropped when they are down
        check_no_overlap("remote_prefixes", (*self.local_prefixes, *self.remote_prefixes))

    def _check_programs(self) -> None:
        monitored = self.pair is not None or (self.bgp is None and len(self.tunnels) > 1)
        if monitored and self.probe is None:
            raise VpnConfigurationError(
                "probe", None, "a ProbeConfig with two static tunnels or in a pair", "pass ProbeConfig()"
            )
        if (self.probe or self.pair or self.metrics) and self.code is None:
            raise VpnConfigurationError(
                "code",
                None,
                "the device's programs, which probe, take over and publish",
                "pass CodeAsset(bucket=…, key=…)",
            )
