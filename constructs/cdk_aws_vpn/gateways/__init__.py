"""The two ends that a connection joins: AWS's gateways and the customer gateway."""
