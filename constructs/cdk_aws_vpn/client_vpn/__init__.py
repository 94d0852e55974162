"""Client VPN: the endpoint, who may connect, and what clients reach."""
