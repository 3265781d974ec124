"""The question of a run, and what the graph knows beside the interactions: roster, and whose posts the posts are."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.clock import Validity
from graphwatch.detection.config import DetectionConfig, Question
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.scope import WINDOWS, Scope
from graphwatch.model.tables import InteractionColumns, LeftOut
from graphwatch.repository.calendars import resolve_range
from graphwatch.repository.paslon import behind_objects
from graphwatch.repository.resolver import resolve, resolve_many
from graphwatch.repository.roster import roster_links
from graphwatch.settings import SEED
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.groups.enrichment import Context, Links, Roster, Targets
    from graphwatch.detection.parameters import Parameters


def parameters_of(workspace: Workspace, asked: Question) -> "Parameters":
    """The parameters of a run that is asked this; power has no layers, and the seed of any run.

    Raises:
        UsageError: a day, phase or calendar is none, or the window is too long to be tested against chance.
        NothingFound: the store has no such page or paslon.
    """
    from graphwatch.detection.parameters import Parameters  # it mixes fingerprints with compiled code

    _check_testable(asked)
    whole = asked if isinstance(asked, DetectionConfig) else None
    with workspace.store.session(of_record=True):
        during = resolve_range(workspace, asked.from_, asked.to, asked.phase, asked.calendar)
        scope = _scope(workspace, asked, during)
    return Parameters(
        window_ms=round(asked.seconds * 1000),
        min_objects=asked.min_objects,
        fdr=asked.fdr,
        layers=whole.layers if whole else False,
        sensitivity=(whole.sensitivity if whole else True) and asked.fdr is not None,
        seed=whole.seed if whole else SEED,
        windows=tuple(WINDOWS.values()) if asked.window is None and asked.fdr is not None else (),
        scope=scope,
    )


def _check_testable(asked: Question) -> None:
    from graphwatch.detection.chance.null_model import LONGEST_TESTED_MS

    if asked.fdr is not None and asked.seconds * 1000 > LONGEST_TESTED_MS:
        longest = LONGEST_TESTED_MS // 1000
        raise UsageError(
            f"a window of {asked.seconds:g} s cannot be tested against chance: within hours people do what their day "
            f"is like, so that {longest} s is the longest",
            remedy=f"Give --window {longest} or less; leave it out, and days are looked at, too; or count the pairs "
            "without a test: --count-only.",
        )


def _scope(workspace: Workspace, asked: Question, during: TimeRange) -> Scope:
    """The scope; neither the spelling of pages and paslon nor the order in which they are named makes another one."""
    pages = resolve_many(workspace, asked.pages, ("Page",)) if asked.pages else ()
    return Scope(
        kinds=tuple(asked.kinds),
        object=asked.object,
        pages=tuple(sorted(page.id for page in pages)),
        paslon=None if asked.paslon is None else resolve(workspace, asked.paslon, ("Paslon",)).id,
        paslon_pages=asked.paslon_pages and asked.paslon is None,  # the pages of one paslon are pages of some
        begin_ms=during.begin_ms,
        end_ms=during.end_ms,
    )


def check_something_to_see(workspace: Workspace, scope: Scope, columns: InteractionColumns) -> None:
    """There is an interaction to look at.

    Raises:
        NothingFound: there is none; the message names the scope.
    """
    if len(columns.account):
        return
    where, said = workspace.place, in_words(scope)
    if scope.object != "post" and not len(columns.objects):
        raise NothingFound(
            f"no post in scope has a {scope.object} ({said})",
            where=where,
            remedy="Load the posts with their page, links, hashtags and images: `graphwatch load FILE --as posts`.",
        )
    others = left_out_in_words(columns.left_out)
    without = f"; {others}" if others else ""
    raise NothingFound(
        f"there are no timed interactions in scope ({said}){without}",
        where=where,
        remedy="Ask for more with --kind, --page, --paslon, --from or --to, or load interactions."
        + (_OF_LOOKS if columns.left_out.observed else ""),
    )


_OF_LOOKS: Final = " Where times are those of the acts and not of a look, load the file with --time acted."


def left_out_in_words(left_out: LeftOut) -> str:
    """Interactions that are left out for their times, for people; empty where there are none.

    >>> left_out_in_words(LeftOut(untimed=1, observed=1200))
    '1 have no time, 1,200 have the time when somebody looked'
    """
    parts = (
        (left_out.untimed, "have no time"),
        (left_out.observed, "have the time when somebody looked"),
        (left_out.coarse, "have a time that is known less precisely than the window"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in parts if number)


def in_words(scope: Scope) -> str:
    """What a scope holds, for people.

    >>> in_words(Scope(("LIKED",), "link", ("x:1",)))
    'LIKED; links of posts; pages x:1; at any time'
    """
    parts = [", ".join(scope.kinds), "posts" if scope.object == "post" else f"{scope.object}s of posts"]
    if scope.pages:
        parts.append(f"pages {', '.join(scope.pages)}")
    if scope.paslon is not None:
        parts.append(f"pages of paslon {scope.paslon}")
    if scope.paslon_pages:
        parts.append("pages of any paslon")
    return "; ".join([*parts, str(TimeRange(scope.begin_ms, scope.end_ms))])


Row = dict[str, Any]


def context_of(workspace: Workspace, columns: InteractionColumns, object: str) -> "Context":
    """The roster's links of accounts that acted and the pages and paslon behind objects, as codes of these columns.

    Args:
        workspace: whose store is read.
        columns: what a run sees.
        object: what counts as the object: post, page, link or hashtag.
    """
    from graphwatch.detection.groups.enrichment import Context

    digest = sha256()
    with workspace.store.session(of_record=True):
        roster = roster_of(workspace, columns, digest)
        behind = {
            label: _known(table, "object", columns.objects)
            for label, table in behind_objects(workspace.store, object).items()
        }
    targets = tuple(_targets(label, rows, columns, digest) for label, rows in behind.items())
    return Context(roster, targets, _platforms(columns.accounts), digest.hexdigest())


def roster_of(workspace: Workspace, columns: InteractionColumns, digest: Any = None) -> "Roster | None":
    """The roster's links of accounts that acted, added to the digest; None where no roster is loaded."""
    from graphwatch.detection.groups.enrichment import BASES, Roster

    linked = roster_links(workspace.store)
    if linked is None:
        return None
    people, agencies, duty = (_known(table, "account", columns.accounts) for table in linked)
    if digest:
        digest.update(repr(("roster", people, agencies, duty)).encode())
    ids = pa.array(sorted({row["to"] for row in agencies + duty}), pa.string())
    known = [row for row in people if row["to"] in BASES]
    return Roster(
        _links(known, pa.array(BASES), columns), _links(agencies, ids, columns), _links(duty, ids, columns), ids
    )


