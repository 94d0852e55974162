"""What devices do is found in their user data and their roles, however the template writes it."""

from __future__ import annotations

import pytest

from tests.model.planned import template
from vpn_model.devices import DevicePair, Devices
from vpn_model.read_template.devices import read_devices
from vpn_model.read_template.network import read_network

DEVICES = """
Resources:
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
  Shared: {Type: AWS::EC2::EIP}
  First:
    Type: AWS::EC2::Instance
    Properties:
      PrivateIpAddress: 10.60.0.100
      IamInstanceProfile: !Ref Profile
      UserData:
        Fn::Base64: !Sub |
          tunnel 1 169.254.10.2/30 in ${AWS::Region}
          router bgp 65000
           neighbor 169.254.255.250 remote-as 65000
          unicast_peer {
            10.60.2.100
          }
  Second:
    Type: AWS::EC2::Instance
    Properties:
      PrivateIpAddress: 10.60.2.100
      UserData: {"Fn::Base64": "address 169.254.10.2/30 and 169.254.11.20/30"}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument: {Statement: STATEMENT}
  Connection:
    Type: AWS::EC2::VPNConnection
    Properties:
      CustomerGatewayId: cgw-1
      VpnTunnelOptionsSpecifications:
        - TunnelInsideCidr: 169.254.10.0/30
        - TunnelInsideCidr: 169.254.11.0/30
"""
ALLOWED = "{Effect: Allow, Action: 'ec2:AssociateAddress', Resource: '*'}"


def devices(text: str = DEVICES, **changed: str) -> Devices:
    for old, new in changed.items():
        text = text.replace(old, new)
    found = template(text.replace("STATEMENT", ALLOWED))
    return read_devices(found, read_network(found))


def test_a_device_brings_up_the_tunnels_of_which_it_has_the_address() -> None:
    # 169.254.11.20 is not the address of tunnel 2, which is 169.254.11.2
    assert devices().tunnels == {("Connection", 1): ("First", "Second"), ("Connection", 2): ()}


def test_a_tunnel_whose_inside_addresses_aws_chooses_has_no_known_device() -> None:
    text = DEVICES.replace("- TunnelInsideCidr: 169.254.11.0/30", "- StartupAction: start")
    assert devices(text).tunnels["Connection", 2] == ()


def test_partners_name_each_other() -> None:
    assert devices().pairs == (DevicePair("First", "Second", ("VRRP", "iBGP")),)
    assert devices(DEVICES.replace("remote-as 65000", "remote-as 64512")).pairs == (
        DevicePair("First", "Second", ("VRRP",)),
    )
    assert devices(DEVICES.replace("unicast_peer", "peer")).pairs == ()


@pytest.mark.parametrize(
    "statement",
    [
        "[{Effect: Allow, Action: ['ec2:DescribeAddresses', 'ec2:AssociateAddress'], Resource: '*'}]",
        "{Effect: Allow, Action: 'EC2:Associate*', Resource: [!Sub 'arn:aws:ec2:::elastic-ip/${Shared}']}",
        "{Effect: Allow, Action: '*', Resource: !Sub 'arn:aws:ec2:::elastic-ip/${Shared.AllocationId}'}",
        "{Effect: Allow, Action: 'ec2:AssociateAddress', Resource: !Join ['', ['arn/', !Ref Shared]]}",
    ],
)
def test_a_role_allows_to_take_an_address(statement: str) -> None:
    assert devices(STATEMENT=statement).may_take_address == {"Shared": ("First",)}


@pytest.mark.parametrize(
    "statement",
    [
        "{Effect: Deny, Action: 'ec2:AssociateAddress', Resource: '*'}",
        "{Effect: Allow, Action: 'ec2:DescribeAddresses', Resource: '*'}",
        "{Effect: Allow, Action: 'ec2:AssociateAddress', Resource: !Sub 'arn:aws:ec2:::elastic-ip/${Table}'}",
    ],
)
def test_a_role_that_allows_something_else_does_not(statement: str) -> None:
    assert devices(STATEMENT=statement).may_take_address == {}


@pytest.mark.parametrize(
    "policy",
    [
        "{Type: AWS::IAM::Policy, Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: [DOES]}}}",
        "{Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: [DOES]}}}",
    ],
)
def test_a_policy_of_its_own_counts_for_the_role_that_it_names(policy: str) -> None:
    does = "{Effect: Allow, Action: 'ec2:ReplaceRoute', Resource: !Sub '${Table}'}"
    text = f"{DEVICES}  Policy: {policy.replace('DOES', does)}\n"
    assert devices(text).may_take_routes == {"Table": ("First",)}
    assert (
        devices(text.replace("Roles: [!Ref Role], PolicyDocument", "Roles: [other], PolicyDocument")).may_take_routes
        == {}
    )


def test_a_role_may_name_its_policy() -> None:
    does = "{Effect: Allow, Action: 'ec2:ReplaceRoute', Resource: !Sub '${Table}'}"
    policy = f"{{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: {does}}}}}}}"
    text = DEVICES.replace("      Policies:", "      ManagedPolicyArns: [!Ref Policy]\n      Policies:")
    assert devices(f"{text}  Policy: {policy}\n").may_take_routes == {"Table": ("First",)}
