"""Detect: ask which accounts acted together, and write the answer back into the graph."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphwatch import __version__
from graphwatch.analysis.querying import query
from graphwatch.common.clock import now_ms
from graphwatch.common.large_arrays import within
from graphwatch.common.notes import Note
from graphwatch.common.progress import Progress, silent
from graphwatch.common.table import Table, card
from graphwatch.detection.cluster_matching import predecessors
from graphwatch.detection.config import DetectionConfig, Means
from graphwatch.detection.question import context_of
from graphwatch.errors import UsageError
from graphwatch.model.scope import ALL, FAMILIES, WINDOWS
from graphwatch.model.tables import InteractionColumns
from graphwatch.repository.runs import complete_run, continued_clusters, other_questions
from graphwatch.settings import SCRATCH, TERMINAL_LANGUAGE
from graphwatch.store.workspace import Workspace, WritableWorkspace

if TYPE_CHECKING:
    import pyarrow as pa

    from graphwatch.detection.chance.lags import Lags
    from graphwatch.detection.course import Leg
    from graphwatch.detection.families.gathering import Family
    from graphwatch.detection.groups.enrichment import Context
    from graphwatch.detection.parameters import Parameters
    from graphwatch.detection.run import Ran

_DENOMINATORS: Final = (
    *("interactions", "untimed", "observed", "coarse"),
    *("accounts", "objects", "visited_pairs", "pairs", "clusters"),
)


@dataclass(frozen=True, slots=True)
class Detected:
    """A run, and what it found out of what.

    Attributes:
        run: id of the run.
        already: the same question had been asked of the same data before; nothing was written.
        denominators: interactions; untimed, observed and coarse, which were left out for their times; accounts,
            objects, visited_pairs, pairs, clusters.
        coordinated: pairs beyond chance; None where nothing was tested.
        layers: the denominators of each kind of interaction alone, where they were looked at.
        windows: the same at each further window, where none was asked for.
        families: by name what texts, links and likes without a time showed: acts, what of them was left out, accounts,
            objects, tests, pairs, coordinated, clusters; only those that had enough to be tested.
        sensitivity: window_ms, pairs, coordinated, clusters and accounts at half and twice the window.
        lags: accounts tested for a regular lag, regular ones, and shared, as regular as twenty others; empty where no
            lag can be known.
        continued: clusters that continue one of an earlier run.
        others: how many other questions were put to the same data: runs with other parameters.
        slowness: why the kernels started slower than they need to, if they did.
        unfinished: files of which only a part is there, a sentence each; the numbers are of that part, too.
    """

    project: Workspace
    run: str
    already: bool
    denominators: dict[str, int]
    coordinated: int | None
    layers: dict[str, dict[str, int]]
    windows: dict[str, dict[str, int]]
    families: dict[str, dict[str, int]]
    sensitivity: list[dict[str, int | None]]
    continued: int
    lags: dict[str, int] = field(default_factory=dict)
    others: int = 0
    slowness: str | None = None
    unfinished: tuple[str, ...] = ()

    @property
    def pairs(self) -> Table:
        """The pairs that reached the count."""
        return query(self.project, "co-interactions", {"run": self.run, "limit": max(1, self.denominators["pairs"])})

    @property
    def clusters(self) -> Table:
        """The clusters, largest first."""
        return query(self.project, "clusters", {"run": self.run})

    def _repr_html_(self) -> str:
        rows = [
            *self.denominators.items(),
            ("coordinated", "not tested" if self.coordinated is None else self.coordinated),
        ]
        return card(f"Run {self.run}", rows, "A finding is a lead for a person to weigh, never a verdict.")


def detect(
    workspace: WritableWorkspace,
    config: DetectionConfig,
    means: Means | None = None,
    *,
    threads: int | None = None,
    progress: Progress = silent,
) -> Detected:
    """Find pairs of accounts that act on the same objects within a window of each other, and their clusters.

    Args:
        means: which acts, and with what they are looked at; the store's own, here and in memory, when left out.
        threads: as many as the machine has when None; the answer does not depend on it.
        progress: is told which search is under way, and how much of all work is done.

    Raises:
        NothingFound: there is no such page or paslon, or no interaction in scope.
        StoreMissing: nothing has been loaded yet.
        InputError: the files of acts are not there, cannot be read or are none.
        UsageError: Spark cannot be had, or acts from files are asked for their pages, links, hashtags or images.
        StoreError: the disk has no room for what does not fit into memory, or Spark gave up.
    """
    means = means or Means()
    with ExitStack() as stack:
        scratch = workspace.folder
        if means.memory is not None or means.acts is not None:
            beside = scratch if scratch.is_dir() else None
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=SCRATCH, dir=beside)))
        stack.enter_context(within(means.bytes, scratch))
        read = stack.enter_context(_readers(workspace, means, scratch))
        return _detected(workspace, config, means, read, scratch, threads, progress)


Reading = Callable[["Parameters", int], InteractionColumns]


@contextmanager
def _readers(workspace: Workspace, means: Means, scratch: Path) -> Iterator[Reading]:
    """What reads the acts; where Spark counts, it does so as long as this is open."""
    if means.master is not None and means.engine != "spark":
        raise UsageError("--master is only for --engine spark", remedy="Add --engine spark, or leave it out.")

    def of_store(asked: "Parameters", window_ms: int) -> InteractionColumns:
        return workspace.store.interactions(asked.scope, window_ms)

    def of_files(asked: "Parameters", window_ms: int) -> InteractionColumns:  # noqa: ARG001
        from graphwatch.detection.counting.act_files import read_acts

        assert means.acts is not None
        return read_acts(means.acts, asked.scope, means.bytes, scratch)

    if means.engine == "local":
        yield of_store if means.acts is None else of_files
        return
    from graphwatch.detection.counting.pairs import counting_by
    from graphwatch.detection.counting.spark import connected

    with connected(means.master) as cluster, counting_by(cluster.count):

        def by_spark(asked: "Parameters", window_ms: int) -> InteractionColumns:
            if means.acts is None:
                return of_store(asked, window_ms)
            return cluster.read(means.acts, asked.scope, means.bytes, scratch)

        yield by_spark


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a run is about to look at; `run` and `data` are its id and the data's."""

    asked: "Parameters"
    columns: InteractionColumns
    families: "list[Family]"
    context: "Context"
    lags: "Lags | None"
    run: str
    data: str


