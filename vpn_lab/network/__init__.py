"""A local network: what was deployed to a region, built from real hosts in one small virtual machine.

``python -m vpn_lab.network --help`` shows the commands; ``docs/local-network.md`` shows the network.

What runs inside the machine is in ``guest``. It needs only Python's standard library and strongSwan's ``vici``.
"""
