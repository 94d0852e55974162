#!/bin/bash
# Provides the programs of the customer gateway device (libreswan, FRR, keepalived, nftables, systemd) and shellcheck, to
# check the device's files. Installs nothing and needs no root: see scripts/unpacked-packages.sh.
#
# Usage: scripts/device-programs.sh [--refresh]     (--refresh checks for newer versions)
# Prints the folder that contains the programs; progress goes to standard error. A second call is instant.
set -euo pipefail
# shellcheck source=scripts/unpacked-packages.sh
. "$(dirname "$0")/unpacked-packages.sh"

NAME=device-programs
NEEDS='apt-get is missing; the device checks need Debian 12 or 13, or Ubuntu 22.04 or 24.04'
PACKAGES=(libreswan frr keepalived nftables iproute2 systemd shellcheck)
MISSING="the distribution does not have all of these packages: ${PACKAGES[*]}"
LIBRARIES=(frr systemd)
# the programs that checks run: name, and path in the packages
PROGRAMS=(
	addconn:usr/libexec/ipsec/addconn
	algparse:usr/libexec/ipsec/algparse
	vtysh:usr/bin/vtysh
	bgpd:usr/lib/frr/bgpd
	zebra:usr/lib/frr/zebra
	keepalived:usr/sbin/keepalived
	nft:usr/sbin/nft
	ip:bin/ip
	systemd-analyze:usr/bin/systemd-analyze
	shellcheck:usr/bin/shellcheck
)

unpacked_packages "$@"
