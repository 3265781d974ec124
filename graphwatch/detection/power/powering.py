"""Power: which groups would have been found, had they been in these data?"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphwatch import __version__
from graphwatch.common.config import options_of
from graphwatch.common.progress import Progress, silent
from graphwatch.common.table import Table, card
from graphwatch.detection.config import PowerConfig, Question
from graphwatch.detection.power.words import group_in_words, line_in_words, sentences
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.scope import ALL, FAMILIES, WINDOWS
from graphwatch.model.tables import InteractionColumns, node_rows
from graphwatch.repository.runs import complete_run, resolve_run
from graphwatch.settings import LATEST
from graphwatch.store.workspace import Workspace, WritableWorkspace

if TYPE_CHECKING:
    from graphwatch.detection.families.gathering import Gathered
    from graphwatch.detection.parameters import Parameters
    from graphwatch.detection.power.fields import Field
    from graphwatch.detection.power.planting import Codes
    from graphwatch.detection.power.table import Power

_COLUMNS = pa.schema(
    [
        ("layer", pa.string()),
        *((name, pa.float64()) for name in ("since_s", "until_s")),
        *((name, pa.int64()) for name in ("size", "posts", "planted", "found")),
        *((name, pa.float64()) for name in ("share", "low", "high", "members")),
    ]
)


@dataclass(frozen=True, slots=True)
class Powered:
    """What would have been found.

    Attributes:
        run: the run that keeps the table; None where the question was not that of a run, and nothing was written.
        power: the trials and their outcome, a cell for each layer, age of posts, size and number of posts.
    """

    run: str | None
    power: "Power"

    @property
    def table(self) -> Table:
        """A row for each layer, age of posts, size and number of posts.

        Share and members are null where the data are too few to try; so are ages where they are not asked.
        """
        rows = [
            {
                "layer": c.layer,
                "since_s": c.age and c.age.since_s,
                "until_s": c.age and c.age.until_s,
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
        return Table(pa.Table.from_pylist(rows, schema=_COLUMNS))

    def _repr_html_(self) -> str:
        cells = (
            (
                f"{line_in_words(line, self.power.window_ms, 'en')}: {group_in_words(c, 'en')}",
                "too few data" if c.share is None else f"{c.share:.0%}",
            )
            for line in self.power.lines()
            for c in line.cells
        )
        return card(f"found of the planted{f', run {self.run}' if self.run else ''}", cells, self.sentence("en"))

    def sentences(self, language: str = "id") -> list[str]:
        """What can be said where nothing was found, a sentence for each family and window; times are rounded down."""
        return sentences(self.power, language)

    def sentence(self, language: str = "id") -> str:
        """The same in one paragraph."""
        return " ".join(self.sentences(language))


@dataclass(frozen=True, slots=True)
class _Data:
    """What is there to plant in: the acts as each window sees them, the families, and what is known beside.

    Attributes:
        asked: the whole question.
        at: the acts whose times are known precisely enough for a window, in milliseconds.
        families: what there is of those families at which the question looks.
        tested: the names of those that have enough to be tested as it is.
        names: of the families at which the question looks.
        roster: ids of the roster's accounts; None where no roster is loaded.
    """

    asked: "Parameters"
    at: Callable[[int], InteractionColumns]
    families: "list[Gathered]"
    tested: frozenset[str]
    names: tuple[str, ...]
    roster: pa.StringArray | None


def power(
    workspace: WritableWorkspace,
    config: PowerConfig,
    *,
    run: str | None = None,
    threads: int | None = None,
    progress: Progress = silent,
) -> Powered:
    """Plant synthetic groups into a copy of the data, and report which would have been found.

    Nothing planted is ever written. With `run` the question is that run's, and the run keeps the table.

    Raises:
        UsageError: a question is asked beside that of the run.
        NothingFound: there is no such run, or what it saw has changed since; or there is nothing in scope.
        StoreMissing: nothing has been loaded yet.
    """
    from graphwatch.detection.power.table import Power, Trials, tried_on
    from graphwatch.detection.question import check_something_to_see, parameters_of

    trials = Trials(
        tuple(config.sizes),
        tuple(config.posts or ()),
        config.spread,
        float(config.joins),
        config.repeats,
        config.seed,
        config.age,
    )
    with workspace.store.session(of_record=True):
        if run is None:
            data = _data(workspace, parameters_of(workspace, config), tuple(config.families))
            if not data.tested:
                check_something_to_see(workspace, data.asked.scope, data.at(data.asked.window_ms))
        else:
            own = [name for name in config.changed() if name in options_of(Question)]
            if own:
                raise UsageError("a run has a question of its own", remedy=f"Leave out --run or {', '.join(own)}.")
            run = resolve_run(workspace, run)
            data = _as_asked(workspace, run)
        chosen = _roster_codes(data, trials.sizes)
        fields = _fields(workspace, data, trials, chosen, threads)
    cells, detections = tried_on(fields, trials, progress=progress)
    layers = {field.layer for field in fields}
    found = Power(
        trials,
        cells,
        detections,
        data.asked.window_ms,
        max((len(field.ground.members) for field in fields), default=0),
        chosen is not None,
        tuple(name for name in _wanted(data) if name not in layers),
        tuple(name for name in FAMILIES if name not in data.names),
    )
    if run is not None:
        with workspace.store.write("power") as writing:
            writing.add(node_rows("Run", [{"id": run, "power": found.as_json()}]))
    return Powered(run, found)


def kept_power(workspace: Workspace, run: str = LATEST) -> Powered | None:
    """The table that a run keeps, if there is one.

    Raises:
        NothingFound: there is no such run.
    """
    from graphwatch.detection.power.table import Power

    with workspace.store.session(of_record=True):
        run = resolve_run(workspace, run)
        row = complete_run(workspace.store, run)
    kept = (row or {}).get("power")
    return Powered(run, Power.from_json(kept)) if kept else None


def _data(workspace: Workspace, asked: "Parameters", names: tuple[str, ...]) -> _Data:
    from graphwatch.detection.families.gathering import gathered_families
    from graphwatch.repository.roster import roster_links

    columns = workspace.store.interactions(asked.scope, asked.window_ms)

    def at(window_ms: int) -> InteractionColumns:
        if window_ms == asked.window_ms or not columns.graded:
            return columns
        return workspace.store.interactions(asked.scope, window_ms)

    able = names if asked.fdr is not None and asked.scope.object == "post" else ()
    gathered = gathered_families(workspace.store, asked, able)
    tested = frozenset(of.name for of in gathered if of.tested(asked.min_objects) is not None)
    links = roster_links(workspace.store)
    roster = None if links is None else pa.concat_arrays([t["account"].combine_chunks() for t in (links[0], links[2])])
    return _Data(asked, at, [of for of in gathered if of.acts.num_rows], tested, able, roster)


def _as_asked(workspace: Workspace, run: str) -> _Data:
    """What the run was asked, and the data it saw.

    A run keeps the families that it tested. One of which there was too little to test was asked for, or it was not:
    that cannot be told, and nearly every run asks for all.
    """
    from graphwatch.detection.parameters import Parameters, identify

    kept = complete_run(workspace.store, run)
    assert kept is not None
    asked = Parameters.from_json(kept["parameters"])
    layers = json.loads(kept["layers"] or "{}")
    data = _data(workspace, asked, FAMILIES)
    same = identify(data.at(asked.window_ms), asked, __version__)[1] == kept["fingerprint"]
    told = {of.name: of.family().told for of in data.families}
    alike = all(
        name in data.tested and all(layers[name].get(what) == number for what, number in told[name].items())
        for name in FAMILIES
        if name in layers
    )
    if not same or not alike:
        raise NothingFound(
            f"the interactions that run {run} saw have changed since",
            where=workspace.place,
            remedy="`graphwatch detect --power` asks the same of what is there now.",
        )
    names = tuple(name for name in data.names if name in layers or name not in data.tested)
    return replace(
        data, names=names, tested=data.tested & set(names), families=[f for f in data.families if f.name in names]
    )


def _wanted(data: _Data) -> list[str]:
    """The layers that the question has, in the order in which they are told."""
    return [ALL, *(name for name, window in WINDOWS.items() if window in data.asked.windows), *data.names]


def _roster_codes(data: _Data, sizes: tuple[int, ...]) -> "Codes | None":
    """The roster's accounts; None where there is no roster, or too few of it act for any group."""
    import numpy as np
    import pyarrow.compute as pc

    if data.roster is None:
        return None
    columns = data.at(data.asked.window_ms)
    codes = pc.index_in(pc.unique(data.roster), value_set=columns.accounts).drop_null().to_numpy().astype(np.int64)
    acting = [np.unique(columns.account)]
    for gathered in data.families:
        ids = pc.unique(gathered.acts["account"].combine_chunks())
        acting.append(pc.index_in(ids, value_set=columns.accounts).to_numpy().astype(np.int64))
    chosen: Codes = np.intersect1d(codes, np.concatenate(acting))
    return chosen if len(chosen) >= min(sizes) else None


