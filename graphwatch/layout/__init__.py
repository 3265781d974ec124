"""Where things stand in a drawing of the network."""

from graphwatch.layout.positions import SPACING, positions

__all__ = ["SPACING", "positions"]
