"""How two nodes are linked, and what is near one."""

from graphwatch.trace.ego import Ego, surroundings
from graphwatch.trace.nodes import Expand, Key, Path
from graphwatch.trace.search import Search, TooMany

__all__ = ["Ego", "Expand", "Key", "Path", "Search", "TooMany", "surroundings"]
