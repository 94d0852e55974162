"""The two ends of a connection: AWS's gateways and the customer gateway."""
