"""The hourly cost of a scenario: its synthesized template, priced from one list."""
