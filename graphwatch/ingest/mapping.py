"""Which column of a file gives which property, and what is the same for every row."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

from graphwatch.common.written_times import INDONESIAN_ZONES
from graphwatch.errors import UsageError
from graphwatch.ingest.day_order import DayOrder, order_of_format
from graphwatch.ingest.layout import Cell, Layout
from graphwatch.ingest.loads import LOADS, Check, Load
from graphwatch.ingest.presets import PRESETS, Preset, Statement, preset_from

# Between the columns that give one time together.
PLUS: Final = "+"
_T = TypeVar("_T")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
# Directives that mean the same in the C library, in Python and in pandas.
_DIRECTIVES: Final = frozenset("YymdbBaAHIMSfpjzZ%")


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - `Mapping` is taken by the standard library, and both are used together
    """How the columns of a file become the properties of a load.

    `columns` holds (property, column), `constants` (property, value); both sorted. With `by_name` a column
    called like a property gives that property. `layout` says what takes more than one column a property.
    """

    kind: str
    preset: str
    columns: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, str], ...]
    by_name: bool
    timezone: str | None
    time_format: str | None
    layout: Layout = field(default_factory=Layout)
    time: Literal["acted", "observed"] | None = None
    """Whether times are those of the acts or when somebody looked; None until that is settled."""
    day_order: DayOrder | None = None
    """Whether day or month comes first where both are numbers, as is said or the file shows; None where neither is."""
    with_days: bool = False
    """Whether acts of which only a day is written are known to the day, as is said or the file shows; else refused."""

    @property
    def load(self) -> Load:
        """The declaration of the kind of load."""
        return LOADS[self.kind]

    def as_json(self) -> str:
        """The mapping as JSON; equal mappings give equal text, whatever preset they came from.

        >>> mapping_for("paslon", columns={"nomor": "number"}).as_json()
        '{"by_name":true,"columns":{"number":"nomor"},"constants":{},"time_format":null,"timezone":null}'
        """
        content = {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "by_name": self.by_name,
            "timezone": self.timezone,
            "time_format": self.time_format,
            **self.layout.as_dict(),
            **({"time": self.time} if self.time == "observed" else {}),
            **({"day_order": self.day_order} if self.day_order else {}),
            **({"with_days": True} if self.with_days else {}),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def mapping_for(
    kind: str,
    *,
    preset: str | None = None,
    columns: Mapping[str, str] = _NOTHING,
    constants: Mapping[str, str] = _NOTHING,
    timezone: str | None = None,
    time_format: str | None = None,
) -> Mapping_:
    """The mapping of one kind of load: the first of `mappings_for`.

    >>> mapping_for("interactions", preset="coortweet").columns[0]
    ('account', 'account_id')
    """
    return mappings_for(
        kind, preset=preset, columns=columns, constants=constants, timezone=timezone, time_format=time_format
    )[0]


def mappings_for(
    kind: str | None,
    *,
    preset: str | None = None,
    columns: Mapping[str, str] = _NOTHING,
    constants: Mapping[str, str] = _NOTHING,
    timezone: str | None = None,
    time_format: str | None = None,
    time: Literal["acted", "observed"] | None = None,
) -> list[Mapping_]:
    """Put mappings together from a preset and what the caller adds to or changes in it.

    Args:
        kind: kind of load, a key of `LOADS`; None for all that the preset's rows say, or interactions.
        preset: a key of `PRESETS`, or the path of a TOML file; None is `generic`, columns named like the properties.
        columns: column to property, or to several with commas between.
        constants: property to the value that every row has.
        timezone: name in the time zone database, for times written without offset.
        time_format: strptime format of all times; only with `timezone` unless it has %z.
        time: whether times are those of the acts or when somebody looked; what the preset says when left out.

    Returns:
        One mapping for each thing that a row says.

    Raises:
        UsageError: for an unknown kind, preset, property, time zone or format, or a constant that no row
            could have.

    >>> [mapping.kind for mapping in mappings_for(None, preset="x_api_v2_posts")]
    ['posts', 'interactions']
    """
    chosen = preset_named(preset or "generic")
    if kind is not None:
        _known(kind, LOADS, "kind of load")
        if chosen.statements and kind not in chosen.kinds:
            kinds = " and ".join(chosen.kinds)
            raise UsageError(
                f"preset '{chosen.name}' is for {kinds}, not for {kind}",
                remedy=f"Load it as {kinds}, or choose another preset.",
            )
    statements = [s for s in chosen.statements if kind in (None, s.kind)] or [Statement(kind or "interactions")]
    _check_given(statements, columns, constants)
    columns = _with_parts(columns, statements)
    timezone, time_format = timezone or chosen.timezone, time_format or chosen.time_format
    timezone = timezone and INDONESIAN_ZONES.get(timezone.lower(), timezone)
    day_order = order_of_format(time_format or "")
    time_format = None if day_order else time_format
    _check_times(timezone, time_format)
    said: dict[str, Any] = {"time": time or chosen.time, "day_order": day_order, "with_days": day_order is not None}
    mappings = [
        replace(_merged(chosen, statement, columns, constants, timezone, time_format), **said)
        for statement in statements
    ]
    for mapping in mappings:
        _check_constants(mapping)
    return mappings


def preset_named(name: str) -> Preset:
    """A preset by its name, or by the path of its TOML file.

    Raises:
        UsageError: there is none of that name.
        InputError: the file cannot be read.
    """
    return preset_from(Path(name)) if name.lower().endswith(".toml") else _known(name, PRESETS, "preset")


def source_key(file_sha256: str, mapping: Mapping_, sheet: str | None = None) -> tuple[str, str]:
    """Id (16 hex digits) and full sha256 of an import: file digest, sheet if one is named, kind of load and mapping.

    >>> key, digest = source_key("00", mapping_for("paslon"))
    >>> len(key), digest.startswith(key)
    (16, True)
    """
    named = () if sheet is None else (sheet,)
    digest = sha256("\n".join((file_sha256, *named, mapping.kind, mapping.as_json())).encode()).hexdigest()
    return digest[:16], digest


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like one, if any is.

    >>> nearest("acount", ["object", "Account"])
    'Account'
    """
    lower = {k.lower(): k for k in known}
    found = get_close_matches(name.lower(), lower, n=1)
    return lower[found[0]] if found else None


