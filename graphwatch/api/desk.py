"""An opened store and everything that can be done with it."""

import os
from pathlib import Path
from types import TracebackType
from typing import Any

from graphwatch.api.detection import detect
from graphwatch.api.exporting import export
from graphwatch.api.graphs import graph
from graphwatch.api.loading import load
from graphwatch.api.provenance import provenance
from graphwatch.api.querying import query
from graphwatch.settings import DEFAULT_STORE, STORE_VARIABLE
from graphwatch.store import StoreInfo, open_store


class Desk:
    """A store, with the folder that holds what does not belong in the graph: keys, quarantine, access log.

    Its methods are the functions of `graphwatch.api`, which the commands of the same names call.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open(folder + "/new.gw", create=True) as desk:
    ...     desk.store.exists
    False
    """

    def __init__(self, place: Path, *, create: bool) -> None:
        self.store = open_store(place, create=create)
        self.folder = place

    load = load
    detect = detect
    query = query
    graph = graph
    export = export
    provenance = provenance

    def info(self) -> StoreInfo:
        """Size, versions and counts of the store."""
        return self.store.info()

    def verify(self) -> dict[str, tuple[str, str]]:
        """Tables whose content differs from what the journal says; empty when all is well."""
        return self.store.verify()

    def rebuild(self) -> int:
        """Make the graph again from the journal; the number of entries applied."""
        return self.store.rebuild()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"graphwatch.open({str(self.folder)!r})"


def open(place: str | os.PathLike[Any] | None = None, *, create: bool = False) -> Desk:
    """Open a store.

    Args:
        place: its folder; else the environment's GRAPHWATCH_STORE, else `graphwatch.gw` in the current folder.
        create: let the first load make it where there is none.

    Raises:
        StoreMissing: there is none, and `create` is false.
        StoreNewer: it was written by a newer version.
    """
    chosen = place or os.environ.get(STORE_VARIABLE) or DEFAULT_STORE
    return Desk(Path(chosen), create=create)
