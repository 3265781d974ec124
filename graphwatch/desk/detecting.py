"""Detection: the form of its config with what it would cost beside it, running it, runs side by side, and power."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pyarrow as pa
from starlette.responses import Response

from graphwatch.common.config import options_of
from graphwatch.common.i18n import text
from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.keeping import DECIDED
from graphwatch.desk.tables import Listed, label_of, time_word
from graphwatch.desk.waiting import shown_when_over
from graphwatch.detection.config import DetectionConfig
from graphwatch.errors import GraphwatchError, NothingFound, UsageError
from graphwatch.explain.words import number
from graphwatch.project import Project

if TYPE_CHECKING:
    # It brings the kernels along, and with them two seconds of a start.
    from graphwatch.detection.estimate import Estimate

_FIRST: Final = ("window", "min_objects", "object", "kinds", "paslon_pages", "paslon", "from_", "to", "phase")
_HIDDEN: Final = (
    *(
        "parameters",
        "version",
        "fingerprint",
        "layers",
        "sensitivity",
        "seed",
        "tests",
        "untimed",
        "observed",
        "coarse",
    ),
    *("visited_pairs", "status"),
)
# What says that a form was sent, since a box that is not ticked says nothing.
_SENT: Final = "asked"


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the config on the form: of which sort, what it is for, its value, bounds and choices."""

    name: str
    sort: str
    label: str
    help: str
    value: Any
    least: float | None
    most: float | None
    choices: tuple[str, ...]


def detect(asked: Asked) -> Response:
    """The form, what it would cost, and the runs so far."""
    work = asked.desk.works.get(asked.words["work"]) if asked.words.get("work") else None
    problem: GraphwatchError | None = work.error if work else None
    config = DetectionConfig()
    try:
        config = DetectionConfig.asked(None, _values(asked.words))
    except UsageError as error:
        problem = error
    runs = _runs(asked)
    sides = _side_by_side(asked, list(runs))
    estimated = work.outcome if work and work.state == "done" and work.verb == "estimate" else None
    entries = list(_entries(asked))
    first = sorted((e for e in entries if e.name in _FIRST), key=lambda e: _FIRST.index(e.name))
    shown_runs = {"": Listed(runs, hidden=_HIDDEN, links={"run": "/runs/"})}
    return asked.tables(
        "detect",
        shown_runs | ({"compared": Listed(sides, facets=("differs",))} if len(sides) else {}),
        command=("detect", *_flags(config)),
        cypher=asked.cypher("runs"),
        entries=first,
        known=asked.kept(_known, "known paslon and phases", but=DECIDED),
        more=[entry for entry in entries if entry.name not in _FIRST],
        problem=problem,
        estimate=None if estimated is None else _told(estimated, asked.language),
        busiest=[] if estimated is None else estimated.busiest,
        running=asked.desk.works.running,
        runs=list(runs),
        before=asked.words.get("before", ""),
        after=asked.words.get("after", ""),
    )


def begin(asked: Asked) -> Response:
    """Estimate, or detect, in a process of its own."""
    said = {name: value for name, value in asked.form.items() if name.startswith("f.") and value} | {_SENT: "1"}
    try:
        values = _values(said)
        DetectionConfig.asked(None, values)
    except UsageError:
        return onward(f"/detect?{urlencode(said)}")  # the form says what is wrong
    verb = "detect" if asked.form.get("do") == "detect" else "estimate"
    known = asked.desk.works.latest("estimate")
    expected = known.outcome.seconds if known and known.state == "done" and known.given == {"asked": values} else None
    work = asked.desk.works.begin(
        verb,
        (asked.desk.place, asked.desk.folder),
        about="",
        back=f"/detect?{urlencode(said)}",
        expected=expected,
        asked=values,
    )
    return shown_when_over(work)


def _known(project: Project) -> dict[str, list[tuple[str, str]]]:
    """What may be written into a field, each with what it is called: the paslon and the phases of the store."""
    with project.store.session():
        paslon = [(row["paslon"], row["name"] or "") for row in project.query("paslon-engagement")]
        phases = [(row["phase"], "") for row in project.query("phases")]
    return {"paslon": sorted(set(paslon)), "phase": sorted(set(phases))}


def _runs(asked: Asked) -> Table:
    return asked.kept(lambda project: project.query("runs"), "runs", but=DECIDED)


def run(asked: Asked) -> Response:
    """One run: what it asked and saw, what it found, and which groups it would have found."""
    id = asked.named["id"]
    row = next((row for row in _runs(asked) if row["run"] == id), None)
    if row is None:
        raise NothingFound("there is no such run", where=id)
    powered = asked.kept(lambda project: project.kept_power(id), "power", id, but=DECIDED)
    work = asked.desk.works.get(asked.words["work"]) if asked.words.get("work") else None
    return asked.tables(
        "run",
        {"power": Listed(powered.table, facets=("layer",))} if powered else {},
        here="detect",
        run=id,
        row=row,
        facts=_facts(row, asked.language),
        sentences=powered.sentences(asked.language) if powered else [],
        problem=work.error if work else None,
        command=("power", "--run", id),
        cypher=[asked.cypher("runs"), asked.cypher("clusters", run=id)],
    )


def power(asked: Asked) -> Response:
    """Compute which groups a run would have found."""
    id = asked.named["id"]
    work = asked.desk.works.begin("power", (asked.desk.place, asked.desk.folder), about=id, back=f"/runs/{id}", run=id)
    return shown_when_over(work)


# The form


