"""Find accounts that act together, in lawfully obtained records of public interactions.

import graphwatch as gw

desk = gw.open("russian.gw")
desk.query("co-interactions")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphwatch.api import Desk, demo, open
    from graphwatch.errors import GraphwatchError

__version__ = "0.1.0"
__all__ = ["Desk", "GraphwatchError", "__version__", "demo", "open"]


def __getattr__(name: str) -> Any:
    """The interface, imported at first use: `graphwatch --help` must not wait for it."""
    if name == "GraphwatchError":
        from graphwatch.errors import GraphwatchError

        return GraphwatchError
    if name in __all__:
        from graphwatch import api

        return getattr(api, name)
    raise AttributeError(f"module 'graphwatch' has no attribute '{name}'")
