"""VPCs and hosts for the two sides of a VPN."""
