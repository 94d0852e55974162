"""The virtual machine: its image, its start, and what this computer needs for it."""
