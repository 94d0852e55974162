"""Loops of AWS::LanguageExtensions, written out before anything else is read."""

from __future__ import annotations

import pytest

from tests.model.planned import template
from vpn_model.read_template.document import parse_document
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.loops import expand_loops
from vpn_model.read_template.network import read_network

TEMPLATE = """
Transform: AWS::LanguageExtensions
Parameters:
  Sites: {Type: CommaDelimitedList, Default: "a.b,c"}
  Later: {Type: CommaDelimitedList}
Resources:
  Gateway: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
  Fn::ForEach::Sites:
    - Site
    - !Ref Sites
    - Cgw&{Site}:
        Type: AWS::EC2::CustomerGateway
        Properties: {Type: ipsec.1, IpAddress: 192.0.2.1, BgpAsn: 65000, DeviceName: !Sub "${Site}-1"}
      Fn::ForEach::Number:
        - Number
        - [1, 2]
        - Vpn&{Site}${Number}:
            Type: AWS::EC2::VPNConnection
            Properties:
              Type: ipsec.1
              VpnGatewayId: !Ref Gateway
              CustomerGatewayId: !Ref Cgw&{Site}
              Tags: [{Key: Name, Value: !Ref Site}]
Outputs:
  Fn::ForEach::Names: [Site, !Ref Sites, {"Name&{Site}": {Value: !Ref Site}}]
"""


def test_the_model_has_what_the_loops_make() -> None:
    network = read_network(template(TEMPLATE))
    assert list(network.vpn_connections) == ["Vpnab1", "Vpnab2", "Vpnc1", "Vpnc2"]
    assert {one.name for one in network.vpn_connections.values()} == {"a.b", "c"}
    assert {one.customer_gateway_id for one in network.vpn_connections.values()} == {"Cgwab", "Cgwc"}
    assert network.customer_gateways["Cgwab"].device_name == "a.b-1"
    assert network.stack is not None
    assert network.stack.outputs == {"Nameab": "a.b", "Namec": "c"}


def test_properties_can_have_loops() -> None:
    body = parse_document('Resources: {A: {Type: T, Properties: {"Fn::ForEach::X": [X, [1, 2], {"P${X}": !Ref X}]}}}')
    assert expand_loops(body, Environment())["Resources"]["A"]["Properties"] == {"P1": "1", "P2": "2"}


def test_a_loop_over_what_is_not_known_stays_or_is_written_once() -> None:
    loop = 'Resources: {"Fn::ForEach::X": [X, !Ref L, {"P${X}": {Type: T}}]}'
    body = parse_document(f"Parameters: {{L: {{Type: CommaDelimitedList}}}}\n{loop}")
    assert set(expand_loops(body, Environment())["Resources"]) == {"Fn::ForEach::X"}
    assert set(expand_loops(body, Environment(), guess=True)["Resources"]) == {"P${X}"}
    assert set(expand_loops(body, Environment(parameters={"L": "a,b"}))["Resources"]) == {"Pa", "Pb"}


def test_a_template_without_loops_is_left_as_it_is() -> None:
    body = parse_document("Resources: {A: {Type: T}}")
    assert expand_loops(body, Environment()) is body


@pytest.mark.parametrize(
    ("loop", "message"),
    [
        ("[X, [1]]", "Fn::ForEach::X takes a variable, a collection and a mapping"),
        ("[X, [1, 2], {Same: {Type: T}}]", "'Same' is made twice"),
        ('[X, [1], {"P${X}": {Type: T}}]', "the key 'P1' appears twice"),
    ],
)
def test_a_malformed_loop(loop: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message.replace("[", r"\[")):
        expand_loops(parse_document(f'Resources: {{P1: {{Type: T}}, "Fn::ForEach::X": {loop}}}'), Environment())
