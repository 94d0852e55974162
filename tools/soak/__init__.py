"""Breaks a running network at random, from a seed, and checks that it recovers: ``python -m tools.soak --help``."""
