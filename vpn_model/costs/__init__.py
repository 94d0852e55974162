"""What the resources of a template cost per hour."""
