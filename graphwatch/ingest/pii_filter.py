"""The door of a load that names persons."""

from typing import Any, Protocol


class Door(Protocol):
    """Where rows that name persons come in: what says who somebody is stays behind, for the vault."""

    def through(self, rows: Any) -> Any:
        """The rows, without anything that says who somebody is."""
