"""From a file to checked rows in one flat Parquet file."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.common.clock import DAY_MS, day_of
from graphwatch.common.notes import Note, Sentences
from graphwatch.errors import InputError
from graphwatch.ingest.act_times import BASIS, OF_ROWS, PRECISION, ActTimes, FileTimes
from graphwatch.ingest.addressed import platform_of_rows, told_platforms, untold_platforms
from graphwatch.ingest.checks import Checked, check_column, check_labels, check_object_types
from graphwatch.ingest.complaints import check_complaints
from graphwatch.ingest.day_order import with_iso_days
from graphwatch.ingest.delimited import read_delimited
from graphwatch.ingest.files import Format, Look, look_at
from graphwatch.ingest.forgotten import Forgotten
from graphwatch.ingest.heading import LABEL
from graphwatch.ingest.json import is_json_lines, read_json_lines
from graphwatch.ingest.learned import LearnedHandles
from graphwatch.ingest.lines import Lines
from graphwatch.ingest.loads import Check, Field, Load
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.naming import Names
from graphwatch.ingest.persons import PiiFilter, check_persons
from graphwatch.ingest.quarantine import Problem, Quarantine
from graphwatch.ingest.relative_times import Looks, Relative, read_relative
from graphwatch.ingest.rounded import RoundedIds, refuse_rounded, taken_from_address
from graphwatch.ingest.rows import Rows, derived
from graphwatch.ingest.sql import WORDING
from graphwatch.ingest.times import Mask, beginnings_of_days, to_days, to_shown_days
from graphwatch.ingest.worded_times import NO_DAY, NO_HOUR
from graphwatch.model.acts import FINEST_MS, STATES, wordings

_ACTED, _SEEN, _RECEIVED = "at", "observed_at", "received"
_TYPES: Final = {Check.YES_NO: pa.bool_(), Check.NUMBER: pa.int64(), Check.TEXTS: pa.list_(pa.string())}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; None where that is to be found out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def flat_schema(load: Load) -> Any:
    """The columns of accepted rows: `row`, every property, `name_ms` of every time and day, and an event's wording."""
    columns = [pa.field("row", pa.int64())]
    for field in load.fields:
        columns.append(pa.field(field.name, _TYPES.get(field.type, pa.string())))
        if field.type in (Check.TIME, Check.DAY, Check.MOMENT):
            columns.append(pa.field(f"{field.name}_ms", pa.int64()))
    if load.name == "interactions":
        columns.append(pa.field(WORDING, pa.string()))
    if load.name in ("interactions", "posts"):
        columns += [pa.field(name, type) for name, type in OF_ROWS]
    return pa.schema(columns)


@dataclass(slots=True)
class Validated:
    """What came of reading a file."""

    taken: int
    properties: frozenset[str]
    platforms: tuple[str, ...]
    notes: list[str]
    times: FileTimes
    all_relative: bool = False


def validate(
    path: Path,
    mapping: Mapping_,
    reading: Reading,
    flat: Path,
    quarantine: Quarantine,
    now_ms: int,
    progress: Callable[[int], None],
    pii_filter: PiiFilter | None = None,
    forgotten: Forgotten | None = None,
    learned: LearnedHandles | None = None,
) -> Validated:
    """Read a file, check its rows, write the good ones to `flat` and the others to the quarantine.

    Rows of persons go through `pii_filter`, which keeps names and NIP: they reach no file of this room.

    Raises:
        InputError: if the file cannot be read, has no rows, or no good one where each is meant to say something.
    """
    schema = flat_schema(mapping.load)
    taken, untimed, properties, platforms = 0, 0, set(dict(mapping.constants)), set[str]()
    told = Counter[str]()
    seen = ActTimes(mapping.timezone, now_ms)
    notes, batches = _open(look_at(path), mapping, reading, quarantine)
    names, rounded = Names(mapping.kind, mapping.layout.as_written), RoundedIds(mapping.kind)
    with pq.ParquetWriter(flat, schema, compression="snappy") as writer:
        for rows in (derived(rows, mapping.layout) for rows in batches):
            properties.update(rows.columns.keys() - {LABEL})
            good = check_rows(rows, mapping, now_ms, quarantine, told, names)
            good = learned.native(good) if learned else good
            good = _timed(good, mapping.kind, seen, properties)
            good = forgotten.without(good) if forgotten else good
            if good.num_rows:
                good = pii_filter.filtered(good) if pii_filter else good
                writer.write_batch(good)
                rounded.look(good)
                taken += good.num_rows
                untimed += good.column("at_ms").null_count if mapping.kind == "interactions" else 0
                if "platform" in schema.names:
                    platforms.update(pc.unique(good.column("platform").drop_null()).to_pylist())
            progress(rows.position)
    if found := rounded.found():
        taken -= refuse_rounded(flat, found, column_names(mapping), quarantine)
        if mapping.kind == "interactions":
            untimed = pq.read_table(flat, columns=["at_ms"])["at_ms"].null_count
    if not taken and not mapping.layout.selective:
        raise _nothing_taken(path, quarantine, forgotten.rows if forgotten else 0)
    notes += [Note("load.read_so", n=count, what=what) for what, count in told.items()]
    notes += [_left_out(*about, count) for about, count in quarantine.left_out.items() if count]
    if untimed:
        notes.append(_without_time(untimed, taken))
    # What was refused last has been counted among the spellings.
    notes += [*(() if found else names.notes()), *rounded.notes(), *(learned.notes() if learned else ())]
    notes += seen.remarks_on_posts() if mapping.kind == "posts" else seen.remarks(observed=mapping.time == "observed")
    times = FileTimes("observed" if mapping.time == "observed" else None, seen.grain.precision_ms)
    return Validated(taken, frozenset(properties), tuple(sorted(platforms)), notes, times, seen.all_relative)


