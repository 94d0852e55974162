"""Checks of arguments, in pure Python: addresses, ASNs, tokens, types."""
