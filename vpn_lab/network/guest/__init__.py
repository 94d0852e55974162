"""What runs inside the machine; it needs only Python's standard library and strongSwan's ``vici``."""
