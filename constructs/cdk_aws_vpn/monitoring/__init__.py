"""Alarms, dashboards, logs and events for connections and Client VPN endpoints."""
