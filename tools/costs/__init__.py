"""Writes what the scenarios cost into the documents."""
