"""Client VPN endpoints, with the checks of EC2."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from vpn_lab.region import certificates, quotas
from vpn_lab.region.ec2.client_vpn import options as client_vpn_options
from vpn_lab.region.ec2.client_vpn import profile as client_vpn_profile
from vpn_lab.region.ec2.client_vpn.endpoint import SETTINGS, ClientVpnEndpoint
from vpn_lab.region.ec2.errors import invalid_value, refusal
from vpn_lab.region.ec2.networks.interfaces import Interfaces

REVOCATIONS = 20000


class ClientVpnEndpoints(Interfaces):
    client_vpn_endpoints: dict[str, ClientVpnEndpoint]

    def open_client_vpn_endpoint(self, request: dict[str, Any], tags: dict[str, str]) -> ClientVpnEndpoint:
        """CreateClientVpnEndpoint."""
        limit = quotas.applied(self.region_name, quotas.CLIENT_VPN_ENDPOINTS)
        if len(self.client_vpn_endpoints) >= limit:
            message = f"You may not create more than {limit} Client VPN endpoints."
            raise refusal("ClientVpnEndpointLimitExceeded", message)
        if not request.get("ClientCidrBlock"):
            raise refusal("MissingParameter", "The request must contain the parameter ClientCidrBlock.")
        client_vpn_options.check_client_cidr(request["ClientCidrBlock"])
        authentication = list(request.get("AuthenticationOptions") or [])
        client_vpn_options.check_authentication(authentication)
        endpoint = ClientVpnEndpoint(self, request["ClientCidrBlock"], authentication)
        self._set(endpoint, request)
        if endpoint.client_ca_arn is not None:
            self._certificate("clientRootCertificateChainArn", endpoint.client_ca_arn)
        self.client_vpn_endpoints[endpoint.id] = endpoint
        endpoint.add_tags(tags)
        return endpoint

    def change_client_vpn_endpoint(self, request: dict[str, Any]) -> None:
        """ModifyClientVpnEndpoint: change what the request contains, and keep the rest."""
        endpoint = self.client_vpn_endpoint(request["ClientVpnEndpointId"])
        changes = dict(request)
        if "DnsServers" in changes:
            asked = changes["DnsServers"]
            changes["DnsServers"] = asked.get("CustomDnsServers", []) if asked.get("Enabled", True) else []
        self._set(endpoint, changes)
        for association in endpoint.associations.values():
            association.interface._group_set = self._groups_of(endpoint)

    def _set(self, endpoint: ClientVpnEndpoint, request: dict[str, Any]) -> None:
        wanted = {name: request[name] for name in SETTINGS if request.get(name) is not None}
        settings = {**endpoint.settings, **wanted}
        client_vpn_options.check(settings, endpoint.authentication)
        self._certificate("serverCertificateArn", settings.get("ServerCertificateArn"))
        self._check_client_groups(settings)
        endpoint.settings = settings

    def _certificate(self, parameter: str, arn: str | None) -> certificates.Certificate:
        found = certificates.find(self.account_id, self.region_name, str(arn))
        if found is None:
            raise invalid_value(parameter, arn, "The certificate does not exist.")
        return found

    def _check_client_groups(self, settings: dict[str, Any]) -> None:
        vpc, groups = settings.get("VpcId"), settings.get("SecurityGroupIds") or []
        if groups and not vpc:
            raise refusal("MissingParameter", "VpcId is required with SecurityGroupIds.")
        if vpc:
            self.get_vpc(vpc)
        for identifier in groups:
            group = self.get_security_group_from_id(identifier)
            if group is None:
                raise refusal("InvalidGroup.NotFound", f"The security group '{identifier}' does not exist")
            if group.vpc_id != vpc:
                raise refusal("InvalidParameterValue", f"{identifier} and {vpc} belong to different networks.")

    def _groups_of(self, endpoint: ClientVpnEndpoint) -> list[Any]:
        return [self.get_security_group_from_id(one) for one in endpoint.settings.get("SecurityGroupIds") or []]

    def close_client_vpn_endpoint(self, identifier: str) -> None:
        """DeleteClientVpnEndpoint."""
        endpoint = self.client_vpn_endpoint(identifier)
        if endpoint.associations:
            raise refusal("IncorrectState", f"{identifier} has associated target networks; disassociate them first.")
        del self.client_vpn_endpoints[identifier]

    def client_vpn_endpoint(self, identifier: str) -> ClientVpnEndpoint:
        """Return an endpoint that exists."""
        if identifier not in self.client_vpn_endpoints:
            raise refusal("InvalidClientVpnEndpointId.NotFound", f"Endpoint {identifier} does not exist")
        return self.client_vpn_endpoints[identifier]

    def users_of_certificate(self, arn: str) -> list[str]:
        """The endpoints that use a certificate, which therefore cannot be deleted."""
        return [
            one.id
            for one in self.client_vpn_endpoints.values()
            if arn in (one.settings.get("ServerCertificateArn"), one.client_ca_arn)
        ]

    def client_configuration(self, identifier: str) -> str:
        """ExportClientVpnClientConfiguration."""
        endpoint = self.client_vpn_endpoint(identifier)
        server = self._certificate("serverCertificateArn", endpoint.settings["ServerCertificateArn"])
        return client_vpn_profile.exported(endpoint, server)

    def revoke_clients(self, identifier: str, pem: str) -> None:
        """ImportClientVpnClientCertificateRevocationList: replace the previous list."""
        endpoint = self.client_vpn_endpoint(identifier)
        if endpoint.client_ca_arn is None:
            raise refusal("InvalidParameterValue", f"{identifier} does not use certificate-authentication.")
        try:
            revoked = x509.load_pem_x509_crl(pem.encode())
        except ValueError:
            raise invalid_value("certificateRevocationList", "…", "It is not a valid list in PEM format.") from None
        authorities = self._certificate("clientRootCertificateChainArn", endpoint.client_ca_arn).authorities
        if not any(revoked.is_signature_valid(one.public_key()) for one in authorities):  # type: ignore[arg-type]
            rule = "It is not signed by the authority of the clients' certificates."
            raise invalid_value("certificateRevocationList", "…", rule)
        if len(revoked) > REVOCATIONS:
            raise refusal("ClientVpnCertificateRevocationListLimitExceeded", f"At most {REVOCATIONS} entries.")
        endpoint.revocation_list = pem

    def server_of_clients(self, identifier: str) -> dict[str, Any]:
        """What AWS's servers know and no API returns: the certificates, the key and the revocation list."""
        endpoint = self.client_vpn_endpoint(identifier)
        server = self._certificate("serverCertificateArn", endpoint.settings["ServerCertificateArn"])
        authorities = []
        if endpoint.client_ca_arn is not None:
            authorities = self._certificate("clientRootCertificateChainArn", endpoint.client_ca_arn).authorities
        return {
            "certificate": server.pem,
            "key": server.key_pem,
            "chain": server.chain_pem,
            "client_authority": "".join(one.public_bytes(Encoding.PEM).decode() for one in authorities),
            "revocation_list": endpoint.revocation_list,
        }

    def end_client_connections(self, identifier: str, connection: str | None, user: str | None) -> list[dict[str, Any]]:
        """TerminateClientVpnConnections: the network ends the connections at its next report."""
        endpoint = self.client_vpn_endpoint(identifier)
        chosen = [
            one
            for name, one in endpoint.connections.items()
            if one["Status"]["Code"] == "active" and (name == connection or (user and one.get("Username") == user))
        ]
        if not chosen:
            code = "InvalidClientVpnConnection.IdNotFound" if connection else "InvalidClientVpnConnection.UserNotFound"
            raise refusal(code, f"There is no active connection {connection or user} on {identifier}.")
        statuses = []
        for one in chosen:
            one["Status"] = {"Code": "terminating"}
            previous, current = {"Code": "active"}, {"Code": "terminating"}
            statuses.append({"ConnectionId": one["ConnectionId"], "PreviousStatus": previous, "CurrentStatus": current})
        return statuses
