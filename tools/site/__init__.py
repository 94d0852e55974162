"""The documents of this repository as a site: ``python -m tools.site``."""
