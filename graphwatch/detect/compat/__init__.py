"""The tables of two other tools, in their own quantities, for comparison with work done in them."""

from graphwatch.detect.compat.coortweet import coortweet_edges, coortweet_pairs
from graphwatch.detect.compat.toolkit import toolkit_edges

__all__ = ["coortweet_edges", "coortweet_pairs", "toolkit_edges"]
