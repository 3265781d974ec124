"""Find accounts that act together, in lawfully obtained records of public interactions.

import graphwatch as gw

desk = gw.open("russian.gw")
desk.query("co-interactions")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphwatch.demonstration import demo
    from graphwatch.errors import GraphwatchError
    from graphwatch.project import Project, open

__version__ = "0.1.0"
__all__ = ["GraphwatchError", "Project", "__version__", "demo", "open"]


_HOMES = {"GraphwatchError": "errors", "Project": "project", "demo": "demonstration", "open": "project"}


def __getattr__(name: str) -> Any:
    """The interface, imported at first use: `graphwatch --help` must not wait for it."""
    if name in _HOMES:
        return getattr(import_module(f"graphwatch.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'graphwatch' has no attribute '{name}'")
