"""A handle that learns its native id: what is known of the account by its handle goes to the account itself."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import now_ms
from graphwatch.common.notes import Note
from graphwatch.ingest.staging import Staged
from graphwatch.model import INTERACTIONS, key_hash
from graphwatch.model.tables import GraphTable, node_rows, relation_rows
from graphwatch.platforms.naming import CASELESS, handle_name
from graphwatch.repository.handle_accounts import Said, known_accounts, said_of, watched
from graphwatch.repository.sources import digests_of_sources
from graphwatch.store.bringing_over import brought_over
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace, WritableWorkspace

# Columns with a native id and the handle beside it, by kind of load.
_BESIDE: Final = {
    "interactions": ("account", "account_handle"),
    "posts": ("account", "account_handle"),
    "accounts-of-asn": ("account", "handle"),
}


def united(workspace: WritableWorkspace, kind: str, staged: Staged) -> Iterator[str]:
    """Join accounts that were known by handle with those whose native ids a load has told; a note on what was done.

    Acts, posts, roster links, complaints and watches go over; pairs and clusters that earlier runs found with the
    handle go, as they counted one account as two.
    """
    joined = _joined(workspace, kind, staged)
    if not joined:
        return
    store = workspace.store
    with store.session():
        said = list(said_of(store, joined))
        loaded = {source["id"]: place for place, source in enumerate(digests_of_sources(store))}
        watches = watched(store, joined)
    acted = any(one.relation.name in INTERACTIONS for one in said)
    gone = frozenset(joined)
    store.erase(
        Erasure(
            now_ms(), nodes={"Account": gone, "Watch": frozenset(row["id"] for row in watches)}, counts_change=acted
        ),
        # With the erasure, as one: stopped between the two, each act would be there twice.
        instead=[*_moved(said, joined, loaded), *_watches(watches, joined)],
    )
    yield Note("load.united_acted" if acted else "load.united", n=len(joined))


def would_be_united(workspace: Workspace, kind: str, staged: Staged) -> Iterator[str]:
    """A note on the accounts known by handle whose native ids a load would tell; they are left apart."""
    if joined := _joined(workspace, kind, staged):
        yield Note("load.to_be_united", n=len(joined))


def _joined(workspace: Workspace, kind: str, staged: Staged) -> dict[str, str]:
    """Of accounts that the store knows by handle only, the id by handle → the id that these rows tell."""
    told = _told(kind, staged)
    there = known_accounts(workspace.store, set(told)) if told and workspace.store.exists else set()
    return {old: new for old, new in told.items() if old in there}


def _told(kind: str, staged: Staged) -> dict[str, str]:
    """Id of an account by its handle → its id; without handles that the file gives several accounts."""
    columns = _BESIDE.get(kind)
    if columns is None:
        return {}
    account, handle = columns
    rows = staged.rows([account, handle, "platform"])
    rows = rows.filter(pc.fill_null(pc.not_equal(rows[account], rows[handle]), False))
    found: dict[str, set[str]] = {}
    for row in rows.group_by(rows.column_names).aggregate([]).to_pylist():
        platform = row["platform"]
        old = f"{platform}:{handle_name(row[handle], platform).id}"
        new = f"{platform}:{row[account]}"
        if platform in CASELESS and old != new:
            found.setdefault(old, set()).add(new)
    return {old: new.pop() for old, new in found.items() if len(new) == 1}


def _moved(said: list[Said], joined: Mapping[str, str], loaded: Mapping[str, int]) -> Iterator[GraphTable]:
    for one in said:
        ends = ({end: joined.get(row[end], row[end]) for end in ("from", "to")} for row in one.rows)
        rows = [row | of for row, of in zip(one.rows, ends, strict=True)]
        if one.relation.name in INTERACTIONS:
            # What two accounts did alike is one act once they are one.
            acts = brought_over(one.relation, one.ends[1], pa.Table.from_pylist(rows), loaded)
            yield GraphTable(one.relation, acts.rows.to_batches(), *one.ends)
        else:
            links = [row | {"id": _id_of(one.relation.name, row)} for row in rows]
            yield relation_rows(one.relation.name, *one.ends, _each_once(links))


def _watches(watches: list[dict[str, Any]], joined: Mapping[str, str]) -> Iterator[GraphTable]:
    if watches:
        ids = [joined[row["id"]] for row in watches]
        yield node_rows("Watch", [row | {"id": id} for row, id in zip(watches, ids, strict=True)])
        links = [{"from": id, "to": id, "id": key_hash(id, id)} for id in ids]
        yield relation_rows("WATCHES", "Watch", "Account", links)


def _each_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row of each id, with the sources of all."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        kept = found.setdefault(row["id"], row)
        if kept is not row and row.get("sources"):
            kept["sources"] = list(dict.fromkeys([*(kept["sources"] or []), *row["sources"]]))
    return list(found.values())


def _id_of(type: str, row: dict[str, Any]) -> str:
    """The id that the link would have had, had it been loaded so: see `ingest.sql`."""
    if type in ("BELONGS_TO", "OPERATED_BY"):
        basis = (row["basis"],) if type == "BELONGS_TO" else ()
        return key_hash(row["from"], row["to"], *basis, row["valid_from"], row["valid_to"])
    return key_hash(row["from"], row["to"])
