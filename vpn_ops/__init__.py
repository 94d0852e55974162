"""Operator commands; ``vpn-ops --help`` lists them, and so does ``python -m vpn_ops --help``.

They use only the AWS APIs. Nothing here imports the stacks or the constructs, so the commands work on any network,
whether this project deployed it or not.
"""
