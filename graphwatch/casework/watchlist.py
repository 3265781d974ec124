"""The watchlist: roster accounts and pages that the office watches, and nobody else."""

import getpass
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from graphwatch.common.clock import now_ms
from graphwatch.common.table import Table
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import key_hash
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.repository.casework import on_roster, watched_now
from graphwatch.repository.resolver import resolve
from graphwatch.store.workspace import Workspace, WritableWorkspace


@dataclass(frozen=True, slots=True)
class Watched:
    """What is on the watchlist now, account or page; `changed` is false where it was before."""

    id: str
    kind: Literal["account", "page"]
    changed: bool


def watch(
    workspace: WritableWorkspace, what: str, *, reason: str, platform: str | None = None, by: str | None = None
) -> Watched:
    """Put a roster account or a page on the watchlist. See `Project.watch`."""
    if not reason.strip():
        raise UsageError("watching needs a reason", remedy="Give --reason.")
    with workspace.store.session():
        id, kind = _meant(workspace, what, platform)
        if kind == "account" and not on_roster(workspace.store, id, now_ms()):
            raise UsageError(
                f"{id} is not an account of the roster now, and nobody else is watched",
                where=workspace.place,
                remedy="Load whose account it is with --as accounts-of-asn, or watch the page instead.",
            )
        if id in {row["id"] for row in _listed(workspace)}:
            return Watched(id, kind, False)
    row = {
        "id": id,
        "kind": kind,
        "reason": reason,
        "added_by": by or getpass.getuser(),
        "added_at_ms": now_ms(),
    }
    link = {"from": id, "to": id, "id": key_hash(id, id)}
    with workspace.store.write("watch") as writing:
        writing.add(node_rows("Watch", [row]))
        writing.add(relation_rows("WATCHES", "Watch", kind.capitalize(), [link]))
    return Watched(id, kind, True)


def unwatch(workspace: WritableWorkspace, what: str, *, platform: str | None = None) -> Watched:
    """Take an account or a page off the watchlist; that it was on it stays in the record.

    Args:
        what: id, handle or address.
        platform: where a handle needs it.

    Raises:
        NothingFound: it is not on the list.
        UsageError: it may mean several.
    """
    with workspace.store.session():
        listed = {row["id"]: row for row in _listed(workspace)}
        id, kind = (what, listed[what]["kind"]) if what in listed else _meant(workspace, what, platform)
    if id not in listed:
        raise NothingFound(f"{id} is not on the watchlist", where=workspace.place, remedy="`graphwatch watch list`.")
    row = {"id": id, "removed_at_ms": max(now_ms(), listed[id]["added_at_ms"])}
    with workspace.store.write("watch") as writing:
        writing.add(node_rows("Watch", [row]))
    return Watched(id, kind, True)


def watched(workspace: Workspace) -> Table:
    """The watchlist: id, kind, handle, platform, reason, added_by and added_at_ms of each, accounts first.

    Raises:
        StoreMissing: nothing has been loaded yet.
    """
    names = [(n, pa.string()) for n in ("id", "kind", "handle", "platform", "reason", "added_by")]
    return Table(pa.Table.from_pylist(_listed(workspace), schema=pa.schema([*names, ("added_at_ms", pa.int64())])))


def _listed(workspace: Workspace) -> list[dict[str, Any]]:
    with workspace.store.session():
        return watched_now(workspace.store)


def _meant(workspace: Workspace, what: str, platform: str | None) -> tuple[str, Literal["account", "page"]]:
    label, id = resolve(workspace, what, ("Account", "Page"), platform=platform)
    return id, "account" if label == "Account" else "page"
