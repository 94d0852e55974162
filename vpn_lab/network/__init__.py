"""A local network: what was deployed to a region, built out of real hosts in one small virtual machine.

``python -m vpn_lab.network --help`` shows the commands; ``docs/local-network.md`` shows the network.

What runs inside the machine lies in ``guest`` and uses Python's standard library only.
"""