def _timed(good: Any, kind: str, seen: ActTimes, properties: set[str]) -> Any:
    """The rows with the times that their ids tell; properties that came so are added to those of the file."""
    if kind == "interactions":
        good = seen.completed(good)
        more = (WORDING, BASIS, PRECISION)
        properties.update(name for name in more if good.column(name).null_count < good.num_rows)
    elif kind == "posts":
        good = seen.published(good)
        properties.update([_ACTED] if good.column(f"{_ACTED}_ms").null_count < good.num_rows else [])
    return good


def _left_out(column: str, problem: Problem, count: int) -> Note:
    return Note("load.cell_left_out", n=count, column=column, reason=problem.reason, remedy=problem.remedy)


def _without_time(untimed: int, taken: int) -> str:
    """What interactions without a time can be used for, said before anyone searches them in vain.

    >>> _without_time(2, 2)
    '2 rows have no time, so nobody is found by them to act together; --map COLUMN=at names the column of the time'
    """
    return Note("load.all_untimed" if untimed == taken else "load.untimed", n=untimed)


def column_names(mapping: Mapping_) -> dict[str, str]:
    """Property to the column of the file that gives it, where these differ."""
    return {property: cell.names[0] for property, cell in mapping.layout.cells} | dict(mapping.columns)


def check_rows(
    rows: Rows, mapping: Mapping_, now_ms: int, quarantine: Quarantine, told: Counter[str], names: Names | None = None
) -> Any:
    """The good rows as a batch of `flat_schema`; each of the others is refused for its first problem.

    `told` counts cells that were read in a way that is worth telling.
    """
    count = len(rows.numbers)
    schema = flat_schema(mapping.load)
    columns: dict[str, Any] = {"row": pa.array(rows.numbers, pa.int64())}
    refusals = _Refusals(rows.numbers, column_names(mapping))
    names = names or Names(mapping.kind, mapping.layout.as_written)
    if (label := rows.columns.get(LABEL)) is not None:
        refusals.add(LABEL, label, check_labels(label))
    cells = _cells(rows.columns, mapping, refusals)
    for field in mapping.load.fields:
        raw = _given(field.name, cells, mapping, count)
        if raw is not None:
            checked = check_column(field, raw, mapping, now_ms, told)
            if field.name == _ACTED and checked.problems:
                checked = _with_days(checked, raw, mapping, now_ms)
                checked = _with_relative(checked, raw, _looks(cells, mapping, count, now_ms), mapping, told)
            checked = _spared(field, checked, mapping, refusals)
            columns |= checked.columns
            refusals.add(field.name, raw, checked.problems)
    if mapping.kind == "interactions":
        given = columns.get("object_type", pa.nulls(count, pa.string()))
        checked = check_object_types(columns["kind"], given)
        columns |= checked.columns
        refusals.add("object_type", given, checked.problems)
        columns |= _wording(columns)
    before = columns
    columns, unnamed = names.named(columns, count)
    for property, raw, problems in unnamed:
        refusals.add(property, raw, problems)
    if mapping.kind == "complaints":
        refusals.add("text", pa.nulls(count, pa.string()), check_complaints(columns, count))
    if mapping.load.of_roster:
        columns, wrong = check_persons(mapping.kind, columns, count, told)
        for property, problems in wrong:
            refusals.add(property, pa.nulls(count, pa.string()), problems)
    refusals.write(quarantine)
    names.count(before, columns, pa.array(refusals.good))
    arrays = [columns[f.name] if f.name in columns else pa.nulls(count, f.type) for f in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema).filter(pa.array(refusals.good))


