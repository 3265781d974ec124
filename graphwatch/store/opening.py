"""Opening a store, whichever engine it is kept by."""

from pathlib import Path

from graphwatch.common.locks import Waiting
from graphwatch.errors import UsageError
from graphwatch.store.address import is_server, server_address
from graphwatch.store.base import ReadableStore, Store, Telling
from graphwatch.store.bringing_over import Rebuilt
from graphwatch.store.embedded.store import EmbeddedStore


def open_store(place: str, *, create: bool = False) -> Store:
    """The store at that place: a folder of the embedded engine, or the address of a Neo4j server.

    Args:
        place: a folder, or `neo4j://host[:port][/database]` (also bolt, +s, +ssc).
        create: make it where there is none.

    Raises:
        StoreMissing: there is none, and `create` is false.
        StoreNewer: it was written by a newer version; of an older one every use says that it is to be brought over.
        StoreError: the server cannot be reached, or refuses.
    """
    if not is_server(place):
        return EmbeddedStore(Path(place), create=create)
    from graphwatch.store.server.store import ServerStore

    return ServerStore(server_address(place), create=create)


def tell_catching_up(store: Store, telling: Telling, waiting: Waiting) -> None:
    """Have somebody told whenever a graph takes in what was accepted before, or another process is waited for.

    A graph on a server is never behind.
    """
    if isinstance(store, EmbeddedStore):
        store.telling, store.waiting = telling, waiting


def rebuilt(store: Store) -> Rebuilt:
    """Make the graph again from its record, and bring it over where it is of an older model.

    Raises:
        UsageError: it is on a server, and there is nothing to bring over.
        StoreDamaged: a file of the record is not what was written.
    """
    if not isinstance(store, EmbeddedStore):
        from graphwatch.store.server.store import ServerStore

        if isinstance(store, ServerStore) and store.is_older:
            return store.bring_over()
    return recorded(store).rebuild()


def recorded(store: ReadableStore) -> EmbeddedStore:
    """The store, which has a journal to verify it by and to make it again from.

    Raises:
        UsageError: it is on a server.
    """
    if isinstance(store, EmbeddedStore):
        return store
    raise UsageError(
        "a store on a server has no journal: the server's own durability is its record",
        remedy="`graphwatch store copy` compares two stores; the server's own tools check its files.",
    )
