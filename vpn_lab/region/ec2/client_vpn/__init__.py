"""Client VPN endpoints."""
