"""A laboratory for VPN stacks: a local AWS region to deploy to, and tools that look at what was deployed.

Nothing here imports the stacks or the constructs. Whatever the laboratory knows about a network, it learned
from the EC2 API, as a real network would.
"""
