"""The programs of the customer gateway device: Python's standard library only, from version 3.9 on."""
