"""Refused rows on the desk: the cells that hindered them, corrected there, in a file of their own that is loaded."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from starlette.responses import Response

from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.uploads import Upload
from graphwatch.errors import UsageError
from graphwatch.ingest.guessing import Peek, peek, rows_numbered
from graphwatch.ingest.loads import LOADS, Check
from graphwatch.ingest.presets import PRESETS
from graphwatch.ingest.quarantine import Refused

# Of such cells the log may say what stood there: they say when and what, and never who.
_TELLABLE: Final = frozenset(
    {Check.TIME, Check.MOMENT, Check.DAY, Check.KIND, Check.PLATFORM, Check.CLASS, Check.YES_NO}
)
_INPUT: Final = re.compile(r"x\.(\d{1,8})\.(\d{1,5})", re.ASCII)
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that hindered a row: the name of its input, and what it is shown with; nothing of a list of persons."""

    name: str
    line: int
    column: str
    value: str
    reason: str
    remedy: str


def wrong_cells(waiting: Upload, seen: Peek, refused: list[Refused]) -> list[Wrong]:
    """The cells that can be corrected on the desk, of rows that were refused for them.

    Rows of JSON and Parquet, and those that are no row at all, are corrected in the file.
    """
    rows = rows_numbered(waiting.path, {row.line for row in refused}, waiting.form.get("sheet") or None)
    hidden = _of_persons(waiting.form)
    return [
        Wrong(
            f"x.{one.line}.{at}",
            one.line,
            seen.header[at],
            "" if hidden or at >= len(rows[one.line]) else rows[one.line][at],
            one.reason,
            one.remedy,
        )
        for one in refused
        if one.line in rows
        for at in _places(one.column, seen)
    ]


def _places(column: str, seen: Peek) -> list[int]:
    """Where the cells are that a row was refused for: one, or the day and the hour that are read as one."""
    names = [column] if column in seen.header else column.split("+")
    return [seen.header.index(name) for name in names] if all(name in seen.header for name in names) else []


def _of_persons(form: Mapping[str, str]) -> bool:
    room, _, name = form.get("how", "").partition(":")
    kinds = [name] if room == "kind" else [s.kind for s in PRESETS[name].statements] if name in PRESETS else []
    return any(kind in LOADS and LOADS[kind].of_persons for kind in kinds)


def correct(asked: Asked) -> Response:
    """Make a file of the rows that were corrected, which waits beside the one that they are from."""
    by = reviewer_of(asked)
    waiting = asked.desk.uploads.get(asked.named["id"])
    seen = peek(waiting.path, sheet=waiting.form.get("sheet") or None)
    given = _given(asked.form, len(seen.header))
    rows = rows_numbered(waiting.path, given, waiting.form.get("sheet") or None)
    hidden, told = _of_persons(waiting.form), _tellable(waiting.form)
    cells: list[dict[str, Any]] = []
    corrected: dict[int, list[str]] = {}
    for line, changes in sorted(given.items()):
        for at, value in changes.items():
            row = [*rows.get(line, ()), *[""] * (at + 1 - len(rows.get(line, ())))]
            if line not in rows or value == row[at] or (hidden and not value):
                continue
            cell = {"row": line, "column": seen.header[at]}
            cells.append(cell | ({"from": row[at], "to": value} if at in told else {}))
            row[at] = value
            rows[line] = corrected[line] = row
    if not cells:
        raise UsageError(asked.say("desk.correct.nothing"), remedy=asked.say("desk.correct.nothing.remedy"))
    made = _file(asked, waiting, seen, corrected)
    where = [f"{cell['row']} «{cell['column']}»" for cell in cells]
    named = ", ".join(where[:_NAMED]) + (" …" if len(where) > _NAMED else "")
    said = asked.say("desk.correct.said", file=waiting.name, n=len(cells), cells=named)
    with asked.desk.open() as project:
        known = project.provenance().acquisition
        project.workspace.log("correct", said, {"file": waiting.name, "made": made.name, "by": by, "cells": cells})
    made.corrected = True
    before = waiting.form.get("acquisition", "").strip() or known
    made.form = {**waiting.form, "sheet": "", "acquisition": f"{before}; {said}" if before else said}
    return onward(f"/load/{made.id}")


def _given(form: Mapping[str, str], width: int) -> dict[int, dict[int, str]]:
    """What was written, by row and place of the column."""
    given: dict[int, dict[int, str]] = {}
    for name, value in form.items():
        if (place := _INPUT.fullmatch(name)) and int(place[2]) < width:
            given.setdefault(int(place[1]), {})[int(place[2])] = value.strip()
    return given


def _tellable(form: Mapping[str, str]) -> frozenset[int]:
    """The places of columns of which the log may say what stood there."""
    room, _, name = form.get("how", "").partition(":")
    if room != "kind" or name not in LOADS:
        return frozenset()
    numbers = [
        form.get(f"{part}.{field.name}", "")
        for field in LOADS[name].fields
        if field.type in _TELLABLE and not field.private
        for part in "ch"
    ]
    return frozenset(int(number) for number in numbers if number.isascii() and number.isdecimal())


def _file(asked: Asked, waiting: Upload, seen: Peek, rows: Mapping[int, list[str]]) -> Upload:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(seen.header)
    writer.writerows(row[: len(seen.header)] for row in rows.values())
    name = f"{PurePath(waiting.name).stem} ({asked.say('desk.correct.name')}).csv"
    (made,) = asked.desk.uploads.take(name, io.BytesIO(out.getvalue().encode()))
    return made
