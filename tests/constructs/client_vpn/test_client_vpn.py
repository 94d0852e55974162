"""What a Client VPN endpoint puts into the template."""

from __future__ import annotations

import json
from typing import Any

import jsii
import pytest
from aws_cdk import Aspects, IAspect, TagManager, Tags, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Match

from cdk_aws_vpn import ActiveDirectory, ClientVpn, MutualTls, Saml
from tests.constructs.client_vpn.bad_client_vpn import CERTIFICATE, DIRECTORY, SAML, client_vpn
from tests.constructs.site import CLOUD, IDC, Site, resources

ENDPOINT = "AWS::EC2::ClientVpnEndpoint"
ASSOCIATION = "AWS::EC2::ClientVpnTargetNetworkAssociation"
ROUTE = "AWS::EC2::ClientVpnRoute"
RULE = "AWS::EC2::ClientVpnAuthorizationRule"
OTHER_CERTIFICATE = f"{CERTIFICATE}4"


@pytest.fixture
def site() -> Site:
    return Site()


def endpoint(site: Site) -> dict[str, Any]:
    (found,) = resources(site.template, ENDPOINT)
    return found


def test_it_is_safe_and_logged_unless_told_otherwise(site: Site) -> None:
    client_vpn(site)
    site.template.has_resource_properties(
        ENDPOINT,
        {
            "TransportProtocol": "udp",
            "VpnPort": 443,
            "SplitTunnel": True,
            "SessionTimeoutHours": 12,
            "SelfServicePortal": "disabled",
            "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": {"Ref": Match.any_value()}},
            "ClientConnectOptions": Match.absent(),
            "ClientLoginBannerOptions": Match.absent(),
            "DnsServers": Match.absent(),
        },
    )
    assert {one["RetentionInDays"] for one in resources(site.template, "AWS::Logs::LogGroup")} == {30}


def test_the_servers_certificate_names_the_clients_authority_unless_another_does(site: Site) -> None:
    client_vpn(site)
    assert endpoint(site)["AuthenticationOptions"] == [
        {
            "Type": "certificate-authentication",
            "MutualAuthentication": {"ClientRootCertificateChainArn": CERTIFICATE},
        }
    ]


def test_certificates_combine_with_a_directory(site: Site) -> None:
    ways = [MutualTls(client_ca_arn=OTHER_CERTIFICATE), ActiveDirectory(directory_id=DIRECTORY)]
    client_vpn(site, authentication=ways)
    assert endpoint(site)["AuthenticationOptions"] == [
        {
            "Type": "certificate-authentication",
            "MutualAuthentication": {"ClientRootCertificateChainArn": OTHER_CERTIFICATE},
        },
        {"Type": "directory-service-authentication", "ActiveDirectory": {"DirectoryId": DIRECTORY}},
    ]


def test_an_identity_provider_gives_groups_and_a_portal(site: Site) -> None:
    portal = f"{SAML}-portal"
    made = client_vpn(
        site,
        authentication=[Saml(provider_arn=SAML, self_service_provider_arn=portal)],
        self_service_portal=True,
    )
    for group in ("engineers", "operators"):
        made.authorize(CLOUD, group_id=group)
    assert endpoint(site)["SelfServicePortal"] == "enabled"
    assert endpoint(site)["AuthenticationOptions"] == [
        {
            "Type": "federated-authentication",
            "FederatedAuthentication": {"SAMLProviderArn": SAML, "SelfServiceSAMLProviderArn": portal},
        }
    ]
    rules = resources(site.template, RULE)
    assert {one["AccessGroupId"] for one in rules} == {"engineers", "operators"}
    assert all("AuthorizeAllGroups" not in one for one in rules)


def test_each_subnet_has_an_association_and_each_route_waits_for_its_own(site: Site) -> None:
    client_vpn(site).reach(IDC, description="The data centre")
    associations = site.template.find_resources(ASSOCIATION)
    subnets = {name: one["Properties"]["SubnetId"]["Ref"] for name, one in associations.items()}
    assert len(subnets) == 2
    routes = site.template.find_resources(ROUTE).values()
    for route in routes:
        (waited,) = route["DependsOn"]
        assert subnets[waited] == route["Properties"]["TargetVpcSubnetId"]["Ref"]
        assert route["Properties"]["DestinationCidrBlock"] == IDC
        assert route["Properties"]["Description"] == "The data centre"
    assert len(routes) == 2
    assert [one["TargetNetworkCidr"] for one in resources(site.template, RULE)] == [IDC]


def test_to_the_vpc_there_is_a_rule_and_no_route(site: Site) -> None:
    client_vpn(site).authorize(CLOUD)
    assert resources(site.template, ROUTE) == []
    (rule,) = resources(site.template, RULE)
    assert (rule["TargetNetworkCidr"], rule["AuthorizeAllGroups"]) == (CLOUD, True)


def test_its_own_group_lets_clients_into_the_authorized_networks_and_nothing_in(site: Site) -> None:
    made = client_vpn(site)
    made.authorize(CLOUD)
    made.reach(IDC)
    groups = [
        one for one in resources(site.template, "AWS::EC2::SecurityGroup") if "clients to" in one["GroupDescription"]
    ]
    (group,) = groups
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == [CLOUD, IDC]
    assert "SecurityGroupIngress" not in group


