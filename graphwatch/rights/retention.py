"""What only some sources supplied is erased: those whose retention has ended, or whose load is undone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common import clock
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import node
from graphwatch.repository.runs import bursts_without
from graphwatch.repository.sources import retained
from graphwatch.repository.subjects import HELD_LABELS, clusters_with, holdings, supplied_nodes, supplied_relations
from graphwatch.rights.erasure import Expired, Pending, Work, carry_out, preview, resume
from graphwatch.store.base import ReadableStore, Store
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace

_KEYED: Final = ("Asn", "Agency", "Complaint")


def expire(workspace: Workspace, store: Store, *, today: date | None = None, dry_run: bool = False) -> Expired:
    """Erase what only sources supplied whose last day of retention has passed. See `Project.expire`."""
    day = today or clock.today()
    finished = resume(workspace, store)
    pending = Pending(workspace.folder)
    with pending.held():
        known = retained(workspace.store)
        undated = tuple(s.id for s in known if _last_day(s.keep_until) is None)
        due = {s.id: s.file for s in known if (last := _last_day(s.keep_until)) is not None and last < day}
        unerased = {s.id for s in known if s.id in due and s.erased_at_ms is None}
        erasure = _erasure(workspace.store, frozenset(due)) if due else None
        if erasure is None or not (unerased or erasure.nodes or erasure.relations):
            return replace(finished if isinstance(finished, Expired) else Expired({}), undated=undated)
        if dry_run:
            return Expired(due, preview(workspace, erasure), len(erasure.nodes.get("Asn", ())), undated)
        work = Work(erasure, expired=due, day=day.isoformat())
        pending.begin(work)
        done = carry_out(workspace, store, work)
    assert isinstance(done, Expired)
    return replace(done, undated=undated)


def remove(workspace: Workspace, store: Store, source: str, *, reason: str, dry_run: bool = False) -> Expired:
    """Undo a load: erase what only that source supplied. See `Project.remove`."""
    if not reason.strip():
        raise UsageError("removing a source needs a reason", remedy="Give --reason; it is logged.")
    resume(workspace, store)
    pending = Pending(workspace.folder)
    with pending.held():
        named = {s.id: s.file for s in retained(workspace.store) if source in (s.id, s.file)}
        if not named:
            remedy = "`graphwatch query sources` lists them."
            raise NothingFound(f"there is no source '{source}'", where=workspace.place, remedy=remedy)
        if len(named) > 1:
            raise UsageError(f"several sources are of a file '{source}'", remedy=f"Give one of {', '.join(named)}.")
        erasure = _erasure(workspace.store, frozenset(named))
        if dry_run:
            return Expired(named, preview(workspace, erasure), len(erasure.nodes.get("Asn", ())))
        work = Work(erasure, expired=named, day=clock.today().isoformat(), removed=reason)
        pending.begin(work)
        done = carry_out(workspace, store, work)
    assert isinstance(done, Expired)
    return done


def _last_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _erasure(store: ReadableStore, sources: frozenset[str]) -> Erasure:
    """What those sources alone supplied, and what hangs on nothing without it."""
    relations: dict[str, frozenset[str]] = {}
    ends: dict[str, set[str]] = {label: set() for label in HELD_LABELS}
    with store.session():
        nodes = {label: gone for label in _KEYED if (gone := _only_of(store, label, sources))}
        for type, start, end, rows in supplied_relations(store):
            goes = _supplied_by(rows["sources"], sources)
            if not pc.any(goes).as_py():
                continue
            gone = rows.filter(goes)
            relations[type] = relations.get(type, frozenset()) | frozenset(gone["id"].to_pylist())
            for column, label in (("a", start), ("b", end)):
                if label in ends:
                    ends[label] |= set(gone[column].to_pylist())
        for label, candidates in ends.items():
            orphans = candidates - _held(store, label, relations) if candidates else set[str]()
            if orphans:
                nodes[label] = frozenset(orphans)
        fallen = bursts_without(store, frozenset[str]().union(*relations.values()))
        if fallen:
            nodes["Burst"] = fallen
        members = nodes.get("Account", frozenset())
        clusters = clusters_with(store, sorted(members))
    return Erasure(clock.now_ms(), nodes=nodes, relations=relations, sources=sources, clusters=clusters)


def _only_of(store: ReadableStore, label: str, sources: frozenset[str]) -> frozenset[str]:
    assert any(p.name == "sources" for p in node(label).properties)
    rows = supplied_nodes(store, label)
    return frozenset(rows.filter(_supplied_by(rows["sources"], sources))["id"].to_pylist())


def _supplied_by(values: Any, sources: frozenset[str]) -> Any:
    """Whether rows have sources, and none but those."""

    def within(rows: list[str] | None) -> bool:
        return bool(rows) and {row.rpartition(":")[0] for row in rows or ()} <= sources

    return pa.array([within(rows) for rows in values.to_pylist()], pa.bool_())


def _held(store: ReadableStore, label: str, relations: Mapping[str, frozenset[str]]) -> set[str]:
    """Ids of nodes of that label that a relation holds which stays."""
    held: set[str] = set()
    for type, rows in holdings(store, label):
        going = pa.array(sorted(relations.get(type, ())), pa.string())
        stays = pc.invert(pc.is_in(rows["id"].cast(pa.string()), value_set=going))
        held |= set(rows.filter(stays)["held"].to_pylist())
    return held
