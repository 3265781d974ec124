"""Where the graph is kept: one seam, one engine behind it for each kind of place."""

from pathlib import Path

from graphwatch.store.base import Store, StoreInfo, Writing, Written
from graphwatch.store.embedded import EmbeddedStore

__all__ = ["EmbeddedStore", "Store", "StoreInfo", "Writing", "Written", "open_store"]


def open_store(place: str | Path, *, create: bool = False) -> EmbeddedStore:
    """The store at that place: a folder of the embedded engine.

    Args:
        place: the folder.
        create: make it where there is none.

    Raises:
        StoreMissing: there is none, and `create` is false.
        StoreNewer: it was written by a newer version.
    """
    return EmbeddedStore(Path(place), create=create)
