"""What the network tells the region: states of tunnels, and clients."""
