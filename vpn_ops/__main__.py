"""``python -m vpn_ops``."""

from vpn_ops.cli import main

main()
