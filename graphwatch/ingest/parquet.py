"""Parquet files as columns of text."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.errors import InputError
from graphwatch.ingest.files import Look, grown, grows_too_far
from graphwatch.ingest.heading import bind
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Quarantine
from graphwatch.ingest.rows import UNDECODABLE, Rows
from graphwatch.settings import BATCH_ROWS

# What Arrow, and Python reading what Arrow gives, raise of a damaged file: names that are no UTF-8 or there twice,
# sizes that no memory holds, times outside the calendar.
_DAMAGE: Final = (pa.ArrowException, OSError, ValueError, LookupError, ArithmeticError, MemoryError)
# Of texts that are written out at a time.
_MOST_BYTES: Final = 1 << 26
# Columns of row groups: each takes some kilobytes of memory and time as it is read, however few rows it has.
_MOST_PIECES: Final = 100_000
# What a file says of itself at its end, which is read in one piece; of so many columns of row groups a fraction of it.
_MOST_OF_ITSELF: Final = 1 << 26


def read_parquet(look: Look, mapping: Mapping_, quarantine: Quarantine) -> Iterator[Rows]:
    """The rows of a Parquet file, numbered from 1; fields of structs have dotted names.

    Raises:
        InputError: if the file is damaged, unpacks to far more than tables do, or a mapped column is missing or has a
            type that is not text, number, time, yes/no or list.
    """
    size = look.path.stat().st_size
    unpacked = 0
    try:
        with _opened(look) as file:
            header = _flat(file.schema_arrow.empty_table()).column_names
            positions = bind(mapping, header, f"{look.path}, row 1")
            names = {p: header[i].strip() for p, i in positions.items()}
            needed = sorted({_top(file.schema_arrow.names, header[i]) for i in positions.values()})
            done = 0
            for table in _tables(file, needed):
                unpacked += _bytes(table)
                if grows_too_far(unpacked, size):
                    raise grown(look.path)
                numbers = range(done + 1, done + 1 + len(table))
                done += len(table)
                position = size * done // file.metadata.num_rows
                columns = {
                    p: _as_text(table.column(header[i]).combine_chunks(), header[i], look) for p, i in positions.items()
                }
                yield _decodable(Rows(numbers, columns, position), names, quarantine)
    except _DAMAGE as error:
        raise _damaged(error, look) from None


def _opened(look: Look) -> pq.ParquetFile:
    """The file, whose texts are read as numbers of distinct ones where they stand so in it.

    A text of a megabyte a million times is a small file.
    """
    _refuse_long_end(look)
    with pq.ParquetFile(look.path, pre_buffer=False) as file:
        if file.num_row_groups * len(file.schema) > _MOST_PIECES:
            what = f"the file has {file.num_row_groups:,} row groups, more than {_MOST_PIECES:,} pieces in all"
            raise InputError(what, where=str(look.path), remedy="Write it again with larger row groups.")
        columns = [file.schema.column(i) for i in range(len(file.schema))]
        texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
    return pq.ParquetFile(look.path, pre_buffer=False, read_dictionary=texts)


def _refuse_long_end(look: Look) -> None:
    size = look.path.stat().st_size
    with look.path.open("rb") as file:
        file.seek(-min(8, size), 2)
        length = int.from_bytes(file.read(8)[:4], "little")
    if _MOST_OF_ITSELF < length < size:  # of a longer one the reader says that it is damaged
        what = f"what the file says of itself would be {length:,} bytes"
        raise InputError(what, where=str(look.path), remedy="Fetch or export the file again.")


def _tables(file: pq.ParquetFile, columns: list[str], most: int = BATCH_ROWS) -> Iterator[pa.Table]:
    """The rows, with flat columns, so few at a time that they have room once each cell is written out."""
    for batch in file.iter_batches(most, columns=columns):
        waiting = [_flat(pa.Table.from_batches([batch]))]
        while waiting:
            table = waiting.pop()
            if len(table) > 1 and _bytes(table) > _MOST_BYTES:
                half = len(table) // 2
                waiting += [table.slice(half), table.slice(0, half)]
            else:
                yield table


def _bytes(table: pa.Table) -> int:
    """What the cells of a table take once each is written out."""
    return sum(_bytes_of(chunk) for column in table.columns for chunk in column.chunks)


def _bytes_of(column: pa.Array) -> int:
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return _bytes_of(column.flatten()) + 8 * len(column)
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    return int(pc.sum(pc.take(lengths, column.indices)).as_py() or 0) + 8 * len(column)


def _damaged(error: BaseException, look: Look) -> InputError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    remedy = "Fetch or export the file again."
    return InputError(f"the Parquet file cannot be read: {reason}", where=str(look.path), remedy=remedy)


def _flat(table: Any) -> Any:
    while any(pa.types.is_struct(type) for type in table.schema.types):
        table = table.flatten()
    return table


def _top(names: list[str], flat_name: str) -> str:
    """The column that a flattened name comes from."""
    return flat_name if flat_name in names else next(n for n in names if flat_name.startswith(f"{n}."))


def _as_text(column: Any, name: str, look: Look) -> Any:
    """A column as bytes of text; a float beyond 15 digits has an exponent, so that it is refused as an id."""
    type = column.type
    if pa.types.is_dictionary(type):
        return _as_text(column.dictionary_decode(), name, look)
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_pylist()]
        return pa.array(texts, pa.string()).cast(pa.binary())
    if pa.types.is_timestamp(type) and type.tz is not None:
        return pc.strftime(column.cast(pa.timestamp(type.unit, "UTC")), "%Y-%m-%dT%H:%M:%SZ").cast(pa.binary())
    if pa.types.is_decimal(type):
        return pa.array([None if v is None else f"{v:f}" for v in column.to_pylist()], pa.string()).cast(pa.binary())
    if pa.types.is_floating(type):
        column = column.cast(pa.float64())
    try:
        if not (pa.types.is_large_binary(type) or pa.types.is_binary(type)):
            column = column.cast(pa.large_string())
        return column.cast(pa.large_binary()).cast(pa.binary())
    except pa.ArrowException:
        remedy = "Turn the column into text, or do not map it."
        raise InputError(f"column '{name}' is of type {type}", where=str(look.path), remedy=remedy) from None


def _decodable(rows: Rows, names: dict[str, str], quarantine: Quarantine) -> Rows:
    """The same rows as text; Parquet readers do not check that text is UTF-8, so this does."""
    try:
        return Rows(rows.numbers, {p: c.cast(pa.string()) for p, c in rows.columns.items()}, rows.position)
    except pa.ArrowInvalid:
        good = [True] * len(rows.numbers)
        for property, column in rows.columns.items():
            for i, cell in enumerate(column.to_pylist()):
                text = (cell or b"").decode("utf-8", "surrogateescape")
                if good[i] and not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
                    good[i] = False
                    quarantine.refuse(rows.numbers[i], names[property], text, UNDECODABLE)
        mask = pa.array(good)
        kept = {p: c.filter(mask).cast(pa.string()) for p, c in rows.columns.items()}
        return Rows([n for n, keep in zip(rows.numbers, good, strict=True) if keep], kept, rows.position)


def first_rows(look: Look, most: int) -> list[list[str]]:
    """The names of the columns and the first rows, as text."""
    try:
        with _opened(look) as file:
            table = next(_tables(file, file.schema_arrow.names, most), None) or _flat(file.schema_arrow.empty_table())
            rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    except _DAMAGE as error:
        raise _damaged(error, look) from None
    return [table.column_names, *(["" if cell is None else str(cell) for cell in row] for row in rows)]
