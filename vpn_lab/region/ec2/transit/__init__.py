"""Transit gateways."""
