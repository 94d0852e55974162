"""The commands of the device."""

from __future__ import annotations

import argparse
import pkgutil
import sys

EXAMPLES = """examples:
  cgw-status            what works and what does not
  cgw-status --json     the same for a machine
  cgw drain             before a reboot: give the work to the other device of the pair
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; it may be preceded by the name under which a person called it."""
    if arguments[:1] == ["cgw"]:
        arguments = arguments[1:]
    elif arguments[:1] == ["cgw-status"]:
        arguments = ["status", *arguments[1:]]
    options = _parser().parse_args(arguments)
    if options.command == "unit":
        sys.stdout.buffer.write(pkgutil.get_data("cgw_device", f"{options.name}.service") or b"")
        return 0
    # ruff: disable[PLC0415] from a zip every module is compiled anew, and a person, or the boot, waits for it
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
        description="Exit code: 0 all is well, 1 something is down, 3 only the other device of the pair is down.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    show.add_argument("--json", action="store_true", help="print JSON")
    commands.add_parser("drain", help="give the work to the other device of the pair; ends with a reboot")
    commands.add_parser("undrain", help="stand ready again")
    commands.add_parser("monitor", help="probe the tunnels, and leave a dead one (run by systemd)")
    commands.add_parser("metrics", help="publish metrics of the device once a minute (run by systemd)")
    unit = commands.add_parser("unit", help="print a systemd unit (run at boot)")
    unit.add_argument("name", nargs="?", choices=["cgw-monitor", "cgw-metrics"], default="cgw-monitor")
    return parser
