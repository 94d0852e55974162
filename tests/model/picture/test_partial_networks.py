"""Pictures of networks of which only a part is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.picture import parsed
from tests.model.picture.networks import device, two_devices
from vpn_model.hosts import ElasticIp
from vpn_model.picture.drawing import draw
from vpn_model.transit import TransitAttachment, TransitGateway


def test_a_public_address_without_a_box_is_at_its_instance() -> None:
    network, _ = two_devices()
    instance, interface = device("web", "subnet-4", "vpc-cloud", "10.50.0.9")
    (private,) = interface.addresses
    held = replace(interface, addresses=(replace(private, public="192.0.2.7", allocation_id="eipalloc-9"),))
    address = ElasticIp("eipalloc-9", "", "192.0.2.7", held.id, "web")
    svg = draw(
        replace(
            network,
            instances={**network.instances, "web": instance},
            interfaces={**network.interfaces, held.id: held},
            elastic_ips={**network.elastic_ips, address.id: address},
        )
    )
    assert "public 192.0.2.7" in parsed.words(svg)
    assert svg.count('id="vpn-eipalloc-9"') == 1


def test_a_subnet_of_another_stack_is_in_the_vpc_that_an_attachment_names() -> None:
    network, _ = two_devices()
    instance, interface = device("web", "subnet-x", "${subnet-x.VpcId}", "10.9.0.9")
    attachment = TransitAttachment("at-x", "", "vpc", "vpc-x", None, ("subnet-x",))
    svg = draw(
        replace(
            network,
            instances={**network.instances, "web": instance},
            interfaces={**network.interfaces, interface.id: interface},
            transit_gateways={"tgw-1": TransitGateway("tgw-1", "", attachments=(attachment,))},
        )
    )
    found = parsed.boxes(svg)["vpn-vpc-x"]
    assert "vpn-vpc" in parsed.classes(found), "it is attached, so it is no site"
    assert {one.attrib.get("id") for one in found.iter()} >= {"vpn-subnet-x", "vpn-web"}


def test_an_address_of_which_nothing_is_known_stands_at_a_device_and_stays_there() -> None:
    network, _ = two_devices()
    address = replace(network.elastic_ips["eipalloc-1"], name="")
    moved = replace(address, instance_id="cgw-2", interface_id="eni-cgw-2")
    before, after = (parsed.places(draw(replace(network, elastic_ips={address.id: one}))) for one in (address, moved))
    assert before == after
    place, device_place = before["vpn-eipalloc-1"], before["vpn-cgw-1"]
    assert place.y + place.height / 2 == pytest.approx(device_place.y + device_place.height / 2, abs=0.2)
