"""Rows as another tool reads them from a file: texts become codes, arguments are checked."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.detection.counting import Ints, Longs
from graphwatch.errors import UsageError

# These tools' tables have a row for every match; 20 million take some 4 GB as texts.
MOST_ROWS: Final = 20_000_000
_LONGEST_S: Final = 366 * 86_400
# One array of texts holds at most 2 GiB.
_CHUNK: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order of the file; codes are numbered by first appearance.

    `content` codes from `len(contents)` on stand for rows without a content id: each is a content of its own, the
    same for rows that are alike in everything.
    """

    account: Ints
    object: Ints
    content: Ints
    at_ms: Longs
    accounts: pa.StringArray
    objects: pa.StringArray
    contents: pa.StringArray


def encode(table: pa.Table) -> Rows:
    """Codes for the columns `account`, `object`, `content`, `at_ms` and `kind`.

    >>> seen = {"account": ["b", "a"], "object": ["o", "o"], "content": [None, "c"], "at_ms": [0, 1], "kind": ["L"] * 2}
    >>> rows = encode(pa.table(seen))
    >>> rows.account.tolist(), rows.accounts.to_pylist(), rows.content.tolist()
    ([0, 1], ['b', 'a'], [1, 0])
    """
    account, accounts = codes(table["account"])
    object, objects = codes(table["object"])
    content, contents = codes(table["content"])
    at_ms = table["at_ms"].to_numpy().astype(np.int64)
    nameless = np.flatnonzero(content < 0)
    if len(nameless):
        alike = [c[nameless] for c in (account, object, at_ms, codes(table["kind"])[0])]
        order = np.lexsort(alike)
        content[nameless[order]] = len(contents) + np.cumsum(changes(*(c[order] for c in alike))) - 1
    return Rows(account, object, content, at_ms, accounts, objects, contents)


def codes(column: pa.ChunkedArray) -> tuple[Ints, pa.StringArray]:
    """A code for each text, by first appearance, -1 for null; and the texts."""
    encoded = column.cast(pa.string()).dictionary_encode().combine_chunks()
    return pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).copy(), encoded.dictionary


def changes(*columns: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Where a row of the columns differs from the one before it; the first does.

    >>> changes(np.array([1, 1, 1]), np.array([5, 5, 6])).tolist()
    [True, False, True]
    """
    differs = np.ones(len(columns[0]), bool)
    differs[1:] = False
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return differs


def texts(values: pa.StringArray, chosen: npt.NDArray[np.integer]) -> pa.ChunkedArray:
    """The texts that codes stand for, null beyond the last."""
    parts = [chosen[i : i + _CHUNK] for i in range(0, len(chosen), _CHUNK)]
    taken = [values.take(pa.array(part, mask=part >= len(values))) for part in parts]
    return pa.chunked_array(taken, pa.string())


def byte_ranks(values: pa.StringArray) -> Ints:
    """The place of each text in the order of their bytes."""
    ranks = np.empty(len(values), np.int32)
    ranks[pc.sort_indices(values).to_numpy()] = np.arange(len(values))
    return ranks


def milliseconds(window_s: float) -> int:
    """The window in milliseconds.

    Raises:
        UsageError: it is negative or longer than a year.
    """
    if not 0 <= window_s <= _LONGEST_S:
        raise UsageError(
            f"a window of {window_s:g} s is not between 0 and a year",
            remedy="Give the window in seconds, for example 60.",
        )
    return round(window_s * 1000)


def at_least_one(name: str, value: int) -> None:
    """Refuse a count below 1, naming the argument."""
    if value < 1:
        raise UsageError(f"{name} is {value}", remedy=f"Give {name} 1 or more.")


def bounded(rows: int, what: str, remedy: str) -> None:
    """Refuse a table of more rows than fit into memory."""
    if rows > MOST_ROWS:
        raise UsageError(f"there are {rows:,} {what}, and such a table holds at most {MOST_ROWS:,}", remedy=remedy)
