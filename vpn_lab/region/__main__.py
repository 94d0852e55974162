from vpn_lab.region.cli import app

app(prog_name="python -m vpn_lab.region")
