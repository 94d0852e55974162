"""The software customer gateway: one instance, a pair, a cluster."""
