"""Retention: what only expired sources supplied is erased."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model import node
from graphwatch.model.declaring import Node
from graphwatch.model.tables import every_table
from graphwatch.repository.calendars import today_in_jakarta
from graphwatch.rights.erasure import Expired, Pending, Work, carry_out, resume
from graphwatch.rights.erasure_scope import LABELS, holding, preview
from graphwatch.store.base import Store
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace

_SOURCES: Final = (
    "MATCH (s:Source) RETURN s.id AS id, s.file AS file, s.keep_until AS keep_until, s.erased_at_ms AS erased_at_ms "
    "ORDER BY id"
)
_KEYED: Final = ("Asn", "Agency", "Complaint")


def expire(workspace: Workspace, store: Store, *, today: date | None = None, dry_run: bool = False) -> Expired:
    """Erase what only sources supplied whose last day of retention has passed.

    Interactions and rows of the roster that a source still kept supplied too stay, without the expired ones. Accounts
    and posts that then hang on nothing go as well. The Source itself stays, as the record of what was processed.

    Args:
        store: the workspace's own, with the part of it that erases.
        today: the day on which it is asked; the present one in Jakarta when left out.
        dry_run: only count.

    Raises:
        KeyMissing, KeyWrong: persons go, and the vault does not open.
        StoreLocked: another process holds the store.
    """
    day = today or today_in_jakarta()
    finished = resume(workspace, store)
    pending = Pending(workspace.folder)
    with pending.held():
        rows = workspace.store.read(_SOURCES).to_pylist()
        undated = tuple(r["id"] for r in rows if _last_day(r["keep_until"]) is None)
        due = {r["id"]: r["file"] for r in rows if (last := _last_day(r["keep_until"])) is not None and last < day}
        unerased = {r["id"] for r in rows if r["id"] in due and r["erased_at_ms"] is None}
        erasure = _erasure(workspace, frozenset(due)) if due else None
        if erasure is None or not (unerased or erasure.nodes or erasure.relations):
            return replace(finished if isinstance(finished, Expired) else Expired({}), undated=undated)
        if dry_run:
            return Expired(due, preview(workspace, erasure), len(erasure.nodes.get("Asn", ())), undated)
        work = Work(erasure, expired=due, day=day.isoformat())
        pending.begin(work)
        done = carry_out(workspace, store, work)
    assert isinstance(done, Expired)
    return replace(done, undated=undated)


def _last_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _erasure(workspace: Workspace, sources: frozenset[str]) -> Erasure:
    """What those sources alone supplied, and what hangs on nothing without it."""
    relations: dict[str, frozenset[str]] = {}
    loose: dict[str, set[str]] = {label: set() for label in LABELS}
    with workspace.store.session():
        nodes = {label: gone for label in _KEYED if (gone := _only_of(workspace, label, sources))}
        for _, element, start, end in every_table():
            if isinstance(element, Node) or all(p.name != "sources" for p in element.properties):
                continue
            rows = _relations(workspace, element.name, str(start), str(end))
            goes = _supplied_by(rows["sources"], sources)
            if not pc.any(goes).as_py():
                continue
            gone = rows.filter(goes)
            relations[element.name] = relations.get(element.name, frozenset()) | frozenset(gone["id"].to_pylist())
            for column, label in (("a", start), ("b", end)):
                if label in loose:
                    loose[str(label)] |= set(gone[column].to_pylist())
        for label, candidates in loose.items():
            free = candidates - _held(workspace, label, relations) if candidates else set[str]()
            if free:
                nodes[label] = frozenset(free)
        members = nodes.get("Account", frozenset())
        clusters = _clusters(workspace, members) if members else frozenset()
    return Erasure(time.time_ns() // 1_000_000, nodes=nodes, relations=relations, sources=sources, clusters=clusters)


def _relations(workspace: Workspace, type: str, start: str, end: str) -> pa.Table:
    return workspace.store.read(
        f"MATCH (a:`{start}`)-[r:`{type}`]->(b:`{end}`) RETURN r.id AS id, a.id AS a, b.id AS b, r.sources AS sources"
    )


def _only_of(workspace: Workspace, label: str, sources: frozenset[str]) -> frozenset[str]:
    assert any(p.name == "sources" for p in node(label).properties)
    rows = workspace.store.read(f"MATCH (n:`{label}`) RETURN n.id AS id, n.sources AS sources")
    return frozenset(rows.filter(_supplied_by(rows["sources"], sources))["id"].to_pylist())


def _supplied_by(values: Any, sources: frozenset[str]) -> Any:
    """Whether rows have sources, and none but those."""

    def within(rows: list[str] | None) -> bool:
        return bool(rows) and {row.rpartition(":")[0] for row in rows or ()} <= sources

    return pa.array([within(rows) for rows in values.to_pylist()], pa.bool_())


def _held(workspace: Workspace, label: str, relations: Mapping[str, frozenset[str]]) -> set[str]:
    """Ids of nodes of that label that a relation holds which stays."""
    held: set[str] = set()
    for by in holding(label):
        rows = workspace.store.read(f"{by.pattern} RETURN r.id AS id, {by.held}.id AS held")
        going = pa.array(sorted(relations.get(by.type, ())), pa.string())
        stays = pc.invert(pc.is_in(rows["id"].cast(pa.string()), value_set=going))
        held |= set(rows.filter(stays)["held"].to_pylist())
    return held


def _clusters(workspace: Workspace, members: frozenset[str]) -> frozenset[str]:
    rows = workspace.store.read(
        "MATCH (a:Account)-[:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN DISTINCT c.id AS id",
        {"ids": sorted(members)},
    )
    return frozenset(rows["id"].to_pylist())
