"""The device's firewall with real packets: nothing leaves for AWS unencrypted, and TCP segments fit the tunnel.

The network has a device, a host behind it, and hosts on the other side, reached through its uplink or through
``ipsec1``, which is a plain link here: the firewall's rules only use the interface's name.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdk_aws_vpn.device.configuration import render_files
from tests.device.shapes import SHAPES

SETUP = """\
set -e
mount -t tmpfs tmpfs /run
for node in device host far; do ip netns add $node; ip -n $node link set lo up; done
link() { # node name address other-node other-name other-address
    ip -n "$1" link add "$2" type veth peer name "$5" netns "$4"
    ip -n "$1" address add "$3" dev "$2"; ip -n "$1" link set "$2" up
    ip -n "$4" address add "$6" dev "$5"; ip -n "$4" link set "$5" up
}
link device lan 10.60.0.100/24 host eth0 10.60.0.5/24
link device ens5 198.51.100.10/24 far outside 198.51.100.1/24
link device ipsec1 169.254.11.2/30 far tunnel 169.254.11.1/30
ip -n host route add default via 10.60.0.100
ip -n device route add default via 198.51.100.1
ip -n far address add 10.50.0.1/16 dev lo
ip -n far address add 192.0.2.1/32 dev lo
ip -n far route add 10.60.0.0/16 via 198.51.100.10
for node in device far; do
    ip netns exec $node bash -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
        for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >"$f"; done'
done
tunnel_up() {
    ip -n device route add 10.50.0.0/16 via 169.254.11.1 dev ipsec1
    ip -n far route replace 10.60.0.0/16 via 169.254.11.2 dev tunnel
}
reaches() { # node address
    ip netns exec "$1" "$PYTHON" "$TALK" "$2" && echo "$1 reaches $2" || echo "$1 does not reach $2"
}
firewall() { ip netns exec device nft -f "$FIREWALL"; }
ip netns exec far "$PYTHON" "$TALK" serve & server=$!
trap 'kill $server' EXIT
"""

# A TCP client that prints the segment size it was allowed, and the server it talks to.
TALK = """\
import socket, sys
if sys.argv[1] == "serve":
    server = socket.socket()
    server.bind(("0.0.0.0", 7))
    server.listen()
    while True:
        connection, _ = server.accept()
        connection.sendall(b"%d" % connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG))
        connection.close()
client = None
for attempt in range(20):
    try:
        client = socket.create_connection((sys.argv[1], 7), timeout=1.5)
        break
    except ConnectionRefusedError:
        import time; time.sleep(0.1)
    except OSError:
        sys.exit(1)
print("far side sends at most", client.recv(16).decode(), flush=True)
"""


def played(folder: Path, programs: Path, scene: str, *, shape: str = "dual-tunnel") -> list[str]:
    """Play a scene and return what it printed."""
    (folder / "talk.py").write_text(TALK)
    (folder / "firewall.nft").write_text(render_files(SHAPES[shape]("cnsa"))["/etc/cgw/firewall.nft"])
    own = ["unshare", "--mount", "--net"] + ["--map-root-user"] * (os.geteuid() != 0)
    ended = subprocess.run(
        [*own, "bash", "-c", SETUP + scene],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
        env={
            "PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHON": sys.executable,
            "TALK": str(folder / "talk.py"),
            "FIREWALL": str(folder / "firewall.nft"),
        },
    )
    assert ended.returncode == 0, f"network namespaces, veth and nftables are needed: {ended.stdout}"
    return ended.stdout.splitlines()


def test_nothing_for_aws_leaves_in_clear_while_the_tunnels_are_down(tmp_path: Path, programs: Path) -> None:
    lines = played(
        tmp_path,
        programs,
        "reaches host 10.50.0.1; reaches device 10.50.0.1; firewall; reaches host 10.50.0.1; reaches device 10.50.0.1",
    )
    verdicts = [line for line in lines if "reach" in line]
    assert verdicts == [
        "host reaches 10.50.0.1",
        "device reaches 10.50.0.1",
        "host does not reach 10.50.0.1",
        "device does not reach 10.50.0.1",
    ]


def test_the_tunnel_and_the_rest_of_the_world_stay_reachable(tmp_path: Path, programs: Path) -> None:
    lines = played(tmp_path, programs, "firewall; tunnel_up; reaches host 10.50.0.1; reaches device 192.0.2.1")
    assert [line for line in lines if "reach" in line] == ["host reaches 10.50.0.1", "device reaches 192.0.2.1"]


def test_what_claims_to_come_from_aws_is_not_taken_in_clear(tmp_path: Path, programs: Path) -> None:
    # the way there is the tunnel, the way back is the uplink
    scene = "firewall; tunnel_up; ip -n far route replace 10.60.0.0/16 via 198.51.100.10; reaches host 10.50.0.1"
    assert "host does not reach 10.50.0.1" in played(tmp_path, programs, scene)


def test_segments_are_clamped_to_what_fits_the_tunnel(tmp_path: Path, programs: Path) -> None:
    lines = played(tmp_path, programs, "tunnel_up; reaches host 10.50.0.1; firewall; reaches host 10.50.0.1")
    sizes = [int(line.split()[-1]) for line in lines if line.startswith("far side")]
    # 12 bytes of each segment are the timestamp option
    assert sizes == [1460 - 12, 1398 - 12]


@pytest.mark.parametrize("times", [1, 2])
def test_loading_the_firewall_again_replaces_it(tmp_path: Path, programs: Path, times: int) -> None:
    scene = "firewall; " * times + "ip netns exec device nft list ruleset | grep -c 'chain forward'"
    assert played(tmp_path, programs, scene)[-1] == "1"
