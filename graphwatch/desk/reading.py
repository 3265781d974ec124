"""How a file on the desk is read: what is proposed for it, the form on which that is changed, and what it asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from graphwatch.common.i18n import catalogue, meaning
from graphwatch.common.sanitize import plain
from graphwatch.desk.tables import label_of
from graphwatch.errors import UsageError
from graphwatch.ingest.files import Format, look_at
from graphwatch.ingest.guessing import Guess, Peek
from graphwatch.ingest.heading import shown_header
from graphwatch.ingest.json import found as cell_of
from graphwatch.ingest.layout import Layout
from graphwatch.ingest.loads import LOADS, Check, Field
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.presets import PRESETS, Preset
from graphwatch.ingest.proposing import likely_kind, proposed, proposed_accounts
from graphwatch.ingest.worksheet import names_of_sheets

_ROWS: Final = 8
_COLUMNS: Final = 40
_EXAMPLES: Final = 3
_CELL: Final = 60
# What may hold for every row without being needed in each.
_STATED: Final = frozenset({Check.PLATFORM, Check.KIND, Check.BASIS, Check.CONFIDENCE, Check.CLASS, Check.YES_NO})


@dataclass(frozen=True, slots=True)
class Line:
    """A property that rows may carry, on the form: what gives it, by the numbers of columns, and what holds for all."""

    name: str
    label: str
    meaning: str
    required: bool
    column: str
    hour: str | None
    stated: str | None


def sheets_of(path: Path) -> list[str]:
    """The names of the sheets of a spreadsheet; none of another file.

    Raises:
        InputError: it cannot be read.
    """
    return names_of_sheets(path) if look_at(path).format is Format.SHEETS else []


def how_read(wanted: str, seen: Peek, found: Sequence[Guess]) -> str:
    """What was chosen, else the preset that fits, else the kind of rows that the columns seem to be of."""
    room, _, name = wanted.partition(":")
    if (room == "preset" and name in PRESETS and PRESETS[name].statements) or (room == "kind" and name in LOADS):
        return wanted
    best = next((guess for guess in found if guess.fits), None)
    if best is not None and best.preset.statements:
        return f"preset:{best.preset.name}"
    if best is not None:
        return f"kind:{best.kinds[0]}"
    told = proposed(seen)
    return f"kind:{told.kind if told else likely_kind(seen)}"


def lines_of(
    language: str, kind: str | None, preset: Preset | None, seen: Peek, form: Mapping[str, str]
) -> Iterator[Line]:
    """The lines of the form: of a kind all its properties, of a preset those that it leaves to the caller."""
    if kind is None:
        assert preset is not None
        of = LOADS[preset.statements[0].kind]
        told = {*preset.statements[0].cells(), *preset.statements[0].constants}
        for field in of.fields:
            if field.required and field.name not in told:
                yield _line(language, field, {}, {}, form, only_stated=True)
        return
    columns, stated = _proposed(kind, seen)
    for field in sorted(LOADS[kind].fields, key=lambda f: not f.required):
        yield _line(language, field, columns, stated, form)


def _line(
    language: str,
    field: Field,
    columns: Mapping[str, tuple[str, ...]],
    stated: Mapping[str, str],
    form: Mapping[str, str],
    *,
    only_stated: bool = False,
) -> Line:
    given = columns.get(field.name, ())
    takes_hour = field.type in (Check.TIME, Check.MOMENT) and not only_stated
    takes_constant = only_stated or field.type in _STATED or field.required or field.name == "channel"
    texts = catalogue(language)
    return Line(
        field.name,
        texts.get(f"desk.load.field.{field.name}") or label_of(field.name, language),
        meaning(field.meaning, language),
        field.required,
        form.get(f"c.{field.name}", given[0] if given and not form else ""),
        form.get(f"h.{field.name}", given[1] if len(given) > 1 and not form else "") if takes_hour else None,
        form.get(f"s.{field.name}", "" if form else stated.get(field.name, ""))
        if takes_constant and not field.private
        else None,
    )


def _proposed(kind: str, seen: Peek) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What columns are likely to give, by property the numbers of one or two; and what may be stated."""
    told = proposed(seen)
    if told is None or told.kind != kind:
        told = next(iter(proposed_accounts(seen)), None) if kind == "accounts-of-asn" else None
    named = told.columns if told else {f.name: f.name for f in LOADS[kind].fields if f.name in seen.header}
    stated = {name: value for name, value in told.stated.items() if value != "…"} if told else {}
    at = {name: str(number) for number, name in reversed(list(enumerate(seen.header)))}
    found: dict[str, tuple[str, ...]] = {}
    for property, column in named.items():
        parts = (column,) if column in at else tuple(column.split("+"))
        if all(part in at for part in parts):
            found[property] = tuple(at[part] for part in parts[:2])
    return found, stated


