"""Asking a graph: queries, metrics of networks, and how two nodes are linked."""
