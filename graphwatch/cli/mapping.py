"""`graphwatch load FILE --map`: a person maps the columns of an unknown file once, and keeps that as a preset."""

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphwatch.cli.terminal import note
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from graphwatch.ingest.config import LoadConfig
    from graphwatch.ingest.guessing import Peek
    from graphwatch.ingest.loads import Field, Load

_SHOWN = 40
_EXAMPLES = 3
_HOW = "Answer with a column (its name or number), =VALUE for every row alike, or - for none."
_OFFSET = re.compile(r"^\d{10}(\d{3})?(\.\d*)?$|(Z|[+-]\d\d(:?\d\d)?)$")


def mapped(file: Path, config: "LoadConfig") -> Path | None:
    """Ask which column gives which property, and save a preset.

    Returns:
        The preset's file, None if the person does not want to load with it now.

    Raises:
        InputError: the file cannot be read.
        UsageError: the preset cannot be saved there.
    """
    from graphwatch.ingest.guessing import peek
    from graphwatch.ingest.loads import LOADS
    from graphwatch.ingest.proposing import likely_kind

    seen = peek(file, config.encoding, config.delimiter, config.sheet)
    kind = config.kind or click.prompt(
        "What is a row", type=click.Choice(list(LOADS)), default=likely_kind(seen), err=True
    )
    load = LOADS[kind]
    names = _shown(load, seen)
    note(_HOW)
    columns, constants = _properties(load, seen, names)
    timezone, time_format = _times(load, seen, columns)
    path = _place(file)
    meaning = click.prompt("What files does it read", default=f"Files like {file.name}.", err=True)
    _save(path, kind, meaning, columns, constants, timezone, time_format)
    note(f"Saved. Next time: graphwatch load FILE --preset {path}")
    return path if click.confirm("Load the file with it now", default=True, err=True) else None


def _shown(load: "Load", seen: "Peek") -> list[str]:
    """Show the columns; of persons no cells, and no name that may be somebody's."""
    from graphwatch.ingest.heading import shown_header
    from graphwatch.ingest.mapping import mapping_for
    from graphwatch.ingest.quarantine import printable

    names = [printable(name) for name in shown_header(mapping_for(load.name), seen.header)]
    for number, (column, name) in enumerate(zip(seen.header, names, strict=True), 1):
        different = () if load.of_persons else islice(dict.fromkeys(seen.words(column)), _EXAMPLES)
        examples = " · ".join(" ".join(printable(word).split())[:_SHOWN] for word in different)
        note(f"  {number:>3}  {name[:_SHOWN]}{'   ' if examples else ''}{examples}")
    return names


def _properties(load: "Load", seen: "Peek", names: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Columns and constants by property, required properties first."""
    from graphwatch.ingest.proposing import proposal

    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    while True:
        for field in sorted(load.fields, key=lambda f: not f.required):
            proposed = proposal(load.name, field.name, [c for c in seen.header if c not in columns.values()])
            answer = _asked(load, field, seen.header, names, proposed)
            if answer.startswith("="):
                constants[field.name] = answer[1:]
            elif answer:
                columns[field.name] = answer
        if not load.one_of or any(name in columns for name in load.one_of):
            return columns, constants
        note(f"A row needs at least one of {', '.join(load.one_of)}.")


def _asked(load: "Load", field: "Field", header: tuple[str, ...], names: list[str], proposed: str | None) -> str:
    """A column, `=` and a constant, or nothing."""
    default = names[header.index(proposed)] if proposed else ("" if field.required else "-")
    while True:
        words = f"{field.name}: {field.meaning}{' (required)' if field.required else ''}"
        answer = str(click.prompt(words, default=default or None, err=True)).strip()
        if proposed and answer == default:
            return proposed
        if answer.startswith("=") and len(answer) > 1:
            wrong = _wrong_constant(load, field, answer[1:])
            if not wrong:
                return answer
            note(wrong)
        elif answer == "-" and not field.required:
            return ""
        elif answer in header and header.count(answer) == 1:
            return answer
        elif answer.isdecimal() and 0 < int(answer) <= len(header) and header.count(header[int(answer) - 1]) == 1:
            return header[int(answer) - 1]
        else:
            note(f"There is no such column, or it appears twice. {_HOW}")


def _wrong_constant(load: "Load", field: "Field", value: str) -> str | None:
    """Why no row can have that value."""
    from graphwatch.ingest.mapping import mapping_for

    try:
        mapping_for(load.name, constants={field.name: value}, timezone="Asia/Jakarta")
    except UsageError as error:
        return str(error)
    return None


def _times(load: "Load", seen: "Peek", columns: dict[str, str]) -> tuple[str | None, str | None]:
    """Time zone and format, asked only where times need them."""
    from graphwatch.ingest.loads import Check
    from graphwatch.ingest.mapping import mapping_for

    timed = [columns[f.name] for f in load.fields if f.type in (Check.TIME, Check.MOMENT) and f.name in columns]
    words = [word.strip() for column in timed for word in seen.words(column)]
    if all(_OFFSET.search(word) for word in words):
        return None, None
    while True:
        timezone = click.prompt("Time zone of times without offset", default="Asia/Jakarta", err=True)
        time_format = None
        if not all(re.match(r"\d{4}-\d\d-\d\d", word) for word in words):
            time_format = click.prompt("Format of times", default="%d/%m/%Y %H:%M", err=True)
        try:
            mapping_for(load.name, timezone=timezone, time_format=time_format)
        except UsageError as error:
            note(str(error))
        else:
            return timezone, time_format


def _place(file: Path) -> Path:
    while True:
        path = Path(click.prompt("Save the preset as", default=f"{file.name.partition('.')[0]}.toml", err=True))
        if path.suffix.lower() != ".toml":
            note("Give a name that ends in .toml.")
        elif not path.exists() or click.confirm(f"{path} is there already; replace it", default=False, err=True):
            return path


def _save(
    path: Path,
    kind: str,
    meaning: str,
    columns: dict[str, str],
    constants: dict[str, str],
    timezone: str | None,
    time_format: str | None,
) -> None:
    from graphwatch.common.files import replacing
    from graphwatch.ingest.proposing import preset_text

    text = preset_text(kind, meaning, columns, constants, timezone, time_format, str(path))
    try:
        with replacing(path) as file:
            file.write(text)
    except UnicodeEncodeError as error:
        remedy = "Take undecodable characters out of the answers."
        raise UsageError(f"the preset cannot be saved: {error}", where=str(path), remedy=remedy) from None
