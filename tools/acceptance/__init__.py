"""What only a real account can settle, as one command: ``make acceptance-aws``."""
