"""Many sites from one list."""
