"""Measurements on the network: outages, captures, flows, and the tunnel in use."""