def _seen(workspace: Workspace, config: DetectionConfig, means: Means, read: Reading) -> _Seen:
    from graphwatch.detection.families.gathering import testable_families
    from graphwatch.detection.parameters import identify
    from graphwatch.detection.question import check_something_to_see, parameters_of
    from graphwatch.detection.run import adapted

    asked = parameters_of(workspace, config)
    columns = read(asked, asked.window_ms)
    # Files of acts have no texts, no links and no likes without a time.
    families = testable_families(workspace.store, asked, () if means.acts else config.families)
    if not families:
        check_something_to_see(workspace, asked.scope, columns)
    context = context_of(workspace, columns, asked.scope.object)
    lags = _lags(columns, asked, read)
    # What families are made of is known beside the timed interactions: with other texts it is another run.
    known = context.digest + "".join(family.digest.hex() for family in families) + adapted(columns, asked)
    # Where lags are regular earlier versions say less.
    known += "regular lags" if lags else ""
    return _Seen(asked, columns, families, context, lags, *identify(columns, asked, __version__, known))


def _detected(
    workspace: WritableWorkspace,
    config: DetectionConfig,
    means: Means,
    read: Reading,
    scratch: Path,
    threads: int | None,
    progress: Progress,
) -> Detected:
    from graphwatch.common.compiled import slowness
    from graphwatch.detection.course import followed

    # One state of the store is asked, in one opening of its graph; files of acts are read while others may load.
    with nullcontext() if means.acts is not None else workspace.store.session(of_record=True):
        seen = _seen(workspace, config, means, read)
        before = _recorded(workspace, seen.run, already=True)
    if before is not None:
        return before
    with followed(_legs(seen.columns, seen.asked, seen.families), progress):
        _search(workspace, seen, means, read, scratch, threads)
    written = _recorded(workspace, seen.run, already=False, slowness=slowness())
    assert written is not None
    return written


