"""Rows on their way from a reader to the checks.

Columns of text with the number of each row, and properties
made of several columns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.ingest.layout import RAW, Cell, Layout
from graphwatch.ingest.naming import NAMED
from graphwatch.ingest.quarantine import Quarantine, problem
from graphwatch.platforms.naming import account_reference, post_reference

# Rows of long texts make a batch before BATCH_ROWS of them are together.
BATCH_CHARACTERS: Final = 1 << 25

UNDECODABLE: Final = problem("undecodable")


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of rows.

    Attributes:
        numbers: line of a text file, row of a sheet, or count from 1.
        columns: property to Arrow text; null and empty are the same.
        position: bytes on disk read so far, to show progress.
    """

    numbers: Sequence[int]
    columns: dict[str, Any]
    position: int


def rows_of(
    numbers: list[int],
    cells: dict[str, list[str | None]],
    position: int,
    names: dict[str, str],
    quarantine: Quarantine,
) -> Rows:
    """Columns of Python text as a batch; a row with a lone surrogate, which no column can hold, is refused.

    Args:
        numbers: number of each row.
        cells: property to cells.
        position: bytes on disk read so far.
        names: property to column of the file, for the quarantine.
        quarantine: takes the refused rows.
    """
    try:
        return Rows(numbers, {p: pa.array(c, pa.string()) for p, c in cells.items()}, position)
    except UnicodeEncodeError:
        good = [True] * len(numbers)
        for property, column in cells.items():
            for i, cell in enumerate(column):
                if good[i] and cell is not None and not _encodes(cell):
                    good[i] = False
                    quarantine.refuse(numbers[i], names[property], cell, UNDECODABLE)
        kept = {p: pa.array(list(compress(c, good)), pa.string()) for p, c in cells.items()}
        return Rows(list(compress(numbers, good)), kept, position)


def batched(
    records: Iterable[tuple[int, Any]], size: Callable[[], int], most: int
) -> Iterator[tuple[list[int], list[Any]]]:
    """Numbered records in batches of `most`, or fewer where `size()` has grown by BATCH_CHARACTERS."""
    numbers: list[int] = []
    batch: list[Any] = []
    since = size()
    for number, record in records:
        numbers.append(number)
        batch.append(record)
        if len(batch) >= most or size() - since >= BATCH_CHARACTERS:
            yield numbers, batch
            numbers, batch, since = [], [], size()
    if batch:
        yield numbers, batch


def _encodes(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def derived(rows: Rows, layout: Layout) -> Rows:
    """The rows that count, with a column for each property.

    Args:
        rows: as a reader gives them: columns that cells and conditions look at have RAW before their names.
        layout: what they are made into.

    >>> rows = Rows([2, 3], {"=url": pa.array(["https://x.com/a/status/7", None])}, 0)
    >>> derived(rows, Layout((("content_id", Cell(("url",), take="post")),))).columns["content_id"].to_pylist()
    ['7', None]
    """
    raw = {name.removeprefix(RAW): column for name, column in rows.columns.items() if name.startswith(RAW)}
    columns = {name: column for name, column in rows.columns.items() if not name.startswith(RAW)}
    for property, cell in layout.cells:
        if not cell.missing(raw) and any(name in raw for name in (*cell.names, *cell.parts)):
            # What these hold is named once the platform is known, and spellings are counted then.
            read = replace(cell, take=None) if property in NAMED and cell.take in ("post", "account") else cell
            columns[property] = _values(read, raw)
    if not (layout.when or layout.unless):
        return Rows(rows.numbers, columns, rows.position)
    given = {c: raw[c].to_pylist() for c, _ in (*layout.when, *layout.unless) if c in raw}
    keep = [
        layout.takes(lambda c, at=at: given[c][at] if c in given else None)  # type: ignore[misc]
        for at in range(len(rows.numbers))
    ]
    numbers = [number for number, kept in zip(rows.numbers, keep, strict=True) if kept]
    mask = pa.array(keep, pa.bool_())
    return Rows(numbers, {p: column.filter(mask) for p, column in columns.items()}, rows.position)


def _values(cell: Cell, raw: dict[str, Any]) -> Any:
    filled = [_filled(raw[name]) for name in cell.names if name in raw]
    if cell.parts and all(name in raw for name in cell.parts):
        # A day without its time of day, or the other way round, goes on as it is, to be refused as such.
        parts = [pc.coalesce(pc.utf8_trim_whitespace(raw[name]), "") for name in cell.parts]
        filled.append(_filled(pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, " "))))
    value = pc.coalesce(*filled) if cell.join is None else pc.binary_join_element_wise(*filled, cell.join)
    if not cell.values and not cell.endings and cell.take is None:
        return value
    # Most cells repeat: each different one is looked at once.
    coded = pc.dictionary_encode(value)
    words = dict(cell.values)
    made = [_made(text, words, cell) for text in coded.dictionary.to_pylist()]
    return pa.array(made, pa.string()).take(coded.indices)


def _filled(column: Any) -> Any:
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column)


def _made(text: str, words: dict[str, str], cell: Cell) -> str | None:
    text = words.get(text.strip().lower(), text)
    for ending, stands in cell.endings:
        if text.endswith(ending):
            text = text.removesuffix(ending) + stands
            break
    if cell.take is None or not text:
        return text or None
    if cell.take == "post":
        return post_reference(text).native or text
    reference = account_reference(text)
    # What names nothing stays as it is, to be refused with the reason; @ says that it is a handle.
    account = text if text.lstrip().startswith("@") else reference.native or text
    taken = {"account": account, "handle": reference.handle, "platform": reference.platform}
    return taken[cell.take]