def test_everything_can_be_chosen(site: Site) -> None:
    group = ec2.SecurityGroup.from_security_group_id(site.stack, "Existing", "sg-0123456789abcdef0", mutable=False)
    log_group = logs.LogGroup.from_log_group_name(site.stack, "Log", "/vpn/clients")
    function = lambda_.Function.from_function_arn(
        site.stack, "Handler", "arn:aws:lambda:eu-west-1:111122223333:function:AWSClientVPN-hours"
    )
    client_vpn(
        site,
        security_groups=[group],
        log_group=log_group,
        connect_handler=function,
        dns_servers=["10.50.0.2"],
        transport_protocol="tcp",
        vpn_port=1194,
        session_timeout_hours=8,
        disconnect_on_session_timeout=True,
        split_tunnel=False,
        login_banner="Authorized use only",
        description="Staff",
    ).reach("0.0.0.0/0")
    site.template.has_resource_properties(
        ENDPOINT,
        {
            "SecurityGroupIds": ["sg-0123456789abcdef0"],
            "ConnectionLogOptions": {"CloudwatchLogGroup": "/vpn/clients"},
            "ClientConnectOptions": {"Enabled": True, "LambdaFunctionArn": function.function_arn},
            "ClientLoginBannerOptions": {"Enabled": True, "BannerText": "Authorized use only"},
            "DnsServers": ["10.50.0.2"],
            "TransportProtocol": "tcp",
            "VpnPort": 1194,
            "SessionTimeoutHours": 8,
            "DisconnectOnSessionTimeout": True,
            "SplitTunnel": False,
            "Description": "Staff",
        },
    )
    assert {one["DestinationCidrBlock"] for one in resources(site.template, ROUTE)} == {"0.0.0.0/0"}


def test_what_is_known_only_at_deployment_passes(site: Site) -> None:
    token = Token.as_string({"Ref": "Later"})
    made = client_vpn(site, server_certificate_arn=token, client_cidr=token, login_banner=token, dns_servers=[token])
    made.reach(token)
    assert endpoint(site)["ClientCidrBlock"] == {"Ref": "Later"}
    assert {json.dumps(one["DestinationCidrBlock"]) for one in resources(site.template, ROUTE)} == {'{"Ref": "Later"}'}


def test_a_function_of_the_stack_may_decide_when_its_name_is_right(site: Site) -> None:
    function = lambda_.Function(
        site.stack,
        "Function",
        function_name="AWSClientVPN-hours",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )
    client_vpn(site, connect_handler=function)
    assert "Fn::GetAtt" in endpoint(site)["ClientConnectOptions"]["LambdaFunctionArn"]


def test_no_certificate_or_key_is_in_the_template(site: Site) -> None:
    client_vpn(site)
    text = json.dumps(site.template.to_json())
    assert "BEGIN" not in text
    assert CERTIFICATE in text


def test_a_metric_names_the_endpoint(site: Site) -> None:
    made: ClientVpn = client_vpn(site)
    metric = made.metric("CrlDaysToExpiry", statistic="Minimum")
    assert (metric.namespace, metric.dimensions) == ("AWS/ClientVPN", {"Endpoint": made.endpoint_id})
    assert made.dns_name.startswith(f"{made.endpoint_id}.prod.clientvpn.")


def test_the_order_of_calls_names_nothing(site: Site) -> None:
    other = Site()
    first, second = client_vpn(site), client_vpn(other)
    first.reach(IDC)
    first.reach("172.16.0.0/16")
    second.reach("172.16.0.0/16")
    second.reach(IDC)
    names = [set(one.template.find_resources(ROUTE)) for one in (site, other)]
    assert names[0] == names[1]


@jsii.implements(IAspect)
class Tagging:
    """An aspect of somebody else, for everything that takes tags."""

    def visit(self, node: Any) -> None:
        if TagManager.is_taggable(node):
            node.tags.set_tag("Aspect", "yes")


def test_the_endpoint_takes_tags_from_everywhere_a_resource_does() -> None:
    """Its type has no property ``Tags``, which the CDK and CloudFormation fill."""
    site = Site(tags={"Stack": "yes", "Both": "stack"})
    made = client_vpn(site)
    Tags.of(site.app).add("CostCenter", "42")
    Tags.of(site.app).add("Commit", "abc", exclude_resource_types=["AWS::EC2::ClientVpnEndpoint"])
    Tags.of(made).add("Both", "own")
    Aspects.of(site.app).add(Tagging())
    (found,) = resources(site.template, "AWS::EC2::ClientVpnEndpoint")
    (specification,) = found["TagSpecifications"]
    assert specification["ResourceType"] == "client-vpn-endpoint"
    tags = {tag["Key"]: tag["Value"] for tag in specification["Tags"]}
    assert tags == {"Aspect": "yes", "Both": "own", "CostCenter": "42", "Name": "Stack/X", "Stack": "yes"}


def test_an_existing_endpoint_adds_nothing_and_has_metrics(site: Site) -> None:
    existing = ClientVpn.from_id(site.stack, "Existing", "cvpn-endpoint-0123456789abcdef0")
    assert existing.dns_name.startswith("cvpn-endpoint-0123456789abcdef0.prod.clientvpn.")
    assert existing.metric("ActiveConnectionsCount").dimensions == {"Endpoint": "cvpn-endpoint-0123456789abcdef0"}
    assert not site.template.to_json().get("Resources")
