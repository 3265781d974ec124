"""Complaints as a work list: their deadlines, and what the data can say to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from graphwatch.common import clock
from graphwatch.common.i18n import text
from graphwatch.common.table import Table
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.tables import node_rows
from graphwatch.platforms.observability import can_show
from graphwatch.privacy.vault import Vault
from graphwatch.repository.casework import (
    MeantInteraction,
    all_complaints,
    complained_about,
    known_complaints,
    meant_interactions,
)
from graphwatch.repository.resolver import candidates
from graphwatch.store.workspace import Workspace, WritableWorkspace

STATUSES: Final = ("new", "checking", "answered", "forwarded", "closed")
# While it is one of these, somebody has to do something.
OPEN: Final = ("new", "checking")

_TEXTS: Final = pa.list_(pa.string())
_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("complaint", "status", "deadline")),
        ("days_left", pa.int64()),
        ("overdue", pa.bool_()),
        *((name, pa.string()) for name in ("seen", "why", "interaction", "interaction_at")),
        ("interaction_at_ms", pa.int64()),
        ("interaction_sources", _TEXTS),
        ("interactions", pa.int64()),
        *((name, pa.string()) for name in ("platform", "kind", "account_ref")),
        ("accounts", _TEXTS),
        ("candidates", _TEXTS),
        ("post_ref", pa.string()),
        ("posts", _TEXTS),
        *((name, pa.string()) for name in ("at", "channel", "received_at", "known_at", "text")),
        *((name, pa.string()) for name in ("evidence", "evidence_sha256")),
        ("sources", _TEXTS),
        ("day_differs", pa.bool_()),
    ]
)


def complaints(
    workspace: Workspace,
    *,
    status: str | None = None,
    overdue: bool = False,
    today: date | None = None,
    language: str = "en",
) -> Table:
    """Every complaint with its deadline and what the data say to it, the most urgent first.

    See `Project.complaints`.
    """
    if status is not None:
        _check_status(status)
    day = today or clock.today()
    rows = [_timed(row, day) for row in _matched(workspace, language)]
    rows = [r for r in rows if status in (None, r["status"]) and (r["overdue"] or not overdue)]
    rows.sort(key=lambda r: (r["status"] not in OPEN, r["deadline"] or "9999", r["complaint"]))
    return Table(pa.Table.from_pylist(rows, schema=_SCHEMA))


def set_complaint(workspace: WritableWorkspace, complaint: str, status: str) -> None:
    """Give a complaint another status.

    Raises:
        UsageError: there is no such status.
        NothingFound: there is no such complaint.
    """
    _check_status(status)
    _check_known(workspace, complaint)
    with workspace.store.write("complaint") as writing:
        writing.add(node_rows("Complaint", [{"id": complaint, "status": status}]))


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who complained; never printed by chance."""

    name: str | None
    contact: str | None

    def __repr__(self) -> str:
        return "Complainant(withheld)"


def complainant(workspace: Workspace, complaint: str, *, reason: str) -> Complainant:
    """Who made a complaint, from the vault; that it was asked, by whom and why, is logged first.

    Raises:
        UsageError: no reason is given.
        NothingFound: there is no such complaint, or nobody is known to have made it.
    """
    if not reason.strip():
        raise UsageError("opening the vault needs a reason", remedy="Give --reason; it is logged.")
    _check_known(workspace, complaint)
    workspace.log("complainant", reason, {"complaint": complaint})
    persons = Vault(workspace.folder, "complainants").persons().to_pylist()
    for person in persons:
        if person["id"] == complaint:
            return Complainant(person["name"], person["contact"])
    raise NothingFound(f"nobody is known to have made complaint {complaint}", remedy="Look at the letter itself.")


def _check_status(status: str) -> None:
    if status not in STATUSES:
        raise UsageError(f"there is no status '{status}'", remedy=f"Choose from {', '.join(STATUSES)}.")


def _check_known(workspace: Workspace, complaint: str) -> None:
    if not known_complaints(workspace.store, [complaint]):
        raise NothingFound(
            f"there is no complaint {complaint}", where=workspace.place, remedy="`graphwatch complaints` lists them."
        )


def _timed(row: dict[str, Any], day: date) -> dict[str, Any]:
    left = None if row["deadline"] is None else (date.fromisoformat(row["deadline"]) - day).days
    return {**row, "days_left": left, "overdue": left is not None and left < 0 and row["status"] in OPEN}


