"""What runs inside the machine: Python's standard library only."""
