"""VPN connections and their two gateways."""