def _search(
    workspace: WritableWorkspace, seen: _Seen, means: Means, read: Reading, scratch: Path, threads: int | None
) -> None:
    """Look at all that is asked, and keep what is found with the acts behind it."""
    from graphwatch.detection.burst_tables import interaction_ids
    from graphwatch.detection.course import leg
    from graphwatch.detection.family_layers import with_days, with_families
    from graphwatch.detection.run import run_question

    columns, asked = seen.columns, seen.asked

    def at(window_ms: int) -> InteractionColumns:
        return read(asked, window_ms) if columns.graded else columns

    ran = run_question(
        columns,
        asked,
        run=seen.run,
        data=seen.data,
        version=__version__,
        context=seen.context,
        threads=threads,
        columns_at=at,
    )
    ran = replace(ran, lags=seen.lags)
    if WINDOWS["day"] in asked.windows:
        leg("day")
        ran = with_days(ran, at(WINDOWS["day"]), seen.context, threads)
    if means.acts is not None:
        from graphwatch.detection.bringing_home import bring_home

        bring_home(workspace, ran, columns, means.acts, scratch)
    with workspace.store.session(of_record=True):
        interactions = [interaction_ids(workspace.store, found) for found in ran.layers]
    leg("families")
    ran, of_families = with_families(ran, seen.families, columns, seen.context, threads)
    leg("keeping")
    _keep(workspace, ran, interactions + of_families)


def _lags(columns: InteractionColumns, asked: "Parameters", read: Reading) -> "Lags | None":
    """Who is regular among those whose times are known to the second; nobody where nothing is tested."""
    from graphwatch.detection.chance.lags import PRECISE_MS, regular_lags

    if asked.fdr is None:
        return None
    return regular_lags(read(asked, PRECISE_MS) if columns.graded else columns, asked.fdr)


def _legs(columns: InteractionColumns, asked: "Parameters", families: Sequence["Family"]) -> dict[str, "Leg"]:
    """What a detection goes through, in its order; the work of each is the number of acts that it looks at."""
    from graphwatch.detection.course import Leg
    from graphwatch.detection.run import layers_of, other_windows, timed_windows

    def in_seconds(window_ms: int) -> float:
        return window_ms // 1000 if window_ms % 1000 == 0 else window_ms / 1000

    def within(window_ms: int, rows: float) -> Leg:
        return Leg(Note("progress.acts", seconds=in_seconds(window_ms)), rows)

    rows, seconds = len(columns.account), in_seconds(asked.window_ms)
    legs = {ALL: within(asked.window_ms, rows)}
    for kind in layers_of(columns, asked)[1:]:
        of_kind = int((columns.kind == columns.kinds.index(kind)).sum())
        legs[kind] = Leg(Note("progress.acts_of_kind", kind=kind, seconds=seconds), of_kind)
    legs |= {name: within(WINDOWS[name], rows) for name in timed_windows(asked)}
    legs |= {str(window_ms): within(window_ms, rows) for window_ms in other_windows(asked.window_ms)}
    legs["day"] = Leg(Note("progress.days"), rows if WINDOWS["day"] in asked.windows else 0)
    legs["families"] = Leg(Note("progress.families"), sum(family.acts.num_rows for family in families))
    # The store is written in about the time of a search among a tenth of the acts.
    legs["keeping"] = Leg(Note("progress.keeping"), rows / 10)
    return legs


def _keep(workspace: WritableWorkspace, ran: "Ran", interactions: Sequence["pa.ListArray"]) -> None:
    """Write the run into the graph, after those whose clusters it continues."""
    from graphwatch.detection.findings import tables

    continuing = predecessors(workspace, ran)
    with workspace.store.write("run") as writing:
        for table in tables(ran, continuing, interactions, created_at_ms=now_ms()):
            writing.add(table)


def _recorded(workspace: Workspace, run: str, *, already: bool, slowness: str | None = None) -> Detected | None:
    """What the graph holds of a complete run; None where there is no such run."""
    with workspace.store.session(of_record=True):
        row = complete_run(workspace.store, run)
        if row is None:
            return None
        continued, others = continued_clusters(workspace.store, run), other_questions(workspace.store, run)
    layers = json.loads(row["layers"] or "{}")
    return Detected(
        project=workspace,
        run=run,
        already=already,
        denominators={name: row[name] or 0 for name in _DENOMINATORS},
        coordinated=row["coordinated"],
        layers={name: of for name, of in layers.items() if name not in (*FAMILIES, *WINDOWS)},
        windows={name: layers[name] for name in WINDOWS if name in layers},
        families={name: of for name, of in layers.items() if name in FAMILIES},
        sensitivity=json.loads(row["sensitivity"] or "[]"),
        continued=continued,
        lags=json.loads(row["lags"] or "{}"),
        others=others,
        slowness=slowness,
        unfinished=tuple(half.told(TERMINAL_LANGUAGE) for half in workspace.store.unfinished()),
    )
