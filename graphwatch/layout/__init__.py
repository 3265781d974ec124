"""Where things stand in a drawing of the network, and what belongs to a cluster."""

from graphwatch.layout.bursts import background, members_of, ties, tying_posts
from graphwatch.layout.positions import SPACING, positions
from graphwatch.layout.steps import steps

__all__ = ["SPACING", "background", "members_of", "positions", "steps", "ties", "tying_posts"]
