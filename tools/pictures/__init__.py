"""Draws the networks of the scenarios from their synthesized templates, and from nothing else."""
