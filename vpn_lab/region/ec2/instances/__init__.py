"""Instances, their profiles and their boot, and EC2 Instance Connect."""