def _cells(columns: dict[str, Any], mapping: Mapping_, refusals: "_Refusals") -> dict[str, Any]:
    """The cells of a file, with what addresses beside them tell: the platform where they are to, and rounded ids."""
    if platform_of_rows(mapping):
        columns = told_platforms(columns)
        refusals.add("platform", columns["platform"], untold_platforms(columns["platform"]))
    return taken_from_address(mapping.kind, columns, dict(mapping.constants))


def _spared(field: Field, checked: Checked, mapping: Mapping_, refusals: "_Refusals") -> Checked:
    """The column without cells that cannot be read, where their rows stay.

    So stays an act whose day's cell is empty beside its hour: it is without a time, as one with neither is.
    """
    if field.spared:
        return refusals.spared(field.name, checked)
    parted = any(cell.parts for property, cell in mapping.layout.cells if property == field.name)
    return refusals.spared(field.name, checked, NO_DAY) if parted else checked


def _given(property: str, cells: dict[str, Any], mapping: Mapping_, count: int) -> Any:
    """The cells of a property, or what holds for every row; None where nothing gives it."""
    raw, constants = cells.get(property), dict(mapping.constants)
    return pa.repeat(constants[property], count) if raw is None and property in constants else raw


def _looks(cells: dict[str, Any], mapping: Mapping_, count: int, now_ms: int) -> Looks:
    """When each row was seen; a complaint that does not say it was received when it was."""
    at_ms, days = pa.nulls(count, pa.int64()), pa.nulls(count, pa.int64())
    for name in (_SEEN, *([_RECEIVED] if mapping.kind == "complaints" else [])):
        raw = _given(name, cells, mapping, count)
        if raw is not None:
            # Hours are counted from a time, never from the end of a day.
            read = check_column(replace(mapping.load.field(name), day_is_end=False), raw, mapping, now_ms)
            unread = np.logical_or.reduce([np.zeros(count, np.bool_), *(mask for mask, _ in read.problems)])
            if name == _SEEN:
                at_ms = pc.if_else(pa.array(unread), None, read.columns[f"{name}_ms"])
                raw = with_iso_days(pc.utf8_trim_whitespace(raw), mapping.day_order)
            days = pc.coalesce(days, (to_days(raw) if name == _SEEN else to_shown_days(raw, mapping.day_order))[1])
    of_day = pc.and_(at_ms.is_null(), days.is_valid())
    return Looks(pc.coalesce(at_ms, pc.add(days, DAY_MS // 2)), np.asarray(of_day))


def _with_relative(checked: Checked, raw: Any, looks: Looks, mapping: Mapping_, told: Counter[str]) -> Checked:
    """The times of a column, with those that count back from when a row was seen."""
    among = np.logical_or.reduce([np.zeros(len(raw), np.bool_), *(mask for mask, _ in checked.problems)])
    coarsest = None if mapping.kind == "interactions" else DAY_MS
    relative = read_relative(pc.utf8_trim_whitespace(raw), among, looks, mapping.timezone, coarsest)
    if relative is None:
        return checked
    rows, precision = pa.array(relative.rows), pa.array(relative.precision_ms)
    before = checked.columns.get(PRECISION, pa.nulls(len(raw), pa.int64()))
    at_ms = pc.if_else(rows, pa.array(relative.at_ms), checked.columns[f"{_ACTED}_ms"])
    columns = checked.columns | {
        f"{_ACTED}_ms": at_ms,
        BASIS: pc.if_else(rows, "derived", pa.scalar(None, pa.string())),
        PRECISION: pc.if_else(pc.and_(rows, pc.greater(precision, FINEST_MS)), precision, before),
    }
    kept = [(mask & ~relative.rows, problem) for mask, problem in checked.problems]
    problems = [(mask, problem) for mask, problem in kept + relative.problems if mask.any()]
    if mapping.kind == "complaints":
        columns |= _said_as_days(columns, relative)
        untold = np.logical_or.reduce([np.zeros(len(raw), np.bool_), *(mask for mask, _ in relative.problems)])
        told[Note("load.counted_back")] += int((relative.rows & ~untold).sum())
    return Checked(columns, problems)


def _said_as_days(columns: dict[str, Any], relative: Relative) -> dict[str, Any]:
    """Of a complaint, times that are known to the day as days."""
    of_day = pa.array(relative.rows & (relative.precision_ms == DAY_MS))
    days = pa.array([day_of(ms).isoformat() for ms in relative.at_ms.tolist()], pa.string())
    return {
        _ACTED: pc.if_else(of_day, days, columns[_ACTED]),
        f"{_ACTED}_ms": pc.if_else(of_day, None, columns[f"{_ACTED}_ms"]),
    }


def _with_days(checked: Checked, raw: Any, mapping: Mapping_, now_ms: int) -> Checked:
    """The times of acts, with the days that are written without a time of day: these are known to the day."""
    if not mapping.with_days:
        return checked
    of_days = [mask for mask, problem in checked.problems if problem == NO_HOUR]
    if not of_days:
        return checked
    days = np.logical_or.reduce(of_days)
    texts = pc.utf8_trim_whitespace(raw)
    begin_ms, problems = beginnings_of_days(texts, days, mapping.timezone, now_ms, mapping.day_order)
    rows, name = pa.array(days), f"{_ACTED}_ms"
    columns = checked.columns | {
        name: pc.if_else(rows, pa.array(begin_ms), checked.columns[name]),
        PRECISION: pc.if_else(rows, pa.scalar(DAY_MS, pa.int64()), None),
    }
    return Checked(columns, [(mask, problem) for mask, problem in checked.problems if problem != NO_HOUR] + problems)


def _wording(columns: dict[str, Any]) -> dict[str, Any]:
    """By which words events are known that have no content id; most files need none, and so pay for none."""
    text, kind = columns.get("text"), columns["kind"]
    if text is None:
        return {}
    known = pc.is_in(kind, value_set=pa.array(STATES))
    if "content_id" in columns:
        known = pc.or_kleene(known, columns["content_id"].is_valid())
    unknown = pc.and_(pc.invert(pc.fill_null(known, True)), text.is_valid())
    if not pc.any(unknown).as_py():
        return {}
    return {WORDING: wordings(pc.if_else(unknown, text, None))}


class _Refusals:
    """The refused rows of one batch, each with the first of its problems."""

    def __init__(self, numbers: Sequence[int], names: dict[str, str]) -> None:
        self._numbers, self._names = numbers, names
        self._refused: list[tuple[int, str, str | None, Problem]] = []
        self._left_out: list[tuple[str, Problem, Mask]] = []
        self.good: Mask = np.ones(len(numbers), np.bool_)

    def add(self, property: str, raw: Any, problems: list[tuple[Mask, Problem]]) -> None:
        column = self._names.get(property, property)
        for mask, problem in problems:
            at = np.flatnonzero(mask & self.good).tolist()
            self._refused += [(self._numbers[i], column, raw[i].as_py(), problem) for i in at]
            self.good &= ~mask

    def spared(self, property: str, checked: Checked, only: Problem | None = None) -> Checked:
        """The columns without the cells that have a problem, or that `only`; their rows stay."""
        spared = [(mask, problem) for mask, problem in checked.problems if only in (None, problem)]
        if not spared:
            return checked
        for mask, problem in spared:
            self._left_out.append((self._names.get(property, property), problem, mask))
        wrong = pa.array(np.logical_or.reduce([mask for mask, _ in spared]))
        columns = {name: pc.if_else(wrong, None, column) for name, column in checked.columns.items()}
        return Checked(columns, [one for one in checked.problems if only not in (None, one[1])])

    def write(self, quarantine: Quarantine) -> None:
        for column, problem, mask in self._left_out:
            quarantine.left_out[column, problem] += int((mask & self.good).sum())
        for refusal in sorted(self._refused, key=lambda r: r[0]):
            quarantine.refuse(*refusal)


def _open(look: Look, mapping: Mapping_, reading: Reading, quarantine: Quarantine) -> tuple[list[str], Iterator[Rows]]:
    """The notes of a reader, and its rows."""
    if look.format is Format.PARQUET:
        from graphwatch.ingest.parquet import read_parquet

        return [], read_parquet(look, mapping, quarantine)
    if look.format is Format.SHEETS:
        from graphwatch.ingest.sheets import read_sheet

        notes: list[str] = []
        return notes, read_sheet(look, mapping, reading.sheet, quarantine, notes)
    lines = Lines(look, reading.encoding)
    if reading.delimiter is None and is_json_lines(look, lines.first()):
        return lines.notes, read_json_lines(look, lines, mapping, quarantine)
    return lines.notes, read_delimited(look, lines, mapping, reading.delimiter, quarantine)


def _nothing_taken(path: Path, quarantine: Quarantine, forgotten: int) -> InputError:
    if forgotten:
        remedy = "They were erased on request; `graphwatch log show` says when."
        what = f"no row is left: {forgotten} are of accounts or persons that were forgotten"
        return InputError(what, where=str(path), remedy=remedy)
    if not quarantine.reasons:
        remedy = Note("load.no_rows_remedy")
        return InputError(Note("load.no_rows"), where=str(path), remedy=remedy)
    most = quarantine.reasons.most_common(3)
    reasons = tuple(Note("load.counted_reason", reason=reason, rows=str(rows)) for reason, rows in most)
    remedies = Sentences(quarantine.remedies[reason] for reason, _ in most)
    return InputError(
        Note("load.none_taken", rows=str(quarantine.reasons.total()), reasons=reasons),
        where=str(path),
        remedy=Note("load.none_taken_remedy", remedies=remedies, file=str(quarantine.path)),
    )
