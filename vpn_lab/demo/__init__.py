"""``python -m vpn_lab.demo``: a scenario deployed to a local region, built as a network, broken, and removed."""
