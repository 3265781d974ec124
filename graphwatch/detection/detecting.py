"""Detect: ask which accounts acted together, and write the answer back into the graph."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphwatch import __version__
from graphwatch.analysis.querying import query
from graphwatch.calendar.timerange import Moment
from graphwatch.common.clock import now_ms
from graphwatch.common.notebook import card
from graphwatch.detection.cluster_matching import predecessors
from graphwatch.detection.config import asked_question, check_something_to_see
from graphwatch.detection.context import context_of
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import Object
from graphwatch.repository.runs import complete_run, continued_clusters
from graphwatch.settings import FDR, MIN_OBJECTS, SEED, WINDOW_SECONDS
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


_DENOMINATORS: Final = ("interactions", "untimed", "accounts", "objects", "visited_pairs", "pairs", "clusters")


@dataclass(frozen=True, slots=True)
class Detected:
    """A run, and what it found out of what.

    Attributes:
        run: id of the run.
        already: the same question had been asked of the same data before; nothing was written.
        denominators: interactions, untimed, accounts, objects, visited_pairs, pairs, clusters.
        coordinated: pairs beyond chance; None where nothing was tested.
        layers: the denominators of each kind of interaction alone, where they were looked at.
        sensitivity: window_ms, pairs, coordinated, clusters and accounts at half and twice the window.
        continued: clusters that continue one of an earlier run.
        slowness: why the kernels started slower than they need to, if they did.
    """

    project: Workspace
    run: str
    already: bool
    denominators: dict[str, int]
    coordinated: int | None
    layers: dict[str, dict[str, int]]
    sensitivity: list[dict[str, int | None]]
    continued: int
    slowness: str | None = None

    @property
    def pairs(self) -> "pd.DataFrame":
        """The pairs that reached the count."""
        return query(self.project, "co-interactions", {"run": self.run, "limit": max(1, self.denominators["pairs"])})

    @property
    def clusters(self) -> "pd.DataFrame":
        """The clusters, largest first."""
        return query(self.project, "clusters", {"run": self.run})

    def _repr_html_(self) -> str:
        rows = [
            *self.denominators.items(),
            ("coordinated", "not tested" if self.coordinated is None else self.coordinated),
        ]
        return card(f"Run {self.run}", rows, "A finding is a lead for a person to weigh, never a verdict.")


def detect(
    workspace: Workspace,
    *,
    window: float = WINDOW_SECONDS,
    min_objects: int = MIN_OBJECTS,
    kinds: Sequence[str] = POST_INTERACTIONS,
    object: Object = "post",
    pages: Sequence[str] = (),
    paslon: str | None = None,
    paslon_pages: bool = False,
    from_: Moment | None = None,
    to: Moment | None = None,
    phase: str | None = None,
    calendar: str | None = None,
    fdr: float | None = FDR,
    layers: bool = False,
    sensitivity: bool = True,
    seed: int = SEED,
    threads: int | None = None,
) -> Detected:
    """Find pairs of accounts that act on the same objects within a window of each other, and their clusters.

    Args:
        window: seconds between two actions that count as together, inclusive.
        min_objects: distinct objects on which a pair must act together.
        kinds: kinds of interaction that are looked at.
        object: what accounts are said to act on: post, page (that published the post), link or hashtag (in it).
        pages: ids of pages; only interactions with their posts are looked at.
        paslon: id of a paslon; only interactions with posts of pages that support it are looked at.
        paslon_pages: only interactions with posts of pages that support some paslon are looked at.
        from_, to: first and last day or time, both included; in Asia/Jakarta unless they say otherwise.
        phase, calendar: only during that phase of the election calendar, see `Desk.resolve_range`.
        fdr: false discovery rate at which pairs are called coordinated and accounts are members of clusters. With
            None pairs are only counted, and clusters are of all that reached the count.
        layers: look at each kind of interaction alone, too.
        sensitivity: also say what half and twice the window would find, where pairs are tested.
        seed: of every random choice.
        threads: as many as the machine has when left out; the answer does not depend on it.

    Raises:
        UsageError: an argument is out of its range.
        NothingFound: there is no such page or paslon, or no interaction in scope.
        StoreMissing: nothing has been loaded yet.
    """
    from graphwatch.common.compiled import slowness
    from graphwatch.detection.burst_tables import interaction_ids
    from graphwatch.detection.findings import tables
    from graphwatch.detection.layers import run_question
    from graphwatch.detection.parameters import identify

    asked = asked_question(
        workspace,
        window=window,
        min_objects=min_objects,
        kinds=kinds,
        object=object,
        pages=pages,
        paslon=paslon,
        paslon_pages=paslon_pages,
        from_=from_,
        to=to,
        phase=phase,
        calendar=calendar,
        fdr=fdr,
        layers=layers,
        sensitivity=sensitivity,
        seed=seed,
    )
    columns = workspace.store.interactions(asked.scope)
    check_something_to_see(workspace, asked.scope, columns)
    context = context_of(workspace, columns, asked.scope.object)
    run, data = identify(columns, asked, __version__, context.digest)
    before = _recorded(workspace, run, already=True)
    if before is not None:
        return before
    ran = run_question(columns, asked, run=run, data=data, version=__version__, context=context, threads=threads)
    continuing = predecessors(workspace, ran)
    with workspace.store.session():
        interactions = [interaction_ids(workspace.store, found) for found in ran.layers]
    with workspace.store.write("run") as writing:
        for table in tables(ran, continuing, interactions, created_at_ms=now_ms()):
            writing.add(table)
    written = _recorded(workspace, run, already=False, slowness=slowness())
    assert written is not None
    return written


def _recorded(workspace: Workspace, run: str, *, already: bool, slowness: str | None = None) -> Detected | None:
    """What the graph holds of a complete run; None where there is no such run."""
    with workspace.store.session():
        row = complete_run(workspace.store, run)
        if row is None:
            return None
        continued = continued_clusters(workspace.store, run)
    return Detected(
        project=workspace,
        run=run,
        already=already,
        denominators={name: row[name] for name in _DENOMINATORS},
        coordinated=row["coordinated"],
        layers=json.loads(row["layers"] or "{}"),
        sensitivity=json.loads(row["sensitivity"] or "[]"),
        continued=continued,
        slowness=slowness,
    )
