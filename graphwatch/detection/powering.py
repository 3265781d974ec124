"""Power: which groups would have been found, had they been in these data?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

import pyarrow as pa

from graphwatch import __version__
from graphwatch.common.i18n import text
from graphwatch.common.notebook import card
from graphwatch.detection.config import Question, asked_question, check_something_to_see
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.tables import InteractionColumns, node_rows
from graphwatch.repository.runs import LATEST, complete_run, resolve_run
from graphwatch.settings import POWER_JOINS, POWER_POSTS, POWER_REPEATS, POWER_SIZES, POWER_SPREAD_SECONDS, SEED
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

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
    def table(self) -> pa.Table:
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
        return pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True))))

    @property
    def frame(self) -> "pd.DataFrame":
        """The table for pandas."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

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
            return _told("power.weak", easiest, language)
        least = min(tried, key=lambda c: (c.size, c.posts))
        said = [cell] if least is cell else [cell, least]
        return " ".join(_told("power.found", c, language) for c in said)


def _told(key: str, cell: "Cell", language: str) -> str:
    return text(key, language, size=cell.size, posts=cell.posts, times=10 * cell.found // cell.planted)


def power(
    workspace: Workspace,
    *,
    run: str | None = None,
    sizes: Sequence[int] = POWER_SIZES,
    posts: Sequence[int] = POWER_POSTS,
    spread: float = POWER_SPREAD_SECONDS,
    joins: float = POWER_JOINS,
    repeats: int = POWER_REPEATS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Callable[[str, int, int | None], None] = lambda *_: None,
    **question: Unpack[Question],
) -> Powered:
    """Plant synthetic groups into a copy of the interactions, and report which would have been found.

    Nothing planted is ever written. With `run` the question is that run's, and the run keeps the table.

    Args:
        run: id of a run, or `latest`; the question is then its own.
        sizes: accounts in a group.
        posts: posts on which a group acts.
        spread: standard deviation of the members' times on one post, in seconds.
        joins: chance that a member acts on a post of its group.
        repeats: groups of each size and number of posts.
        seed: of every draw; the same seed gives the same table.
        threads: as many as the machine has when left out; the answer does not depend on it.
        progress: is told what is done, how much of it and the whole.
        question: window, min_objects, fdr and the scope, as for `detect`.

    Raises:
        UsageError: an argument is out of its range, or a question is asked beside that of the run.
        NothingFound: there is no such run, or what it saw has changed since; or no interaction in scope.
        StoreMissing: nothing has been loaded yet.
    """
    from graphwatch.detection.power import Trials, power_of

    trials = Trials(
        _each("size", sizes, 3), _each("number of posts", posts, 1), *_habits(spread, joins), *_draws(repeats, seed)
    )
    if run is None:
        asked = asked_question(workspace, **question)
        columns = workspace.store.interactions(asked.scope)
        check_something_to_see(workspace, asked.scope, columns)
    else:
        if question:
            raise UsageError("a run has a question of its own", remedy=f"Leave out --run or {', '.join(question)}.")
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

    run = resolve_run(workspace, run)
    kept = (complete_run(workspace.store, run) or {}).get("power")
    return Powered(run, Power.from_json(kept)) if kept else None


def _as_asked(workspace: Workspace, run: str) -> tuple["Parameters", InteractionColumns]:
    """What the run was asked, and the data it saw."""
    from graphwatch.detection.parameters import Parameters, identify

    kept = complete_run(workspace.store, run)
    assert kept is not None
    asked = Parameters.from_json(kept["parameters"])
    columns = workspace.store.interactions(asked.scope)
    if identify(columns, asked, __version__)[1] != kept["fingerprint"]:
        raise NothingFound(
            f"the interactions that run {run} saw have changed since",
            where=workspace.place,
            remedy="`graphwatch detect --power` asks the same of what is there now.",
        )
    return asked, columns


def _each(what: str, values: Sequence[int], least: int) -> tuple[int, ...]:
    chosen = tuple(sorted(set(values)))
    if not chosen or not all(least <= v <= 10_000 for v in chosen):
        raise UsageError(
            f"a {what} of a planted group is from {least} to 10,000, not {', '.join(map(str, chosen)) or 'nothing'}",
            remedy="Give --sizes 3,5,10 and --posts 4,8,12.",
        )
    return chosen


def _habits(spread: float, joins: float) -> tuple[float, float]:
    if not 0 <= spread <= 86_400:
        raise UsageError(f"a spread of {spread:g} s is not between 0 and 86,400", remedy="Give --spread 30.")
    if not 0 < joins <= 1:
        raise UsageError(f"a chance to join of {joins:g} is not above 0 and at most 1", remedy="Give --joins 0.7.")
    return float(spread), float(joins)


def _draws(repeats: int, seed: int) -> tuple[int, int]:
    if not 1 <= repeats <= 10_000:
        raise UsageError(f"{repeats} repeats are not between 1 and 10,000", remedy="Give --repeats 20.")
    if seed < 0:
        raise UsageError(f"a seed of {seed} is below 0", remedy="Give --seed 1.")
    return repeats, seed
