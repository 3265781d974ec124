"""Stores of the model before, in which the time was a part of what an act is, are brought over."""

from pathlib import Path

import pytest
from graph_rows import accounts, like, posts

from graphwatch.errors import StoreOlder, UsageError
from graphwatch.model import MODEL_VERSION
from graphwatch.model.acts import act_id
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.store.base import Store
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.opening import rebuilt
from graphwatch.store.server.store import ServerStore

FIRST = [like("x:1", "x:p", "old1", 5_000, "s1:2"), like("x:2", "x:p", "old2", 6_000, "s1:3")]
# The same like without a time, and corrected; comments that are two, one of them with two texts.
SECOND = [like("x:1", "x:p", "old3", None, "s2:2"), like("x:1", "x:p", "old4", 90_000, "s2:9")]
COMMENTS = [
    {"from": "x:1", "to": "x:p", "id": id, "kind": "COMMENTED", "at_ms": at, "content_id": c, "text": t, "sources": [s]}
    for id, at, c, t, s in (
        ("old5", 1_000, "c1", "hai", "s1:5"),
        ("old6", 26_000_000, "c1", "hai disunting", "s2:5"),
        ("old7", 1_000, None, "Hai  Semua", "s1:6"),
        ("old8", 7_000, None, "hai semua", "s2:6"),
    )
]
AFTER = {
    act_id("x", "1", "LIKED", "p", None, None, None): (90_000, ["s1:2", "s2:2", "s2:9"]),
    act_id("x", "2", "LIKED", "p", None, None, None): (6_000, ["s1:3"]),
    act_id("x", "1", "COMMENTED", "p", "c1", None, None): (26_000_000, ["s1:5", "s2:5"]),
    act_id("x", "1", "COMMENTED", "p", None, "hai semua", None): (7_000, ["s1:6", "s2:6"]),
}


def fill(store: Store) -> None:
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:1"}, {"id": "x:2"}))
        writing.add(posts("x:p"))
        writing.add(relation_rows("LIKED", "Account", "Post", FIRST))
        writing.add(node_rows("Source", [{"id": "s1", "loaded_at_ms": 1}]))
    with store.write("load") as writing:
        writing.add(relation_rows("LIKED", "Account", "Post", SECOND))
        writing.add(relation_rows("COMMENTED", "Account", "Post", COMMENTS))
        writing.add(node_rows("Source", [{"id": "s2", "loaded_at_ms": 2}]))
        writing.add(node_rows("Burst", [{"id": "b", "interactions": ["old1", "old2", "old4", "gone"]}]))


def make_older(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Fill a store as the version before would have; it is opened anew."""
    if isinstance(store, EmbeddedStore):
        monkeypatch.setattr("graphwatch.store.embedded.entries.MODEL_VERSION", MODEL_VERSION - 1)
        fill(store)
        monkeypatch.undo()
        return EmbeddedStore(store.folder)
    assert isinstance(store, ServerStore)
    fill(store)
    store._server.execute("MATCH (p:GraphwatchProject) SET p.model_version = $v", v=MODEL_VERSION - 1)
    return ServerStore(store._server.address)


def acts(store: Store) -> dict[str, tuple[int, list[str]]]:
    rows = store.read("MATCH ()-[r:LIKED|COMMENTED]->() RETURN r.id AS id, r.at_ms AS at_ms, r.sources AS sources")
    return {row["id"]: (row["at_ms"], row["sources"]) for row in rows.to_pylist()}


def test_a_store_of_the_model_before_says_what_to_do_and_is_brought_over(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_older(empty_store, monkeypatch)
    with pytest.raises(StoreOlder, match="graphwatch store rebuild"):
        acts(store)
    with pytest.raises(StoreOlder, match="graphwatch store rebuild"), store.write("load") as writing:
        writing.add(posts("x:q"))
    done = rebuilt(store)
    counts = {kind: both for kind, both in done.acts.items() if both != (0, 0)}
    assert counts == {"LIKED": (4, 2), "COMMENTED": (4, 2)}
    assert acts(store) == AFTER
    one, other = (act_id("x", account, "LIKED", "p", None, None, None) for account in "12")
    bursts = store.read("MATCH (b:Burst) RETURN b.interactions AS ids").to_pylist()
    assert bursts == [{"ids": [one, other, "gone"]}]
    # What is loaded from now on is known as what was brought over.
    with store.write("load") as writing:
        written = writing.add(relation_rows("LIKED", "Account", "Post", [like("x:2", "x:p", other, 6_000, "s3:2")]))
    assert (written.new, written.changed) == (0, 1)
    if isinstance(store, EmbeddedStore):
        assert (store.verify(), rebuilt(store).acts) == ({}, {})
    else:
        with pytest.raises(UsageError, match="no journal"):
            rebuilt(store)
    store.close()


def test_values_that_were_replaced_are_kept_under_the_new_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphwatch.store.embedded.entries.MODEL_VERSION", MODEL_VERSION - 1)
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    fill(store)
    with store.write("load") as writing:
        changed = {**COMMENTS[0], "text": "hai lagi", "sources": ["s9:1"]}
        writing.add(relation_rows("COMMENTED", "Account", "Post", [changed]))
    monkeypatch.undo()
    store.rebuild()
    [entry] = store._upkeep.journal.entries()
    logs = [row for p in entry.parts if p.operation == "log" for t in entry.tables(p) for row in t.to_pylist()]
    id = act_id("x", "1", "COMMENTED", "p", "c1", None, None)
    assert [(log["id"], log["property"], log["before"]) for log in logs] == [(id, "text", "hai")]
    assert entry.sources == ("s1", "s2")
