"""Where a customer gateway device meets the internet: its Elastic IP, its interface and its security group."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.device.security_group import CgwSecurityGroup
from cdk_aws_vpn.foundation.names import as_description, name_in_region, name_tag
from cdk_aws_vpn.foundation.private_addresses import claim_address
from cdk_aws_vpn.foundation.subnets import subnet_cidr


class CgwUplink(Construct):
    """The interface of one device. It is a resource of its own, so that routes to it and its address outlive a restart.

    Args:
        scope: The device.
        construct_id: Its id there.
        vpc: The VPC.
        subnet: A subnet with a route to an internet gateway.
        local_prefixes: Networks behind the device.
        private_address: Address in the subnet. Default: chosen by AWS.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnet: ec2.ISubnet,
        local_prefixes: Sequence[str],
        private_address: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        claim_address(scope, "private_address", subnet, private_address)
        self.subnet = subnet
        """The subnet."""
        self.subnet_cidr = subnet_cidr(subnet)
        """Block of the subnet; None when it is not known at synth."""
        name = name_tag(scope)
        self.security_group = CgwSecurityGroup(self, "Group", vpc=vpc, local_prefixes=local_prefixes)
        elastic_ip = ec2.CfnEIP(self, "Address", domain="vpc", tags=[name])
        self.address: str = elastic_ip.attr_public_ip
        """The Elastic IP."""
        self._interface = ec2.CfnNetworkInterface(
            self,
            "Interface",
            subnet_id=subnet.subnet_id,
            description=as_description(f"{name_in_region(scope)}: uplink"),
            private_ip_address=private_address,
            group_set=[self.security_group.security_group_id],
            source_dest_check=False,
            tags=[name],
        )
        self.network_interface_id: str = self._interface.ref
        """Id of the interface, ``eni-…``."""
        self.private_address: str = private_address or self._interface.attr_primary_private_ip_address
        """Private address that the Elastic IP maps to."""
        self.association = ec2.CfnEIPAssociation(
            self,
            "AddressAssociation",
            allocation_id=elastic_ip.attr_allocation_id,
            network_interface_id=self.network_interface_id,
            private_ip_address=self.private_address,
        )
        """Once it is there, the device has a way out."""
        self._way_out = subnet.internet_connectivity_established
        self.association.node.add_dependency(self._way_out)

    def add_shared_address(self, private_address: str, elastic_ip: ec2.CfnEIP) -> None:
        """Give the interface a second private address that ``elastic_ip`` can move to.

        The device associates the address itself, so CloudFormation does not know of it. The interface is therefore
        deleted before the Elastic IP, which AWS does not release while it is associated, and before the route to the
        internet gateway, which AWS does not detach from a VPC with a mapped public address.
        """
        claim_address(self, "shared_address", self.subnet, private_address)
        self._interface.private_ip_addresses = [
            ec2.CfnNetworkInterface.PrivateIpAddressSpecificationProperty(primary=primary, private_ip_address=address)
            for primary, address in ((True, self.private_address), (False, private_address))
        ]
        self._interface.private_ip_address = None
        self._interface.add_resource_dependency(elastic_ip)
        self._interface.node.add_dependency(self._way_out)
