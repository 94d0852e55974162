"""The script ``vpn-ops``; the same as ``python -m vpn_ops``."""

from __future__ import annotations

import sys

__all__ = ["main"]

CANNOT_RUN = 2


def main() -> None:
    """Run a command, or say in one line which packages are missing: the library alone does not install them."""
    try:
        from vpn_ops import cli  # noqa: PLC0415 -- it needs the packages of the extra "ops"
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] in ("vpn_ops", "vpn_model"):
            raise
        print(
            f"vpn-ops: the Python package {missing.name!r} is missing; run: pip install 'cdk-aws-vpn[ops]'",
            file=sys.stderr,
        )
        sys.exit(CANNOT_RUN)
    cli.main()


if __name__ == "__main__":
    main()
