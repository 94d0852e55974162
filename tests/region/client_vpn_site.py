"""A VPC with two zones and an imported certificate, for the tests of Client VPN."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from vpn_ops.client_vpn import authority

CLIENTS = "10.70.0.0/22"


class ClientSite:
    """What an endpoint needs; everything is created when it is first used, and deleted at the end."""

    def __init__(self, ec2: Any, acm: Any) -> None:
        self.ec2, self.acm = ec2, acm
        self.authority = authority.authority("a test")
        self.server = authority.server(self.authority)
        self._subnets: list[str] = []
        self._endpoints: list[str] = []

    def import_certificate(self, **changes: bytes) -> str:
        """Import the server's certificate, or something that differs from it."""
        request = {
            "Certificate": authority.certificate_pem(self.server.certificate),
            "PrivateKey": authority.key_pem(self.server.key),
            "CertificateChain": authority.certificate_pem(self.authority.certificate),
        }
        return str(self.acm.import_certificate(**{**request, **changes})["CertificateArn"])

    @cached_property
    def certificate(self) -> str:
        return self.import_certificate()

    @cached_property
    def vpc(self) -> str:
        return str(self.ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"])

    def subnet(self, cidr: str, zone: str) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}")
        self._subnets.append(made["Subnet"]["SubnetId"])
        return self._subnets[-1]

    def endpoint(self, **changes: Any) -> str:
        """Make an endpoint with mutual TLS."""
        mutual = {"ClientRootCertificateChainArn": changes.get("ServerCertificateArn", self.certificate)}
        request = {
            "ClientCidrBlock": CLIENTS,
            "ServerCertificateArn": self.certificate,
            "AuthenticationOptions": [{"Type": "certificate-authentication", "MutualAuthentication": mutual}],
            "ConnectionLogOptions": {"Enabled": False},
        }
        made = self.ec2.create_client_vpn_endpoint(**{**request, **changes})
        self._endpoints.append(made["ClientVpnEndpointId"])
        return self._endpoints[-1]

    def associated(self) -> tuple[str, str]:
        """Make an endpoint with one association; return it and the subnet."""
        endpoint, subnet = self.endpoint(), self.subnet("10.50.1.0/24", "a")
        self.ec2.associate_client_vpn_target_network(ClientVpnEndpointId=endpoint, SubnetId=subnet)
        return endpoint, subnet

    def revocation_list(self) -> str:
        return authority.revocation_list(self.authority, {}).public_bytes(Encoding.PEM).decode()

    def remove(self) -> None:
        """Remove everything."""
        for endpoint in self._endpoints:
            identifier = {"ClientVpnEndpointId": endpoint}
            networks = self.ec2.describe_client_vpn_target_networks(**identifier)["ClientVpnTargetNetworks"]
            for one in networks:
                self.ec2.disassociate_client_vpn_target_network(**identifier, AssociationId=one["AssociationId"])
            self.ec2.delete_client_vpn_endpoint(**identifier)
        for subnet in self._subnets:
            self.ec2.delete_subnet(SubnetId=subnet)
        if "vpc" in self.__dict__:
            self.ec2.delete_vpc(VpcId=self.vpc)
        for one in self.acm.list_certificates()["CertificateSummaryList"]:
            self.acm.delete_certificate(CertificateArn=one["CertificateArn"])