def _known(name: str, known: Mapping[str, _T], what: str) -> _T:
    if name not in known:
        near = nearest(name, known)
        meant = f" Did you mean '{near}'?" if near else ""
        raise UsageError(f"there is no {what} '{name}'", remedy=f"Known are {', '.join(known)}.{meant}")
    return known[name]


def _check_given(statements: list[Statement], columns: Mapping[str, str], constants: Mapping[str, str]) -> None:
    """Every property that the caller gives is one of at least one statement, and is given once."""
    kinds = list(dict.fromkeys(statement.kind for statement in statements))
    fields = {f.name: f for kind in reversed(kinds) for f in LOADS[kind].fields}
    given = _by_property(columns)
    for name in (*given, *constants):
        if name not in fields and given.get(name) in fields:
            remedy = f"The column comes first: --map {name}={given[name]}."
            raise UsageError(f"there is no property '{name}' of {' or '.join(kinds)}", remedy=remedy)
        _known(name, fields, f"property of {' or '.join(kinds)}")
    for name in constants:
        if fields[name].private:
            raise UsageError(f"{name} is never the same for every row", remedy=f"Name the column that gives {name}.")
    pairs = [property for named in columns.values() for property in _several(named)]
    once = [property for property in pairs if property not in _timed(statements)]
    if len(set(once)) < len(once) or set(pairs) & set(constants):
        raise UsageError("a property is given twice", remedy="Give each property one column or one constant.")


def _by_property(columns: Mapping[str, str]) -> dict[str, str]:
    return {property: column for column, named in columns.items() for property in _several(named)}


def _several(named: str) -> list[str]:
    """The properties that one column gives."""
    return [name.strip() for name in named.split(",")]


def _with_parts(columns: Mapping[str, str], statements: list[Statement]) -> dict[str, str]:
    """Several columns for one time, as a day and a time of day, under one name with + between, as `DAY+TIME`."""
    names: dict[str, list[str]] = {}
    for column, named in columns.items():
        for property in _several(named):
            names.setdefault(property, []).append(column)
    timed = _timed(statements)
    made: dict[str, list[str]] = {}
    for property, given in names.items():
        for name in [PLUS.join(given)] if property in timed else given:
            made.setdefault(name, []).append(property)
    return {name: ",".join(properties) for name, properties in made.items()}


def _timed(statements: list[Statement]) -> set[str]:
    return {f.name for s in statements for f in LOADS[s.kind].fields if f.type in (Check.TIME, Check.MOMENT)}


def _merged(
    preset: Preset,
    statement: Statement,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    timezone: str | None,
    time_format: str | None,
) -> Mapping_:
    """What the caller gives for a property replaces whatever the preset has for it."""
    known = {f.name for f in LOADS[statement.kind].fields}
    given = {property: column for property, column in _by_property(columns).items() if property in known}
    timed = _timed([statement])
    # A column may be called so itself, as "Time (UTC+7)": then that one counts.
    parted = {p: Cell((c,), parts=tuple(c.split(PLUS))) for p, c in given.items() if p in timed and PLUS in c}
    fixed = {p: v for p, v in constants.items() if p in known}
    from_columns = {p: c for p, c in statement.columns.items() if p not in fixed} | given
    from_constants = {p: v for p, v in statement.constants.items() if p not in given} | fixed
    kept = {p: cell for p, cell in statement.layout.cells if p not in given and p not in fixed}
    cells = tuple(sorted((kept | parted).items()))
    from_columns = {p: c for p, c in from_columns.items() if p not in parted}
    return Mapping_(
        statement.kind,
        preset.name,
        tuple(sorted(from_columns.items())),
        tuple(sorted(from_constants.items())),
        preset.by_name,
        timezone,
        time_format,
        replace(statement.layout, cells=cells),
    )


def _check_times(timezone: str | None, time_format: str | None) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if timezone is not None:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            remedy = "Use WIB, WITA, WIT or a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura."
            raise UsageError(f"there is no time zone '{timezone}'", remedy=remedy) from None
    if time_format is None:
        return
    directives = set(re.findall("%(.?)", time_format, re.DOTALL))
    if not directives <= _DIRECTIVES or not directives & set("HI"):
        raise UsageError(
            f"'{time_format}' is not the format of a date with a time of day",
            remedy="Use strptime directives, as '%d/%m/%Y %H:%M'; '%d/%m/%Y' says of dates that the day comes first.",
        )
    if timezone is None and not directives & set("zZ"):
        raise UsageError(
            f"the time format '{time_format}' has no offset, and no time zone is given",
            remedy="Name the time zone, for example Asia/Jakarta.",
        )


def _check_constants(mapping: Mapping_) -> None:
    if not mapping.constants:
        return
    import pyarrow as pa

    from graphwatch.ingest.checks import check_column  # brings numpy, which help does without

    for name, value in mapping.constants:
        far_future_ms = 1 << 60
        checked = check_column(mapping.load.field(name), pa.array([value]), mapping, far_future_ms)
        for mask, problem in checked.problems:
            if mask[0]:
                raise UsageError(f"constant {name}='{value}': {problem.reason}", remedy=problem.remedy)
