"""Draws the network of a scenario from its synthesized template only."""
