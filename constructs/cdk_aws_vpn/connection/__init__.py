"""The VPN connection: its tunnels, their options and keys, and what AWS reports about them."""
