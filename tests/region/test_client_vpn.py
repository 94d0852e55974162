"""Client VPN in the local region: its answers, and the requests that it rejects as AWS does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.client_vpn_site import ClientSite
from vpn_lab.region import Region
from vpn_ops.client_vpn import authority

Refusal = Callable[..., str]
UNKNOWN = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def clients(region: Region, ec2: Any, nothing_left: None) -> Iterator[ClientSite]:  # noqa: ARG001 -- it looks after
    made = ClientSite(ec2, region.client("acm"))
    yield made
    made.remove()


@pytest.fixture
def endpoint(clients: ClientSite) -> str:
    return clients.endpoint()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ClientCidrBlock": "10.70.0.0/23"}, "InvalidParameterValue"),
        ({"ClientCidrBlock": "10.64.0.0/11"}, "InvalidParameterValue"),
        ({"ClientCidrBlock": "10.70.0.1/22"}, "InvalidParameterValue"),
        ({"ServerCertificateArn": UNKNOWN}, "InvalidParameterValue"),
        ({"AuthenticationOptions": []}, "InvalidParameterValue"),
        ({"AuthenticationOptions": [{"Type": "certificate-authentication"}]}, "MissingParameter"),
        ({"SessionTimeoutHours": 9}, "InvalidParameterValue"),
        ({"VpnPort": 1195}, "InvalidParameterValue"),
        ({"SelfServicePortal": "enabled"}, "InvalidParameterValue"),
        ({"DnsServers": ["10.0.0.2", "10.0.0.3", "10.0.0.4"]}, "InvalidParameterValue"),
        ({"ClientLoginBannerOptions": {"Enabled": True, "BannerText": "x" * 1401}}, "InvalidParameterValue"),
        (
            {"ClientConnectOptions": {"Enabled": True, "LambdaFunctionArn": "arn:aws:lambda:::function:other"}},
            "InvalidParameterValue",
        ),
        ({"ConnectionLogOptions": {"Enabled": True}}, "MissingParameter"),
        ({"ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "no-such"}}, "InvalidParameterValue"),
    ],
)
def test_options_that_aws_does_not_take(
    clients: ClientSite, refusal: Refusal, changes: dict[str, Any], code: str
) -> None:
    assert refusal(clients.endpoint, **changes) == code


def test_an_endpoint_waits_for_its_first_association(clients: ClientSite) -> None:
    endpoint, subnet = clients.associated()
    (shown,) = clients.ec2.describe_client_vpn_endpoints(ClientVpnEndpointIds=[endpoint])["ClientVpnEndpoints"]
    assert shown["Status"]["Code"] == "available"
    assert shown["DnsName"] == f"*.{endpoint}.prod.clientvpn.us-east-1.amazonaws.com"
    assert shown["AssociatedTargetNetworks"] == [{"NetworkId": subnet, "NetworkType": "vpc"}]
    (route,) = clients.ec2.describe_client_vpn_routes(ClientVpnEndpointId=endpoint)["Routes"]
    assert (route["DestinationCidr"], route["Origin"]) == ("10.50.0.0/16", "associate")


def test_a_zone_takes_one_association(clients: ClientSite, refusal: Refusal) -> None:
    endpoint, subnet = clients.associated()
    associate = clients.ec2.associate_client_vpn_target_network
    again = {"ClientVpnEndpointId": endpoint, "SubnetId": subnet}
    assert refusal(associate, **again) == "InvalidClientVpnDuplicateAssociationException"
    neighbour = clients.subnet("10.50.2.0/24", "a")
    assert refusal(associate, **{**again, "SubnetId": neighbour}) == "InvalidClientVpnSubnetId.DuplicateAz"
    assert refusal(associate, **{**again, "SubnetId": "subnet-00000000"}) == "InvalidClientVpnSubnetId.NotFound"


def test_a_subnet_must_be_large_enough_and_apart_from_the_clients(clients: ClientSite, refusal: Refusal) -> None:
    associate = clients.ec2.associate_client_vpn_target_network
    small = clients.subnet("10.50.9.0/28", "a")
    assert refusal(associate, ClientVpnEndpointId=clients.endpoint(), SubnetId=small) == "InvalidParameterValue"
    within = clients.endpoint(ClientCidrBlock="10.50.0.0/22")
    subnet = clients.subnet("10.50.8.0/24", "a")
    code = refusal(associate, ClientVpnEndpointId=within, SubnetId=subnet)
    assert code == "InvalidClientVpnSubnetId.OverlappingCidr"


def test_a_route_needs_its_association_and_leads_elsewhere(clients: ClientSite, refusal: Refusal) -> None:
    endpoint, subnet = clients.associated()
    other = clients.subnet("10.50.3.0/24", "b")
    create = clients.ec2.create_client_vpn_route
    route = {"ClientVpnEndpointId": endpoint, "DestinationCidrBlock": "10.60.0.0/16", "TargetVpcSubnetId": subnet}
    assert refusal(create, **{**route, "TargetVpcSubnetId": other}) == "InvalidClientVpnActiveAssociationNotFound"
    assert refusal(create, **{**route, "DestinationCidrBlock": "10.70.0.0/16"}) == "InvalidParameterValue"
    local = {**route, "DestinationCidrBlock": "10.50.0.0/16"}
    assert refusal(create, **local) == "InvalidClientVpnDuplicateRoute"
    create(**route)
    assert refusal(create, **route) == "InvalidClientVpnDuplicateRoute"
    assert refusal(clients.ec2.delete_client_vpn_route, **local) == "InvalidClientVpnRouteNotFound"
    clients.ec2.delete_client_vpn_route(**route)


def test_rules_are_for_everyone_where_nobody_has_groups(clients: ClientSite, refusal: Refusal, endpoint: str) -> None:
    authorize = clients.ec2.authorize_client_vpn_ingress
    rule = {"ClientVpnEndpointId": endpoint, "TargetNetworkCidr": "10.50.0.0/16"}
    assert refusal(authorize, **rule) == "InvalidParameterCombination"
    assert refusal(authorize, **rule, AccessGroupId="engineers") == "InvalidParameterValue"
    authorize(**rule, AuthorizeAllGroups=True)
    assert refusal(authorize, **rule, AuthorizeAllGroups=True) == "InvalidClientVpnDuplicateAuthorizationRule"
    clients.ec2.revoke_client_vpn_ingress(**rule, RevokeAllGroups=True)
    code = refusal(clients.ec2.revoke_client_vpn_ingress, **rule, RevokeAllGroups=True)
    assert code == "InvalidClientVpnEndpointAuthorizationRuleNotFound"


def test_what_is_in_use_stays(clients: ClientSite, refusal: Refusal) -> None:
    endpoint, subnet = clients.associated()
    assert refusal(clients.ec2.delete_client_vpn_endpoint, ClientVpnEndpointId=endpoint) == "IncorrectState"
    assert refusal(clients.ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    assert refusal(clients.acm.delete_certificate, CertificateArn=clients.certificate) == "ResourceInUseException"


def test_the_profile_has_everything_but_the_clients_own(clients: ClientSite, endpoint: str) -> None:
    text = clients.ec2.export_client_vpn_client_configuration(ClientVpnEndpointId=endpoint)["ClientConfiguration"]
    assert f"remote {endpoint}.prod.clientvpn.us-east-1.amazonaws.com 443\nremote-random-hostname" in text
    assert authority.certificate_pem(clients.authority.certificate).decode() in text
    assert "verify-x509-name server.client-vpn.internal name" in text
    assert "<cert>" not in text


def test_a_revocation_list_comes_from_the_clients_authority(
    clients: ClientSite, refusal: Refusal, endpoint: str
) -> None:
    load = clients.ec2.import_client_vpn_client_certificate_revocation_list
    export = clients.ec2.export_client_vpn_client_certificate_revocation_list
    assert "CertificateRevocationList" not in export(ClientVpnEndpointId=endpoint)
    stranger = ClientSite(clients.ec2, clients.acm).revocation_list()
    request = {"ClientVpnEndpointId": endpoint, "CertificateRevocationList": stranger}
    assert refusal(load, **request) == "InvalidParameterValue"
    assert refusal(load, **{**request, "CertificateRevocationList": "a list"}) == "InvalidParameterValue"
    own = clients.revocation_list()
    load(ClientVpnEndpointId=endpoint, CertificateRevocationList=own)
    assert export(ClientVpnEndpointId=endpoint)["CertificateRevocationList"].strip() == own.strip()


def test_connections_are_what_the_network_reports_until_they_are_ended(
    region: Region, clients: ClientSite, refusal: Refusal, endpoint: str
) -> None:
    connection = {"ConnectionId": "cvpn-connection-0", "CommonName": "alice", "ClientIp": "10.70.0.2"}
    assert region.report_clients(endpoint, [connection]) == []
    identifier = {"ClientVpnEndpointId": endpoint}
    (shown,) = clients.ec2.describe_client_vpn_connections(**identifier)["Connections"]
    assert (shown["CommonName"], shown["Status"]["Code"]) == ("alice", "active")
    end = clients.ec2.terminate_client_vpn_connections
    end(**identifier, ConnectionId="cvpn-connection-0")
    assert region.report_clients(endpoint, [connection]) == ["cvpn-connection-0"]
    assert region.report_clients(endpoint, []) == []
    code = refusal(end, **identifier, ConnectionId="cvpn-connection-0")
    assert code == "InvalidClientVpnConnection.IdNotFound"


def test_a_sixth_endpoint_is_too_many(clients: ClientSite, refusal: Refusal) -> None:
    for _ in range(5):
        clients.endpoint()
    assert refusal(clients.endpoint) == "ClientVpnEndpointLimitExceeded"


def test_acm_takes_a_certificate_with_its_own_key_and_chain(clients: ClientSite) -> None:
    stranger = authority.authority("a stranger")
    for changes in (
        {"PrivateKey": authority.key_pem(stranger.key)},
        {"CertificateChain": authority.certificate_pem(stranger.certificate)},
        {"Certificate": b"-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n"},
    ):
        with pytest.raises(ClientError, match="ValidationException"):
            clients.import_certificate(**changes)
    shown = clients.acm.describe_certificate(CertificateArn=clients.certificate)["Certificate"]
    assert (shown["DomainName"], shown["Type"]) == ("server.client-vpn.internal", "IMPORTED")
