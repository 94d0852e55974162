"""``python -m vpn_lab.network``."""

from vpn_lab.network.cli import app

app(prog_name="python -m vpn_lab.network")
