"""The scenarios: one file each, named like the stack it holds."""
