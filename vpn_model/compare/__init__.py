"""Tells whether two networks treat packets the same, such as a template's and the deployed one.

``facts`` says what is compared, and what is left out and why; ``differences`` compares.
"""
