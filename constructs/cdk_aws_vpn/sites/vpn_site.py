"""A site of a hub: what a platform team knows about it, and what follows from its number."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cdk_aws_vpn.checks.addressing import INSIDE_NETWORK, check_prefixes
from cdk_aws_vpn.checks.arguments import check_choice, check_whole_number
from cdk_aws_vpn.checks.asns import check_bgp_asn
from cdk_aws_vpn.checks.outside_addresses import check_public_address
from cdk_aws_vpn.checks.tokens import is_placeholder, is_token
from cdk_aws_vpn.connection.routing import Bgp, Routing, Static
from cdk_aws_vpn.connection.security_profile import RECOMMENDED, SecurityProfile, find_profile
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_FIRST_BLOCK = 6 * 64
"""The first /30 behind those that AWS reserves at the start of 169.254.0.0/16: 169.254.6.0/30."""

_METADATA_PAIR = (169 * 64 + 62 - _FIRST_BLOCK) // 2
"""The pair of blocks that holds 169.254.169.252/30, which AWS reserves too."""

HIGHEST_SITE_NUMBER = (2 ** (30 - INSIDE_NETWORK.prefixlen) - _FIRST_BLOCK) // 2 - 2
"""The number of sites with inside CIDR blocks of their own, at two blocks per site."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One site.

    Only its number determines its stack, its gateway and its inside CIDR blocks, so sites can be added, removed and
    sorted without moving another one. Give each new site a number that no site has or recently had.

    Args:
        number: 0 to 7998, unique in the hub.
        name: 1 to 64 letters, digits and hyphens, starting with a letter; unique in the hub. It is the id of the
            site's constructs, so a new name creates new resources.
        address: Public IPv4 address of the device. Default: none; then ``customer_gateway_id`` is required.
        customer_gateway_id: Id of an existing customer gateway, ``cgw-…``. Default: a new one.
        bgp_asn: ASN of the device. Default: 65000.
        prefixes: The networks of the site. No two sites may have networks that overlap. Needed for static routing;
            with BGP they are only checked. Default: none.
        routing: ``bgp`` or ``static``. Default: bgp.
        security_profile: Name of a security profile, or one of your own. Default: recommended.
        branch: Name of the branch, if it has several devices: each is a site with a number and a name of its own, and
            may have the same networks as the others. Default: the name of the site.

    Raises:
        AddressingError: The address, the ASN or a prefix cannot be used.
        VpnConfigurationError: Another option is out of range, or not exactly one of ``address`` and
            ``customer_gateway_id`` is given.
    """

    number: int
    name: str
    address: str | None = None
    customer_gateway_id: str | None = None
    bgp_asn: int = 65000
    prefixes: Sequence[str] = field(default=())
    routing: str = "bgp"
    security_profile: str | SecurityProfile = RECOMMENDED
    branch: str | None = None

    def __post_init__(self) -> None:
        check_whole_number(
            "number", self.number, 0, HIGHEST_SITE_NUMBER, "give further sites to a hub in another Region or account"
        )
        for prop in ("name",) if self.branch is None else ("name", "branch"):
            value = getattr(self, prop)
            if is_placeholder(value):
                continue
            if not isinstance(value, str) or not _NAME.fullmatch(value):
                allowed = "1 to 64 letters, digits and hyphens, a letter first"
                raise VpnConfigurationError(prop, value, allowed, "write it like 'berlin-2'")
        if (self.address is None) == (self.customer_gateway_id is None):
            raise VpnConfigurationError(
                "address",
                self.address,
                "either the address of a device or a customer_gateway_id",
                f"give {self.name} one of the two",
            )
        if self.address is not None:
            check_public_address("address", self.address)
        check_bgp_asn("bgp_asn", self.bgp_asn)
        find_profile(self.security_profile)
        check_choice("routing", self.routing, ("bgp", "static"))
        if self.prefixes != () or self.routing == "static":
            object.__setattr__(self, "prefixes", check_prefixes("prefixes", self.prefixes))

    @property
    def branch_name(self) -> str:
        """Name of the branch whose networks these are, in lower case."""
        return (self.branch or self.name).lower()

    @property
    def vpn_routing(self) -> Routing:
        """The routing as :class:`~cdk_aws_vpn.VpnConnection` takes it."""
        return Static(self.prefixes) if self.routing == "static" else Bgp()


def site_inside_cidrs(number: int) -> tuple[str, str]:
    """Return the inside CIDR blocks of tunnels 1 and 2 of the site with this number; no other number has them."""
    pair = number if number < _METADATA_PAIR else number + 1
    first = int(INSIDE_NETWORK[0]) + 4 * (_FIRST_BLOCK + 2 * pair)
    return str(ipaddress.IPv4Network((first, 30))), str(ipaddress.IPv4Network((first + 4, 30)))


def check_sites(sites: Iterable[Site]) -> tuple[Site, ...]:
    """Check what must be unique among sites: numbers, names, existing customer gateways and networks.

    Raises:
        VpnConfigurationError: The list is empty or contains something else, or two sites share a number, a name or an
            id.
        AddressingError: Networks of two sites overlap.
    """
    listed = isinstance(sites, Iterable) and not isinstance(sites, str | bytes | Mapping)
    if not listed or not (checked := tuple(sites)):
        raise VpnConfigurationError("sites", sites, "a list of one or more sites", "write it like [Site(…), Site(…)]")
    for site in checked:
        if not isinstance(site, Site):
            raise VpnConfigurationError("sites", site, "Site", "write each site like Site(number=0, name='berlin', …)")
    for prop in ("number", "name", "customer_gateway_id"):
        _check_unique(checked, prop)
    _check_networks(checked)
    return checked


def _check_unique(sites: tuple[Site, ...], prop: str) -> None:
    owners: dict[object, str] = {}
    for site in sites:
        value = getattr(site, prop)
        if value is None:
            continue
        key = (
            value.lower() if isinstance(value, str) else value
        )  # construct ids that differ only in upper and lower case are confusing
        if key in owners:
            raise VpnConfigurationError(
                prop, value, f"a {prop} that no other site has; {owners[key]} has this one", "choose another"
            )
        owners[key] = site.name


def _check_networks(sites: tuple[Site, ...]) -> None:
    networks = sorted(
        ((ipaddress.IPv4Network(prefix), site) for site in sites for prefix in site.prefixes if not is_token(prefix)),
        key=lambda each: (each[0], each[1].name),
    )
    widest: tuple[ipaddress.IPv4Network, Site] | None = None
    for network, site in networks:
        if widest is not None and network.overlaps(widest[0]) and site.branch_name != widest[1].branch_name:
            raise AddressingError(
                "prefixes",
                str(network),
                f"networks that do not overlap those of another site; {widest[1].name} has {widest[0]}",
                f"correct {site.name} or {widest[1].name}, or give two devices of one branch the same branch",
            )
        if widest is None or network.broadcast_address > widest[0].broadcast_address:
            widest = (network, site)
