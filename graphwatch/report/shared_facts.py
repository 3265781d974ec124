"""What every document has: decisions, complaints, coverage, and what became of a cluster."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from graphwatch.calendar.provisions import STANDINGS, Weighed, provisions_for
from graphwatch.casework.addressees import addressees
from graphwatch.casework.complaints import complaints
from graphwatch.casework.coverage import coverage, sentences
from graphwatch.casework.leads import Decided, continued_by
from graphwatch.common.clock import DAY_MS
from graphwatch.detection.power.powering import kept_power
from graphwatch.model.scope import lasting
from graphwatch.report.case_model import Decision, Erased, Heard, Later
from graphwatch.repository.calendars import determination
from graphwatch.repository.runs import complete_runs, other_questions
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.report.names import Names


Side = Literal["before", "on", "after"]
SIDES: Final[tuple[Side, ...]] = ("before", "on", "after")


def side_of(at_ms: int, determined_ms: int) -> Side:
    """Whether an act lies before, on or after the day that begins at that instant.

    >>> [side_of(at_ms, 86_400_000) for at_ms in (86_399_999, 86_400_000, 172_800_000)]
    ['before', 'on', 'after']
    """
    return SIDES[(at_ms >= determined_ms) + (at_ms >= determined_ms + DAY_MS)]


def weighed(
    workspace: Workspace, acts: Iterable[tuple[str, int | None]], calendar: str | None, language: str
) -> dict[str, Any]:
    """Provisions that come into question for these acts, and on which side of determination the acts lie.

    Args:
        project: whose calendar counts where none is named.
        acts: kind and time (UTC epoch milliseconds) of each.
        calendar: see `determination`.
        language: in which it is said where sources differ.

    Returns:
        `provisions`, `differing`, `determined`, `determined_ms` and `sides`, as a Case has them.
    """
    phase = determination(workspace, calendar)
    sides: Counter[Side] = Counter()
    # An act of each kind on each side stands for all of them: only the side decides.
    standing_for: dict[tuple[str, Side | None], int | None] = {}
    for kind, at_ms in acts:
        side = None if at_ms is None else side_of(at_ms, phase.from_ms)
        if side is not None:
            sides[side] += 1
        standing_for.setdefault((kind, side), at_ms)
    found = [
        (kind, p) for (kind, _), at_ms in standing_for.items() for p in provisions_for(kind, at_ms, phase.first_day)
    ]
    differing = {kind: said[language] for kind, p in found if (said := p.provision.differing.get(kind))}
    return {
        "provisions": tuple(map(_told, _surest(p for _, p in found))),
        "differing": tuple(sorted(differing.items())),
        "determined": phase.first_day.isoformat(),
        "determined_ms": phase.from_ms,
        "sides": tuple(sides[side] for side in SIDES),
    }


def _surest(found: Iterable[Weighed]) -> list[Weighed]:
    """Each provision once, as sure as it comes; the surest first."""
    surest: dict[str, Weighed] = {}
    for one in found:
        known = surest.setdefault(one.provision.id, one)
        if _rank(one) < _rank(known):
            surest[one.provision.id] = one
    return sorted(surest.values(), key=lambda one: (_rank(one), one.provision.id))


def _rank(weighed: Weighed) -> int:
    return STANDINGS.index(weighed.standing)


def _told(weighed: Weighed) -> dict[str, str]:
    of = weighed.provision
    return {
        "id": of.id,
        "category": of.category,
        "wording": of.wording,
        "meaning": of.meaning,
        "standing": weighed.standing,
        "citation": of.citation,
    }


def told_decisions(decided: Iterable[Decided], names: "Names") -> tuple[Decision, ...]:
    """Decisions as a document has them; an account's id as a lead is called as the account is."""
    return tuple(
        Decision(
            lead=of.lead if of.lead.startswith("R-") else names.called(of.lead),
            outcome=of.outcome,
            reviewer=of.reviewer,
            at_ms=of.at_ms,
            reason=names.text(of.reason),
            clarified=bool(of.clarification),
            clarification=names.text(of.clarification),
            forwarded_to=of.forwarded_to,
        )
        for of in decided
    )


def complaints_about(workspace: Workspace, accounts: Collection[str]) -> tuple[Heard, ...]:
    """The complaints about one of these accounts, the most urgent first."""
    return tuple(_heard(row) for row in _complaints(workspace) if set(row["accounts"] or ()) & set(accounts))


def all_complaints(workspace: Workspace) -> tuple[Heard, ...]:
    """Every complaint, the most urgent first."""
    return tuple(map(_heard, _complaints(workspace)))


def _complaints(workspace: Workspace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = list(complaints(workspace))
    return rows


def _heard(row: dict[str, Any]) -> Heard:
    return Heard(
        row["complaint"], row["received_at"], row["deadline"], row["status"], row["seen"], bool(row["day_differs"])
    )


def said_of_data(workspace: Workspace, run: str | None, language: str) -> dict[str, Any]:
    """`coverage`, `power`, `others` and `addressees` of a Case: what data can show, what was asked, who may get it."""
    found = coverage(workspace, suppress=True, language=language)
    power = None if run is None else kept_power(workspace, run)
    return {
        "coverage": tuple(sentences(found, language)),
        "power": tuple(power.sentences(language)) if power else (),
        "others": 0 if run is None else other_questions(workspace.store, run),
        "addressees": addressees(workspace.folder),
    }


def erased_since(
    run: Mapping[str, Any], clusters: Sequence[Mapping[str, Any]] = (), members: Mapping[str, int] | None = None
) -> Erased | None:
    """What was erased since a run; None where nothing was.

    Args:
        run: its properties.
        clusters: those of its clusters that a document is about, each with `id`, `size` and `erased_at_ms`.
        members: how many each of them has now.
    """
    stamps = [int(at) for of in (run, *clusters) if (at := of["erased_at_ms"]) is not None]
    if not stamps:
        return None
    size = sum(int(of["size"]) for of in clusters)
    left = sum((members or {}).get(of["id"], 0) for of in clusters)
    return Erased(max(stamps), size - left, size)


def later_of(workspace: Workspace, cluster: str) -> Later | None:
    """What became of a cluster in later runs that asked the same; None where it is of the latest such run."""
    current = continued_by(workspace, cluster) or cluster
    last_seen = current.partition(":")[0]
    runs = complete_runs(workspace)
    found = next((r for r in runs if r["id"] == last_seen), None)
    if found is None:
        return None
    asked = lasting(found["parameters"])
    latest = next(r for r in runs if lasting(r["parameters"]) == asked)
    if latest["created_at_ms"] > found["created_at_ms"]:
        return Later(None, latest["id"])
    return None if current == cluster else Later(current, last_seen)
