"""Instances, network interfaces and Elastic IP addresses."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_model.unknown import Flag, Text


@dataclass(frozen=True)
class InterfaceAddress:
    """A private IPv4 address of an interface."""

    private: Text
    """Unknown if a template leaves the choice to AWS."""
    public: Text | None = None
    """The public address that the Internet gateway translates it to; None if there is none."""
    allocation_id: str | None = None
    """The Elastic IP that the public address is; None for one that AWS gave at launch, and without one."""


@dataclass(frozen=True)
class Interface:
    id: str
    """From a template, an interface that comes with an instance has the id ``Instance.NetworkInterfaces.0``."""
    name: str
    vpc_id: str
    subnet_id: str
    addresses: tuple[InterfaceAddress, ...]
    """The primary one first."""
    group_ids: tuple[str, ...]
    source_dest_check: Flag = True
    instance_id: str | None = None
    """The instance that it is attached to."""
    device_index: int = 0
    """The position at its instance, from 0."""
    description: str = ""
    ipv6_addresses: tuple[Text, ...] = ()
    kind: str = "interface"
    """The interface's type in AWS's words: ``interface``, ``nat_gateway``, ``transit_gateway``, ..."""
    is_managed: bool = False
    """Whether a service of AWS made it, such as for a transit gateway's attachment."""

    @property
    def primary_address(self) -> Text:
        return self.addresses[0].private


@dataclass(frozen=True)
class Instance:
    """An EC2 instance that is not terminated. Its user data is no part of the model."""

    id: str
    name: str
    state: str
    """``pending``, ``running``, ``stopping`` or ``stopped``; ``planned`` from a template."""
    instance_type: Text
    image_id: Text
    zone: Text
    instance_profile: str | None = None
    """The name of the instance profile; from a template its logical id."""
    detailed_monitoring: Flag = False

    @property
    def is_running(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True)
class ElasticIp:
    """An Elastic IP address."""

    id: str
    """The allocation id."""
    name: str
    address: Text
    """Unknown from a template, such as ``${Address.PublicIp}``. A customer gateway that refers to it has the same."""
    interface_id: str | None = None
    instance_id: str | None = None
    private_address: Text | None = None
    """The private address that it stands for."""
