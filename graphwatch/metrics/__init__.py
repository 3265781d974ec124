"""Metrics of networks: of accounts that act together, of accounts and posts, of accounts and pages."""

from graphwatch.metrics.measures import MEASURES, Measure, Scores, betweenness
from graphwatch.metrics.network import Network, network_of
from graphwatch.metrics.structure import Structure, assortativity, structure_of

__all__ = [
    "MEASURES",
    "Measure",
    "Network",
    "Scores",
    "Structure",
    "assortativity",
    "betweenness",
    "network_of",
    "structure_of",
]
