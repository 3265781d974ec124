"""Where things stand in a drawing of the network, and what belongs to a cluster."""

from graphwatch.layout.bursts import members_of, tying_posts
from graphwatch.layout.positions import SPACING, positions

__all__ = ["SPACING", "members_of", "positions", "tying_posts"]
