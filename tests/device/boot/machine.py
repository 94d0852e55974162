"""A machine to boot the user-data on: its script runs unmodified, in a mount namespace of its own.

``/etc``, ``/run``, ``/opt`` and ``/usr/local/bin`` are folders of the test. The programs that would change a machine
or call AWS are stubs that write down how they were called; the others are this host's own, called through a stub that
writes that down too, so that a secret on any command line would be seen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from cdk_aws_vpn.device.configuration import render_user_data
from tests.device.shapes import SHAPES, boot_script

CANARY = {1: "canary.Tunnel1.x7Qp3", 2: "canary_Tunnel2_k9Zw4"}

# how each stub answers; $state is a folder through which a test says what goes wrong
STUBS = {
    "sleep": 'echo $(($(/usr/bin/cat "$state/slept" 2>/dev/null || echo 0) + $1)) >"$state/slept"',
    "logger": "exit 0",
    "chown": "exit 0",
    "modprobe": "fails module && exit 1 || exit 0",
    "ip": 'echo "default via 10.60.0.1 dev ens5 proto dhcp src 10.60.0.100 metric 512"',
    "rpm": 'shift 2; for package; do [ -e "$state/installed/$package" ] || exit 1; done',
    "dnf": """
        fails lock && exec /usr/bin/sleep 60
        fails packages && { echo "Error: Failed to download metadata for repo 'amazonlinux'" >&2; exit 1; }
        shift 3
        for package; do : >"$state/installed/$package"; done
        """,
    "curl": """
        case "$*" in
        *169.254.169.254*) fails metadata && exit 28 || exit 0 ;;
        *) fails signal && exit 22; printf '%s\\n' "$*" >>"$state/signals" ;;
        esac
        """,
    "aws": """
        case "$1 $2" in
        "secretsmanager get-secret-value")
            fails credentials && { echo "Unable to locate credentials" >&2; exit 253; }
            fails api && { echo "Could not connect to the endpoint URL" >&2; exit 255; }
            case "$4" in *tunnel1*) cat "$state/secret1" ;; *) cat "$state/secret2" ;; esac
            ;;
        "s3 cp")
            fails s3 && { echo "fatal error: Could not connect" >&2; exit 1; }
            cp "$state/device.zip" "$5"
            ;;
        *) echo "unexpected call: $*" >&2; exit 2 ;;
        esac
        """,
    "systemctl": """
        quiet=; [ "$1" != -q ] || { quiet="-q "; shift; }
        verb=$1; shift
        [ $# != 0 ] || set -- ""
        broken=$(/usr/bin/cat "$state/broken-service" 2>/dev/null)
        code=0
        for unit; do
            printf '%s\\n' "$quiet$verb${unit:+ $unit}" >>"$state/systemctl"
            case "$verb $unit" in
                "start $broken" | "restart $broken" | "try-restart $broken" | "is-active $broken") code=1 ;;
            esac
        done
        exit $code
        """,
    "ipsec": """
        fails pluto && exec /usr/bin/sleep 60
        fails tunnels && exit 0
        echo '006 #2: "tunnel1", type=ESP, add_time=1, inBytes=0, outBytes=0, maxBytes=2^63B, id=...'
        """,
}
OBSERVED = ("cat", "chmod", "cmp", "grep", "mkdir", "mktemp", "mv", "rm", "sed", "tee")

PRELUDE = """\
#!/bin/bash
state={state}
printf '%q ' "${{0##*/}}" "$@" >>"$state/calls"; echo >>"$state/calls"
fails() {{ # fail as often as the test asked for, or until the boot has slept as long as the outage lasts
    local left
    left=$(/usr/bin/cat "$state/away-$1" 2>/dev/null || echo 0)
    [ "$left" -le "$(/usr/bin/cat "$state/slept" 2>/dev/null || echo 0)" ] || return 0
    left=$(/usr/bin/cat "$state/fail-$1" 2>/dev/null || echo 0)
    [ "$left" -gt 0 ] || return 1
    echo $((left - 1)) >"$state/fail-$1"
}}
"""

# shows the test's folders instead of the host's; links to everything else that the host has there, read-only
ENTER = """\
set -e
for place in etc run opt usr/local/bin; do
    mount --rbind "/$place" "$ROOT/host/$place"
    mount -o remount,bind,ro "$ROOT/host/$place"
    mount --bind "$ROOT/$place" "/$place"
