"""What is attached to a transit gateway, and its route tables."""
