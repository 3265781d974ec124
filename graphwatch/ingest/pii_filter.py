"""What loads that name persons must pass, so that nothing behind it says who somebody is."""

from typing import Any, Protocol


class PiiFilter(Protocol):
    """Where rows that name persons come in: what says who somebody is stays behind, for the vault."""

    def filtered(self, rows: Any) -> Any:
        """The rows, without anything that says who somebody is."""
