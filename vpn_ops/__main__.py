"""The script ``vpn-ops``; the same as ``python -m vpn_ops``."""

from __future__ import annotations

import sys

from vpn_ops.errors import COULD_NOT_RUN

OURS = ("vpn_ops", "vpn_model")


def main() -> None:
    """Run a command. The library alone does not install its packages: then say in one line how to install them."""
    try:
        from vpn_ops import cli  # noqa: PLC0415 -- it needs the packages of the extra "ops"
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] in OURS:
            raise
        problem = f"the Python package {missing.name!r} is missing"
        print(f"vpn-ops: {problem}; run: pip install 'cdk-aws-vpn[ops]'", file=sys.stderr)
        sys.exit(COULD_NOT_RUN)
    cli.main()


if __name__ == "__main__":
    main()
