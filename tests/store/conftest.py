from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_rows import HOSTILE, accounts, like, likes, posts

from graphwatch.store.base import Store
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.server.store import ServerStore


@pytest.fixture(params=["embedded", "neo4j"])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new store on each engine, for tests that hold on both."""
    made: Store
    if request.param == "embedded":
        made = EmbeddedStore(tmp_path / "s.gw", create=True)
    else:
        made = ServerStore(request.getfixturevalue("neo4j_address"), create=True)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "s.gw", create=True)


@pytest.fixture
def filled(store: EmbeddedStore) -> EmbeddedStore:
    """Three accounts, one of them hostile, two posts, three likes of which one has no time."""
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "budi"}, {"id": "x:2", "handle": HOSTILE}, {"id": "x:3"}))
        writing.add(posts("x:p1", "x:p2"))
        writing.add(
            likes(
                like("x:1", "x:p1", "r1", 1000),
                like("x:2", "x:p1", "r2", 2000),
                like("x:3", "x:p2", "r3", None),
            )
        )
    store.catch_up()
    return store
