"""What loads that name persons must pass, so that nothing behind it says who somebody is."""

from typing import Any, Protocol


class PiiFilter(Protocol):
    """Takes out of rows what identifies a person, and keeps it for the vault."""

    def filtered(self, rows: Any) -> Any:
        """The rows, without anything that identifies a person."""