done
exec /bin/bash "$@"
"""
HIDDEN = ("etc", "opt", "usr/local/bin")

OWN_FOLDERS = (
    "etc/systemd/system",
    "etc/sysctl.d",
    "etc/ipsec.d",
    "etc/frr",
    "etc/keepalived",
    "etc/cgw",
    "opt/cgw",
    "run",
    "usr/local/bin",
    "state/installed",
    "stubs",
)


@dataclass
class Boot:
    """How one boot ended."""

    exit_code: int
    output: str
    calls: list[str]
    services: list[str]
    steps: list[str]
    signals: list[str]


@dataclass
class Machine:
    """A machine that can be booted again and again."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in OWN_FOLDERS:
            (self.root / folder).mkdir(parents=True)
        (self.root / "host/run").mkdir(parents=True)
        for place in HIDDEN:
            (self.root / "host" / place).mkdir(parents=True)
            for entry in Path("/", place).iterdir():
                link = self.root / place / entry.name
                if not link.exists():
                    link.symlink_to(self.root / "host" / place / entry.name)
        for number, secret in CANARY.items():
            (self.state / f"secret{number}").write_text(secret + "\n")
        for name, body in STUBS.items():
            self._stub(name, textwrap.dedent(body))
        for name in OBSERVED:
            self._stub(name, f'exec {shutil.which(name)} "$@"')
        self._stub("python3", f'exec {sys.executable} "$@"')

    @property
    def state(self) -> Path:
        return self.root / "state"

    def fail(self, what: str, times: int = 1000) -> None:
        """Let something fail the next so many times."""
        (self.state / f"fail-{what}").write_text(str(times))

    def away(self, what: str, seconds: int) -> None:
        """Let something fail until the boot has waited for so long."""
        (self.state / f"away-{what}").write_text(str(seconds))

    def boot(self, script: str) -> Boot:
        """Run the boot script as cloud-init does, as root, and return how it ended."""
        for log in ("calls", "systemctl", "signals"):
            (self.state / log).write_text("")
        path = self.root / "cgw-boot"
        path.write_text(script)
        own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        able = subprocess.run([*own, "true"], capture_output=True, text=True, check=False)
        assert able.returncode == 0, (
            f"booting needs a mount namespace (CAP_SYS_ADMIN, or unprivileged user namespaces): {able.stderr}"
        )
        ended = subprocess.run(
            [*own, "/bin/bash", "-c", ENTER, "enter", path],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
            env={
                "PATH": f"{self.root}/stubs:/usr/sbin:/usr/bin:/sbin:/bin",
                "ROOT": str(self.root),
                **self.environment,
            },
        )
        status = self.root / "run/cgw/boot"
        return Boot(
            exit_code=ended.returncode,
            output=ended.stdout,
            calls=(self.state / "calls").read_text().splitlines(),
            services=(self.state / "systemctl").read_text().splitlines(),
            steps=[line.split(" ", 1)[1] for line in status.read_text().splitlines()] if status.exists() else [],
            signals=(self.state / "signals").read_text().splitlines(),
        )

    def text_everywhere(self, boot: Boot) -> dict[str, str]:
        """Everything a boot has left behind or said, by where it is."""
        skipped = ("host", "stubs", "state/secret1", "state/secret2")
        found = {"output": boot.output}
        for path in self.root.rglob("*"):
            name = str(path.relative_to(self.root))
            if not name.startswith(skipped) and not path.is_symlink() and path.is_file():
                found[name] = path.read_text(errors="replace")
        return found

    def _stub(self, name: str, body: str) -> None:
        path = self.root / "stubs" / name
        path.write_text(PRELUDE.format(state=self.state) + body + "\n")
        path.chmod(0o755)


def script(shape: str = "dual-bgp-active") -> str:
    """The boot script of a scenario's device."""
    return boot_script(render_user_data(SHAPES[shape]()))
