"""The API reference in docs/constructs, from signatures and docstrings: ``python -m tools.reference``."""
