"""What must be built, computed from what was deployed."""
