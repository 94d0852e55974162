"""What the network reports to the region: the states of tunnels, and Client VPN connections."""
