"""Breaks a running network at random, from a seed, and sees that it comes back: ``python -m tools.soak --help``."""
