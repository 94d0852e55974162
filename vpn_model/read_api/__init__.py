"""Reads the model from the AWS APIs, with boto3 clients that are handed in. ``network.read_network`` is the way in."""
