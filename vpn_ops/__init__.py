"""Operator commands for what was deployed, by the AWS APIs alone; ``python -m vpn_ops --help`` shows them.

Nothing here imports the stacks or the constructs, so the commands work on any network, made by this project or not.
"""