def _entries(asked: Asked) -> Iterator[Entry]:
    """The fields with what was said of them, right or wrong; before anything was, with what they usually are."""
    declared, said, sent = options_of(DetectionConfig), asked.words, _SENT in asked.words
    for field in fields(DetectionConfig):
        option, name = declared[field.name], f"f.{field.name}"
        usual: Any = field.default
        value: Any = said.get(name, "") if sent else f"{usual:g}" if isinstance(usual, float) else usual
        if option.many and option.choices:
            sort = "choices"
            value = [c for c in option.choices if (said.get(f"{name}.{c}") if sent else c in usual)]
        elif option.choices:
            sort = "choice"
        elif isinstance(usual, bool):
            sort = "flag"
        elif option.is_bounded:
            sort = "number"
        else:
            sort = "day" if field.name in ("from_", "to") else "text"
        least = option.least if option.least is not None else option.above
        most = option.most if option.most is not None else option.below
        label = asked.say(f"desk.detect.{field.name}")
        help = asked.say(f"desk.detect.{field.name}.help")
        yield Entry(field.name, sort, label, help, value or "", least, most, option.choices)


def _values(said: Mapping[str, str]) -> dict[str, Any]:
    """What a form or an address says of the config; nothing where no form was sent.

    Raises:
        UsageError: what should be a number is none.
    """
    if _SENT not in said:
        return {}
    values: dict[str, Any] = {}
    for field in fields(DetectionConfig):
        option, given = options_of(DetectionConfig)[field.name], said.get(f"f.{field.name}", "").strip()
        if option.many and option.choices:
            values[field.name] = tuple(c for c in option.choices if said.get(f"f.{field.name}.{c}"))
        elif option.many:
            values[field.name] = tuple(word.strip() for word in given.split(",") if word.strip())
        elif isinstance(field.default, bool):
            values[field.name] = bool(given)
        elif option.is_bounded:
            values[field.name] = _number(field.name, given, field.default)
        elif given:
            values[field.name] = given
    return values


def _number(name: str, given: str, usual: Any) -> float | None:
    """A number; none at all where nothing is to be tested, and the usual one where it is left out otherwise."""
    if not given:
        return None if name == "fdr" else usual
    try:
        return int(given) if isinstance(usual, int) else float(given)
    except ValueError:
        raise UsageError(f"{name} is no number: {given[:40]!r}", remedy="Write it with digits.") from None


def _flags(config: DetectionConfig) -> list[str]:
    """The words of the command that ask the same."""
    words: list[str] = []
    for name in config.changed():
        option, value = options_of(DetectionConfig)[name], getattr(config, name)
        flag = option.flag or f"--{name.strip('_').replace('_', '-')}"
        if name == "fdr" and value is None:
            words.append("--count-only")
        elif option.many:
            words += [word for one in value for word in (flag, one)]
        elif isinstance(value, bool):
            words.append(flag)
        else:
            words += [flag, f"{value:g}" if isinstance(value, float) else str(value)]
    return words


# What is told


def _told(estimate: "Estimate", language: str) -> list[tuple[str, str]]:
    """The numbers of an estimate with what they are called."""
    from graphwatch.detection.estimate import Sampled

    def said(value: Any) -> str:
        if isinstance(value, Sampled):
            whole = number(value.number, language, 0)
            about = f"{whole} ± {number(100 * value.relative_error, language, 0)} %"
            return text("estimate.about", language, value=about) if value.relative_error else whole
        return number(value, language, 0)

    names = (
        *("interactions", "untimed", "observed", "coarse", "accounts", "objects", "co_interactions", "visits", "pairs"),
        *("opportunities", "coarse_visits", "tests"),
    )
    rows = [
        (text(f"estimate.{name}", language), said(value))
        for name in names
        if (value := getattr(estimate, name)) is not None and (value or name not in ("observed", "coarse"))
    ]
    seconds = text("estimate.about", language, value=number(estimate.seconds, language, 2))
    memory = text("estimate.about", language, value=f"{number(estimate.bytes / 1e9, language, 2)} GB")
    return [*rows, (text("estimate.seconds", language), seconds), (text("estimate.memory", language), memory)]


_FACTS: Final = (
    *("created_at_ms", "window_ms", "min_objects", "fdr", "interactions", "untimed", "observed", "coarse", "accounts"),
    *("objects", "pairs", "tests", "coordinated", "clusters", "lags"),
)


def _facts(row: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [(label_of(name, language), _fact(name, row[name], language)) for name in _FACTS if row[name] is not None]


def _fact(name: str, value: Any, language: str) -> str:
    if value is None:
        return "–"
    if name == "lags":
        looked = json.loads(value)
        return text("desk.run.lags", language, n=looked["regular"], accounts=number(looked["accounts"], language, 0))
    return time_word(value) if name == "created_at_ms" else number(value, language, 0 if isinstance(value, int) else 4)


def _side_by_side(asked: Asked, runs: list[dict[str, Any]]) -> Table:
    """What two runs asked, saw and found, with whether they differ in it; no rows where not two were chosen."""
    known = {row["run"]: row for row in runs}
    before, after = known.get(asked.words.get("before", "")), known.get(asked.words.get("after", ""))
    schema = pa.schema([*((name, pa.string()) for name in ("measure", "before", "after")), ("differs", pa.bool_())])
    if before is None or after is None:
        return Table(schema.empty_table())
    rows = [
        {
            "measure": label_of(name, asked.language),
            "before": _fact(name, before[name], asked.language),
            "after": _fact(name, after[name], asked.language),
            "differs": before[name] != after[name],
        }
        for name in _FACTS
    ]
    return Table(pa.Table.from_pylist(rows, schema=schema))