def _matched(workspace: Workspace, language: str) -> list[dict[str, Any]]:
    """The complaints with what they are about and what the data say to them."""
    with workspace.store.session():
        rows: list[dict[str, Any]] = all_complaints(workspace.store).to_pylist()
        accounts, posts = (complained_about(workspace.store, label) for label in ("Account", "Post"))
        seen: dict[str, list[MeantInteraction]] = {}
        for meant in meant_interactions(workspace.store):
            seen.setdefault(meant.complaint, []).append(meant)
        unlinked = [
            (r["account_ref"], r["platform"]) for r in rows if r["account_ref"] and r["complaint"] not in accounts
        ]
        named = candidates(workspace, unlinked, ("Account",))
    for row in rows:
        id = row["complaint"]
        row["accounts"], row["posts"] = accounts.get(id, []), posts.get(id, [])
        named_so = () if row["accounts"] else named.get((row["account_ref"], row["platform"]), ())
        row["candidates"] = [key.id for key in named_so]
        row |= _said(row, [found for found in seen.get(id, ()) if _same_day(row, found)], language)
    return rows


def _same_day(row: dict[str, Any], found: MeantInteraction) -> bool:
    """Whether the post decides, or the interaction is of the day that the complaint names."""
    if row["post_ref"] is not None or row["kind"] == "FOLLOWED":
        return True
    return found.at_ms is not None and clock.day_of(found.at_ms).isoformat() == _day_said(row)


def _day_said(row: dict[str, Any]) -> str | None:
    """The day that the complaint names."""
    day: str | None = row["at"]
    return day if row["at_ms"] is None else clock.day_of(row["at_ms"]).isoformat()


def _differing(row: dict[str, Any], found: Iterable[MeantInteraction], language: str) -> str:
    """That the complaint names a day of which none of the interactions is, and which days these are of."""
    said, days = _day_said(row), {clock.day_of(f.at_ms).isoformat() for f in found if f.at_ms is not None}
    if said is None or not days or said in days:
        return ""
    return "; " + text("complaints.why.day_differs", language, said=said, days=", ".join(sorted(days)))


def _said(row: dict[str, Any], found: Iterable[MeantInteraction], language: str) -> dict[str, Any]:
    """What the data say: the first interaction that is meant and how many there are, or why there is none."""
    each = {f.interaction: f for f in found}
    if not each:
        seen, why = _unseen(row, language)
        return {"seen": seen, "why": why, "interactions": 0}
    first = min(each.values(), key=lambda f: (f.at_ms is None, f.at_ms, f.interaction))
    differing = _differing(row, each.values(), language)
    by = "post" if row["post_ref"] else "follow" if row["kind"] == "FOLLOWED" else "day"
    return {
        "seen": "confirmed",
        "why": text(f"complaints.why.by_{by}", language) + differing,
        "interaction": first.interaction,
        "interaction_at": first.at,
        "interaction_at_ms": first.at_ms,
        "interaction_sources": first.sources,
        "interactions": len(each),
        "day_differs": bool(differing),
    }


def _unseen(row: dict[str, Any], language: str) -> tuple[str, str]:
    """What the data say where no interaction is meant, and why."""
    seen, why = _unseen_for(row)
    shown = can_show(row["platform"], row["kind"])
    if why is None:
        return seen, shown.why[language]
    return seen, text(f"complaints.why.{why}", language, n=len(row["candidates"]), shown=shown.why[language])


def _unseen_for(row: dict[str, Any]) -> tuple[str, str | None]:
    shown = can_show(row["platform"], row["kind"])
    if shown.seen == "no":
        return "not observable", None
    if row["account_ref"] is None:
        return "cannot be checked", "no_account"
    if len(row["candidates"]) > 1:
        return "cannot be checked", "several"
    if not row["accounts"]:
        return "cannot be checked", "account_unknown"
    if row["post_ref"] is not None and not row["posts"]:
        return "cannot be checked", "post_unknown"
    if row["post_ref"] is None and row["at"] is None and row["kind"] != "FOLLOWED":
        return "cannot be checked", "nothing_named"
    if shown.seen == "unknown":
        return "not seen", "not_known"
    return "not seen", "in_part" if shown.seen == "partly" else "where_collected"
