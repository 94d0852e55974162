"""Rules for VPN that a template is reviewed by.

``review`` reads a template and runs the rules, which are pure functions on what ``subject`` describes. ``findings``
holds what they return, and ``report`` writes it as text, JSON or SARIF.
"""
