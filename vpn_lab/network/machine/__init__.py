"""The virtual machine: its image, how it boots, and what it requires of this computer."""
