"""What the constructs are built on: acknowledgements, names, look-ups, images, quotas."""
