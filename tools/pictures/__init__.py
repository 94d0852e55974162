"""Draws the network of a scenario from its synthesized template, and from nothing else."""
