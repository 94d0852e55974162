"""Commands of the customer gateway device."""

from __future__ import annotations

import argparse
import pkgutil
import sys

EXAMPLES = """examples:
  cgw-status            show what works and what does not
  cgw-status --json     the same as JSON, for programs
  cgw drain             before a reboot: hand the work over to the partner
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; the name under which it was called may come first."""
    if arguments[:1] == ["cgw"]:
        arguments = arguments[1:]
    elif arguments[:1] == ["cgw-status"]:
        arguments = ["status", *arguments[1:]]
    options = _parser().parse_args(arguments)
    if options.command == "unit":
        sys.stdout.buffer.write(pkgutil.get_data("cgw_device", f"{options.name}.service") or b"")
        return 0
    # ruff: disable[PLC0415] from a zip every module is compiled at each start, and an operator or the boot waits for it
    from cgw_device.settings import Settings

    settings = Settings.load()
    if options.command == "monitor":
        from cgw_device import monitor

        return monitor.run(settings)
    if options.command == "metrics":
        from cgw_device import metrics

        return metrics.run(settings)
    if options.command in ("drain", "undrain"):
        from cgw_device import drain

        return drain.run(settings, drained=options.command == "drain")
    from cgw_device import status

    return status.run(settings, as_json=options.json)
    # ruff: enable[PLC0415]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cgw", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser(
        "status",
        help="show boot steps, services, tunnels, BGP and VRRP",
        description="Exit code: 0 healthy, 1 something on this device is down, 3 only its partner is down.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    show.add_argument("--json", action="store_true", help="print JSON")
    commands.add_parser("drain", help="hand the work over to the partner; a reboot ends the drain")
    commands.add_parser("undrain", help="end a drain: be ready to take over again")
    commands.add_parser("monitor", help="probe the tunnels and avoid dead ones (started by systemd)")
    commands.add_parser("metrics", help="publish the metrics of the device once per minute (started by systemd)")
    unit = commands.add_parser("unit", help="print a systemd unit (used at boot)")
    unit.add_argument("name", nargs="?", choices=["cgw-monitor", "cgw-metrics"], default="cgw-monitor")
    return parser
