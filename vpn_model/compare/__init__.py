"""Tells whether two networks are the same in what decides about packets, such as a template's and the deployed one.

``facts`` says what is compared, and what is left out and why; ``differences`` compares.
"""
