"""Power: which groups would have been found, had they been in these data?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from graphwatch import __version__
from graphwatch.common.config import options_of
from graphwatch.common.i18n import text
from graphwatch.common.progress import Progress, silent
from graphwatch.common.table import Table, card
from graphwatch.detection.config import PowerConfig, Question
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.tables import InteractionColumns, node_rows
from graphwatch.repository.runs import complete_run, resolve_run
from graphwatch.settings import LATEST
from graphwatch.store.workspace import Workspace, WritableWorkspace

if TYPE_CHECKING:
    from graphwatch.detection.parameters import Parameters
    from graphwatch.detection.power import Cell, Power


@dataclass(frozen=True, slots=True)
class Powered:
    """What would have been found.

    Attributes:
        run: the run that keeps the table; None where the question was not that of a run, and nothing was written.
        power: the trials and their outcome, a cell for each size and number of posts.
    """

    run: str | None
    power: "Power"

    @property
    def table(self) -> Table:
        """A row for each size and number of posts; share and members are null where the data are too few to try."""
        rows = [
            {
                "size": c.size,
                "posts": c.posts,
                "planted": c.planted,
                "found": c.found,
                "share": c.share,
                "low": c.interval[0],
                "high": c.interval[1],
                "members": c.members if c.planted else None,
            }
            for c in self.power.cells
        ]
        whole, real = pa.int64(), pa.float64()
        types = (whole, whole, whole, whole, real, real, real, real)
        names = ("size", "posts", "planted", "found", "share", "low", "high", "members")
        return Table(pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True)))))

    def _repr_html_(self) -> str:
        cells = (
            (f"{c.size} accounts on {c.posts} posts", "too few data" if c.share is None else f"{c.share:.0%}")
            for c in self.power.cells
        )
        return card(f"found of the planted{f', run {self.run}' if self.run else ''}", cells, self.sentence("en"))

    def sentence(self, language: str = "id") -> str:
        """What can be said where nothing was found; numbers of times are rounded down."""
        tried = [c for c in self.power.cells if c.share is not None]
        if not tried:
            return text("power.untried", language)
        cell = self.power.weakest_found()
        if cell is None:
            easiest = max(tried, key=lambda c: (c.share, c.size, c.posts))
            return f"{_told('power.weak', easiest, language)} {self._holds(language)}"
        least = min(tried, key=lambda c: (c.size, c.posts))
        said = [cell] if least is cell else [cell, least]
        return " ".join([*(_told("power.found", c, language) for c in said), self._holds(language)])

    def _holds(self, language: str) -> str:
        """Of which window and which age of posts the sentence speaks."""
        age_s = self.power.trials.age_s
        if age_s is None:
            return text("power.holds", language)
        return text("power.holds_young", language, seconds=f"{age_s:g}")


def _told(key: str, cell: "Cell", language: str) -> str:
    return text(key, language, size=cell.size, posts=cell.posts, times=10 * cell.found // cell.planted)


def power(
    workspace: WritableWorkspace,
    config: PowerConfig,
    *,
    run: str | None = None,
    threads: int | None = None,
    progress: Progress = silent,
) -> Powered:
    """Plant synthetic groups into a copy of the interactions, and report which would have been found.

    Nothing planted is ever written. With `run` the question is that run's, and the run keeps the table.

    Raises:
        UsageError: a question is asked beside that of the run.
        NothingFound: there is no such run, or what it saw has changed since; or no interaction in scope.
        StoreMissing: nothing has been loaded yet.
    """
    from graphwatch.detection.power import Trials, power_of
    from graphwatch.detection.question import check_something_to_see, parameters_of

    trials = Trials(
        tuple(config.sizes),
        tuple(config.posts),
        float(config.spread),
        float(config.joins),
        config.repeats,
        config.seed,
        config.age,
    )
    if run is None:
        asked = parameters_of(workspace, config)
        columns = workspace.store.interactions(asked.scope, asked.window_ms)
        check_something_to_see(workspace, asked.scope, columns)
    else:
        own = [name for name in config.changed() if name in options_of(Question)]
        if own:
            raise UsageError("a run has a question of its own", remedy=f"Leave out --run or {', '.join(own)}.")
        with workspace.store.session(of_record=True):
            run = resolve_run(workspace, run)
            asked, columns = _as_asked(workspace, run)
    found = power_of(columns, asked, trials, threads=threads, progress=progress)
    if run is not None:
        with workspace.store.write("power") as writing:
            writing.add(node_rows("Run", [{"id": run, "power": found.as_json()}]))
    return Powered(run, found)


def kept_power(workspace: Workspace, run: str = LATEST) -> Powered | None:
    """The table that a run keeps, if there is one.

    Raises:
        NothingFound: there is no such run.
    """
    from graphwatch.detection.power import Power

    with workspace.store.session(of_record=True):
        run = resolve_run(workspace, run)
        row = complete_run(workspace.store, run)
    kept = (row or {}).get("power")
    return Powered(run, Power.from_json(kept)) if kept else None


def _as_asked(workspace: Workspace, run: str) -> tuple["Parameters", InteractionColumns]:
    """What the run was asked, and the data it saw."""
    from graphwatch.detection.parameters import Parameters, identify

    kept = complete_run(workspace.store, run)
    assert kept is not None
    asked = Parameters.from_json(kept["parameters"])
    columns = workspace.store.interactions(asked.scope, asked.window_ms)
    if identify(columns, asked, __version__)[1] != kept["fingerprint"]:
        raise NothingFound(
            f"the interactions that run {run} saw have changed since",
            where=workspace.place,
            remedy="`graphwatch detect --power` asks the same of what is there now.",
        )
    return asked.of_one_window(), columns
