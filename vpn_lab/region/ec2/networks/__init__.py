"""Addresses, interfaces and route tables."""
