"""``python -m vpn_lab.demo``."""

from vpn_lab.demo.cli import app

app(prog_name="python -m vpn_lab.demo")
