"""The names under which the app of the look-ups finds things, and what it finds there."""

from __future__ import annotations

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0b1c2d3e"
PROVIDER = "arn:aws:iam::123456789012:saml-provider/company"
PARAMETERS = {
    "active-shared-address": "10.90.0.110",
    "architecture": "arm64",
    "bandwidth": "standard",
    "cipher": "AES256-GCM-16",
    "client-ca": CERTIFICATE,
    "client-cidr": "10.70.0.0/22",
    "cloud": "10.50.0.0/16",
    "cluster-active-address": "10.90.0.101",
    "cluster-standby-address": "10.90.1.101",
    "customer-gateway-id": "cgw-0123456789abcdef0",
    "dashboard": "network",
    "device": "berlin-router",
    "directory": "d-0123456789",
    "dns": "10.90.0.2",
    "drop": "10.66.0.0/16",
    "firewall": "203.0.113.7",
    "first-inside": "169.254.10.0/30",
    "group": "engineers",
    "host-address": "10.90.2.100",
    "image-release": "2",
    "inside-version": "ipv4",
    "instance-type": "t4g.small",
    "key-storage": "Standard",
    "lab": "10.61.0.0/16",
    "outside-type": "PublicIpv4",
    "pair-active-address": "10.90.0.100",
    "pair-standby-address": "10.90.1.100",
    "partner": "10.67.0.0/16",
    "profile": "cnsa",
    "protocol": "tcp",
    "provider": PROVIDER,
    "remote": "10.0.0.0/8",
    "role-path": "/network/",
    "router": "router-1",
    "routing": "bgp",
    "second-inside": "169.254.11.0/30",
    "server-certificate": CERTIFICATE,
    "site-name": "hamburg",
    "standby-shared-address": "10.90.1.110",
    "transit-block": "10.200.0.0/24",
    "transit-gateway-id": "tgw-0123456789abcdef0",
}
"""The parameters by the last part of their name, with values that a second synthesis accepts."""
FOLDER = "/lookups/"
VPC, OTHER_VPC = "lookups-idc", "lookups-other"
VPC_CIDR, OTHER_CIDR = "10.90.0.0/16", "10.91.0.0/16"