def _fields(
    workspace: Workspace,
    data: _Data,
    trials: Any,
    chosen: "Codes | None",
    threads: int | None,
) -> "list[Field]":
    """Where groups are planted, of each layer that the data have."""
    from graphwatch.detection.power.fields import day_field, family_field, timed_field
    from graphwatch.detection.power.planting import AGES, Age
    from graphwatch.detection.question import context_of
    from graphwatch.detection.run import timed_windows

    asked, columns = data.asked, data.at(data.asked.window_ms)
    ages = AGES if trials.age_s is None else (Age(0.0, trials.age_s),)
    fields: list[Field] = []
    for layer, window_ms in ((ALL, asked.window_ms), *((name, WINDOWS[name]) for name in timed_windows(asked))):
        seen = data.at(window_ms)
        fields += [
            timed_field(
                seen,
                asked.of_window(window_ms),
                age,
                layer=layer,
                spread_s=trials.spread_s,
                chosen=chosen,
                threads=threads,
            )
            for age in ages
            if len(seen.account)
        ]
    if WINDOWS["day"] in asked.windows and asked.scope.object == "post":
        seen = data.at(WINDOWS["day"])
        targets = context_of(workspace, seen, asked.scope.object).targets
        pages = next((of for of in targets if of.label == "Page"), None)
        day = pages and day_field(seen, asked, pages, chosen=chosen, threads=threads)
        fields += [day] if day else []
    for gathered in data.families:
        sharing = len(data.tested | {gathered.name})
        field = family_field(gathered, columns.accounts, asked, families=sharing, chosen=chosen, threads=threads)
        fields.append(field)
    return fields
