"""Metrics: how central accounts are in a projection of the graph."""