def form_of(how: str, sheet: str | None, lines: Sequence[Line]) -> dict[str, str]:
    """What the form says before anybody changed it."""
    form = {"how": how, "sheet": sheet or ""}
    for line in lines:
        form |= {f"c.{line.name}": line.column, f"h.{line.name}": line.hour or "", f"s.{line.name}": line.stated or ""}
    return form | {"timezone": "Asia/Jakarta"}


def asked_of(form: Mapping[str, str], seen: Peek) -> dict[str, Any]:
    """What `Project.load` is asked, of what the form says."""
    room, _, name = form.get("how", "").partition(":")
    asked: dict[str, Any] = {"sheet": form.get("sheet") or None}
    if room == "preset":
        if name not in PRESETS:
            raise UsageError(f"there is no preset {plain(name)!r}")
        asked["preset"] = name
    else:
        asked["kind"] = name
        columns: dict[str, list[str]] = {}
        for field in LOADS[name].fields if name in LOADS else ():
            if (column := _column(form.get(f"c.{field.name}", ""), seen)) is not None:
                hour = _column(form.get(f"h.{field.name}", ""), seen)
                columns.setdefault(column if hour is None else f"{column}+{hour}", []).append(field.name)
        asked["columns"] = {column: ",".join(properties) for column, properties in columns.items()}
    asked["constants"] = {key[2:]: value.strip() for key, value in form.items() if key[:2] == "s." and value.strip()}
    for name in ("timezone", "time_format", "time"):
        asked[name] = form.get(name, "").strip() or None
    return {name: value for name, value in asked.items() if value}


def _column(number: str, seen: Peek) -> str | None:
    fits = number.isascii() and number.isdecimal() and len(number) < 6 and int(number) < len(seen.header)
    return seen.header[int(number)] if fits else None


def words_of(config: Mapping[str, Any]) -> list[str]:
    """The words of the command."""
    words: list[str] = []
    for name, flag in (("preset", "--preset"), ("kind", "--as"), ("sheet", "--sheet")):
        words += [flag, config[name]] if name in config else []
    for column, property in config.get("columns", {}).items():
        words += ["--map", f"{column}={property}"]
    for property, value in config.get("constants", {}).items():
        words += ["--set", f"{property}={value}"]
    for name, flag in (("timezone", "--timezone"), ("time_format", "--time-format"), ("time", "--time")):
        words += [flag, config[name]] if name in config else []
    return words


def is_timed(kind: str | None, preset: Preset | None) -> bool:
    """Whether rows may have times."""
    kinds = [kind] if kind else [statement.kind for statement in preset.statements] if preset else []
    return any(field.type in (Check.TIME, Check.MOMENT) for name in kinds if name for field in LOADS[name].fields)


def header_of(kind: str | None, seen: Peek) -> list[str]:
    """The names of the columns as they may be shown: of a list of persons only those that are known as such."""
    if kind is None:
        return [plain(name, _CELL) for name in seen.header]
    known = {seen.header[int(number)] for numbers in _proposed(kind, seen)[0].values() for number in numbers}
    shown = shown_header(mapping_for(kind), seen.header)
    return [plain(name if name in known else may, _CELL) for name, may in zip(seen.header, shown, strict=True)]


def examples_of(kind: str | None, seen: Peek) -> list[str]:
    """Of each column some of its values; of a list of persons none."""
    if kind and LOADS[kind].of_persons:
        return [""] * len(seen.header)
    flat = seen.under(Layout())
    return [
        plain(" · ".join(islice(dict.fromkeys(flat.words(column)), _EXAMPLES)), 2 * _CELL) for column in seen.header
    ]


def rows_of(kind: str | None, seen: Peek) -> list[list[str]]:
    """The first rows; of a list of persons none."""
    if kind and LOADS[kind].of_persons:
        return []
    return [
        [plain(str(cell_of(record, name) or ""), _CELL) for name in seen.header[:_COLUMNS]]
        for record in seen.under(Layout()).records[:_ROWS]
    ]
