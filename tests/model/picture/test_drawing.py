"""Pictures are well-formed, readable with any font, and do not jump."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import pytest

from tests.model.picture import parsed
from tests.model.picture.fonts import Widths, dejavu, helvetica
from tests.model.picture.networks import HOSTILE, stress, two_devices, with_status
from vpn_model.gateways import CustomerGateway
from vpn_model.network import Network
from vpn_model.picture.drawing import draw
from vpn_model.picture.text import clean
from vpn_model.transit import TransitAttachment
from vpn_model.unknown import Unknown
from vpn_model.vpc import Vpc

PICTURES = {"two devices": draw(*two_devices()), "stress": draw(stress()), "empty": draw(Network(Unknown("${Region}")))}
T = TypeVar("T")
ID = re.compile(r"vpn-[A-Za-z0-9._-]+")


@pytest.fixture(params=PICTURES)
def svg(request: pytest.FixtureRequest) -> str:
    return PICTURES[request.param]


def test_a_picture_is_xml_with_ids_that_are_there_once(svg: str) -> None:
    ids = Counter(one.attrib["id"] for one in parsed.parse(svg).iter() if "id" in one.attrib)
    assert ids
    assert [name for name, count in ids.items() if count > 1 or not ID.fullmatch(name)] == []


def test_nothing_of_the_network_becomes_markup() -> None:
    tags = {one.tag.removeprefix(parsed.SVG) for one in parsed.parse(PICTURES["stress"]).iter()}
    assert tags == {"svg", "title", "desc", "style", "g", "rect", "path", "circle", "text"}
    titles = {one.text for one in parsed.parse(PICTURES["stress"]).iter(f"{parsed.SVG}title")}
    assert f"VPC {clean(HOSTILE)}" in titles


@pytest.mark.parametrize("font", [dejavu, helvetica])
def test_every_text_is_inside_of_its_box(svg: str, font: Widths) -> None:
    for box, text in parsed.texts(svg):
        is_bold = "vpn-title-text" in parsed.classes(text)
        sizes = [float(text.attrib["font-size"])]
        if is_bold:
            sizes.append(float(re.findall(r"--small:([0-9.]+)px", text.attrib["style"])[0]))
        widths = [font(one, is_bold) for one in text.text or ""]
        length = float(text.attrib.get("textLength", 0))
        # what the font does not have is drawn with another one, and for that there is the length
        assert length or None not in widths or font is helvetica
        for size in sizes:
            end = float(text.attrib["x"]) + (length or size * sum(one or 0 for one in widths))
            assert box.x < float(text.attrib["x"]) <= end <= box.x + box.width, text.text
        assert box.y + sizes[0] / 2 < float(text.attrib["y"]) < box.y + box.height, text.text


def test_boxes_are_inside_of_their_box_and_beside_each_other(svg: str) -> None:
    for group in parsed.boxes(svg).values():
        outer = parsed.rect_of(group)
        inner = [parsed.rect_of(one) for one in group.findall(f"{parsed.SVG}g") if "vpn-box" in parsed.classes(one)]
        for above, below in pairwise(inner):
            assert above.y + above.height < below.y
        for one in inner:
            assert outer.x < one.x < one.x + one.width < outer.x + outer.width
            assert outer.y < one.y < one.y + one.height < outer.y + outer.height


def test_every_box_and_every_line_has_a_name() -> None:
    for group in parsed.parse(PICTURES["two devices"]).iter(f"{parsed.SVG}g"):
        if {"vpn-box", "vpn-line"} & set(parsed.classes(group)) and "id" in group.attrib:
            title = group.find(f"{parsed.SVG}title")
            assert title is not None
            assert title.text


def test_a_tunnel_that_changes_its_state_changes_its_look_and_moves_nothing() -> None:
    network, devices = two_devices()
    up, down = (draw(with_status(network, "vpn-1", *one), devices) for one in (("UP", "UP"), ("DOWN", None)))
    assert parsed.places(up) == parsed.places(down)
    assert "vpn-up" in parsed.classes(parsed.line(up, "vpn-1", "1"))
    assert "vpn-down" in parsed.classes(parsed.line(down, "vpn-1", "1"))
    assert "vpn-down" in parsed.classes(parsed.boxes(down)["vpn-vpn-1__tunnel1"])


def test_a_tunnel_without_a_device_is_unused_and_not_down() -> None:
    network, devices = two_devices()
    line = parsed.line(draw(network, devices), "vpn-1", "2")
    assert "vpn-unused" in parsed.classes(line)
    assert "vpn-down" in parsed.classes(parsed.line(draw(network), "vpn-1", "2")), (
        "nobody knows that there is no device"
    )


def test_a_takeover_moves_lines_and_no_box() -> None:
    network, devices = two_devices()
    address, table = network.elastic_ips["eipalloc-1"], network.route_tables["rtb-1"]
    moved = replace(address, instance_id="cgw-2", interface_id="eni-cgw-2")
    (route,) = table.routes
    routed = replace(table, routes=(replace(route, target_id="eni-cgw-2"),))
    after = replace(network, elastic_ips={moved.id: moved}, route_tables={**network.route_tables, routed.id: routed})
    free = replace(network, elastic_ips={moved.id: replace(address, instance_id=None, interface_id=None)})
    first, second, third = (draw(one, devices) for one in (network, after, free))
    assert parsed.places(first) == parsed.places(second) == parsed.places(third)
    assert "vpn-held" in parsed.classes(parsed.line(first, "cgw-1", "eipalloc-1"))
    assert "vpn-may-move" in parsed.classes(parsed.line(second, "cgw-1", "eipalloc-1"))
    assert "vpn-held" in parsed.classes(parsed.line(second, "cgw-2", "eipalloc-1"))
    assert "10.50.0.0/16 via cgw-2" in parsed.words(second)


def test_routes_that_are_no_longer_learned_move_nothing() -> None:
    network, devices = two_devices()
    table = replace(network.route_tables["rtb-2"], routes=())
    after = replace(network, route_tables={**network.route_tables, "rtb-2": table})
    assert parsed.places(draw(network, devices)) == parsed.places(draw(after, devices))


def test_what_is_new_in_one_lane_moves_nothing_in_another_one() -> None:
    network, devices = two_devices()
    before = parsed.places(draw(network, devices))
    more = replace(
        network,
        vpcs={**network.vpcs, "vpc-a": Vpc("vpc-a", "A", ("10.0.0.0/16",))},
        vpn_connections={
            **network.vpn_connections,
            "vpn-0": replace(network.vpn_connections["vpn-1"], id="vpn-0", name="A"),
        },
    )
    after = parsed.places(draw(more, devices))
    site = [one for one, rect in before.items() if rect.x < before["vpn-vpn-1"].x]
    assert site
    assert {one: after[one] for one in site} == {one: before[one] for one in site}
    device = replace(
        network, customer_gateways={**network.customer_gateways, "cgw-0": CustomerGateway("cgw-0", "", "192.0.2.1")}
    )
    after = parsed.places(draw(device, devices))
    assert after.keys() - before.keys() == {"vpn-cgw-0"}
    assert {one: after[one] for one in before} == before


def test_the_order_in_which_things_were_read_does_not_matter() -> None:
    network = stress()
    backwards = replace(
        network,
        vpcs=_reversed(network.vpcs),
        subnets=_reversed(network.subnets),
        customer_gateways=_reversed(network.customer_gateways),
        vpn_connections=_reversed(network.vpn_connections),
    )
    assert parsed.places(draw(network)) == parsed.places(draw(backwards))


def _reversed(things: Mapping[str, T]) -> dict[str, T]:
    return dict(reversed(list(things.items())))


def test_what_is_not_drawn_and_what_was_not_read_is_said() -> None:
    said = parsed.words(PICTURES["stress"])
    assert "Not drawn: EC2::VPCPeeringConnection" in said
    assert "Not read: ec2:DescribeInternetGateways (UnauthorizedOperation)" in said
    assert "tgw-of/another account gateway, not read" in said


@pytest.mark.parametrize(
    "identifier",
    [
        *("vpc-site", "subnet-1", "cgw-1", "eipalloc-1", "igw-1", "vgw-1", "vpn-1", "vpn-1__tunnel1", "cgw-id-1"),
        *("vpc-cloud", "__line__vpn-1__1", "__line__cgw-1__cgw-2"),
    ],
)
def test_a_report_can_link_to_an_element(identifier: str) -> None:
    assert f'id="vpn-{identifier}"' in PICTURES["two devices"]


def test_an_instance_that_is_stopped_says_so_and_moves_nothing() -> None:
    network, devices = two_devices()
    stopped = replace(network.instances["cgw-1"], state="stopped")
    after = draw(replace(network, instances={**network.instances, "cgw-1": stopped}), devices)
    assert parsed.places(after) == parsed.places(draw(network, devices))
    assert "stopped \u00b7 10.60.0.100" in parsed.words(after)
    assert "vpn-stopped" in parsed.classes(parsed.boxes(after)["vpn-cgw-1"])


def test_what_exists_only_under_a_condition_looks_different() -> None:
    network, devices = two_devices()
    svg = draw(replace(network, uncertain_ids=("vpn-1",)), devices)
    assert "vpn-uncertain" in parsed.classes(parsed.boxes(svg)["vpn-vpn-1"])
    assert "vpn-uncertain" not in parsed.classes(parsed.boxes(svg)["vpn-vpc-site"])


def test_attachments_to_which_no_line_leads_are_named() -> None:
    network = stress(1, 1)
    gateway = network.transit_gateways["tgw-1"]
    more = (
        TransitAttachment("at-x", "", "direct-connect-gateway", "dxgw-1", None),
        TransitAttachment("at-y", "", "vpn", "vpn-of-another-stack", None),
    )
    after = replace(gateway, attachments=(*gateway.attachments, *more))
    words = parsed.words(draw(replace(network, transit_gateways={"tgw-1": after})))
    assert "direct connect gateway dxgw-1" in words
    assert "vpn vpn-of-another-stack" in words


def test_pictures_of_one_page_can_have_different_ids() -> None:
    network, devices = two_devices()
    first, second = (
        {one.attrib["id"] for one in parsed.parse(svg).iter() if "id" in one.attrib}
        for svg in (draw(network, devices, id_prefix="a-"), draw(network, devices, id_prefix="b-"))
    )
    assert not first & second