def _known(table: pa.Table, name: str, ids: pa.StringArray) -> list[Row]:
    """The rows whose account or object is among these, in an order that no engine decides."""
    found = table.filter(pc.is_in(table[name].cast(pa.string()), value_set=ids)).to_pylist()
    return sorted(found, key=lambda row: [(value is None, value) for value in row.values()])


def _links(rows: list[Row], ids: pa.StringArray, columns: InteractionColumns) -> "Links":
    """Links as codes; an open end is open, and employment must be in force as well."""
    from graphwatch.detection.groups.enrichment import Links

    bounds = [
        (Validity(row["from_ms"], row["to_ms"]) & Validity(row.get("works_from_ms"), row.get("works_to_ms"))).bounds
        for row in rows
    ]
    return Links(
        _codes(rows, "account", columns.accounts),
        _codes(rows, "to", ids),
        np.array([from_ms for from_ms, _ in bounds], np.int64),
        np.array([to_ms for _, to_ms in bounds], np.int64),
    )


def _codes(rows: list[Row], name: str, ids: pa.StringArray) -> Any:
    values = pa.array([row[name] for row in rows], pa.string())
    return np.array(pc.index_in(values, value_set=ids).to_pylist(), np.int32)


def _targets(label: str, rows: list[Row], columns: InteractionColumns, digest: Any) -> "Targets":
    from graphwatch.detection.groups.enrichment import Targets

    digest.update(repr((label, rows)).encode())
    ids = pa.array(sorted({row["to"] for row in rows}), pa.string())
    return Targets(label, ids, _codes(rows, "object", columns.objects), _codes(rows, "to", ids))


def _platforms(accounts: pa.StringArray) -> Any:
    """A code for each account's platform, which its id begins with."""
    return np.unique([id.partition(":")[0] for id in accounts.to_pylist()], return_inverse=True)[1].astype(np.int32)
