"""Ids that a spreadsheet has rounded: it keeps 15 digits of a number and makes the others zeros."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.common.notes import Note
from graphwatch.ingest.checks import ROUNDED_ID
from graphwatch.ingest.quarantine import Quarantine
from graphwatch.ingest.times import mask_of
from graphwatch.platforms.naming import account_name, platform_name, post_name
from graphwatch.platforms.shortcodes import OF_META, media_id, media_ids

# Columns with ids, and the column whose address still holds the id where there is one.
_IDS: Final[dict[str, dict[str, str | None]]] = {
    "interactions": {"object": "object_url", "account": "account_url", "content_id": None, "page": None},
    "posts": {"post": "url", "account": None, "page": None},
    "pages": {"page": "url"},
}
# Columns of posts, whose ids may have been numbers in the file.
_OF_POSTS: Final = ("object", "post")
_KEPT_DIGITS: Final = 15
_SHORTEST: Final = 17
_ZEROS: Final = rf"^[0-9]{{{_KEPT_DIGITS}}}0{{{_SHORTEST - _KEPT_DIGITS},}}$"
# One id in ten thousand ends so by chance.
_SURELY: Final = rf"^[0-9]{{{_KEPT_DIGITS}}}0{{4,}}$"
_EXPONENTS: Final = r"^\s*\d([.,]\d*)?[eE]\+?\d\d\s*$"
_LONG: Final = rf"^[0-9]{{{_SHORTEST},}}$"
_EXPONENT: Final = re.compile(r"(\d)(?:[.,](\d*))?[eE]\+?(\d{1,2})")
# So many zeros at the ends of all ids of a file are no accident: less than one in a million.
_ENOUGH_ZEROS: Final = 6
# Of several files put together some may be rounded and others not: then so many ids, and so large a part of them.
_SEVERAL: Final = 5
_PART: Final = 0.1


def taken_from_address(kind: str, columns: dict[str, Any], constants: dict[str, str]) -> dict[str, Any]:
    """The columns of a file, where rounded ids are replaced by those that an address beside them still holds.

    >>> rows = {"post": pa.array(["1.84E+18"]), "url": pa.array(["https://x.com/a/status/1840000000000000007"])}
    >>> taken_from_address("posts", rows, {"platform": "x"})["post"].to_pylist()
    ['1840000000000000007']
    """
    for property, beside in _IDS.get(kind, {}).items():
        ids, addresses = columns.get(property), columns.get(beside or "")
        if ids is None or addresses is None:
            continue
        at = np.flatnonzero(mask_of(pc.match_substring_regex(ids, rf"{_ZEROS}|{_EXPONENTS}")))
        if not len(at):
            continue
        platforms = columns.get("platform")
        cells = ids.to_pylist()
        for row in at.tolist():
            platform = platforms[row].as_py() if platforms is not None else constants.get("platform")
            address = addresses[row].as_py()
            if platform and address and property != "page":
                named = (account_name if property == "account" else post_name)(address, platform_name(platform)).id
                cells[row] = named if named and _rounds_to(named, cells[row].strip()) else cells[row]
        columns = columns | {property: pa.array(cells, pa.string())}
    return columns | _by_handle(columns)


def _by_handle(columns: dict[str, Any]) -> dict[str, Any]:
    """Rounded ids of accounts beside which their handles stand, by these handles."""
    accounts, handles = columns.get("account"), columns.get("account_handle", columns.get("handle"))
    if accounts is None or handles is None:
        return {}
    rounded = pc.fill_null(pc.match_substring_regex(accounts, rf"{_SURELY}|{_EXPONENTS}"), False)
    known = pc.not_equal(pc.coalesce(handles, pa.scalar("")), "")
    at = pc.and_(rounded, known)
    if not pc.any(at).as_py():
        return {}
    named = pc.binary_join_element_wise("@", pc.utf8_ltrim(pc.utf8_trim_whitespace(handles), "@"), "")
    return {"account": pc.if_else(at, named, accounts)}


def _rounds_to(id: str, rounded: str) -> bool:
    """Whether a rounded id may have been this one."""
    id = media_id(id) or id
    if not id.isdecimal():
        return False
    written = _EXPONENT.fullmatch(rounded)
    if written is None:
        return len(id) == len(rounded) and abs(int(id) - int(rounded)) < 10 ** (len(id) - _KEPT_DIGITS)
    first, decimals, exponent = written[1], written[2] or "", int(written[3])
    unit = 10 ** max(exponent - len(decimals), 0)
    return len(id) == exponent + 1 and abs(int(id) - int(first + decimals) * unit) <= unit


class RoundedIds:
    """Watches the accepted rows of one load for ids whose last digits are all zeros."""

    def __init__(self, kind: str) -> None:
        self._columns = tuple(_IDS.get(kind, ()))
        # By column, the id as it is among the rows and its digits.
        self._zeros: dict[str, dict[str, str]] = {name: {} for name in self._columns}
        self._long: dict[str, list[Any]] = {name: [] for name in self._columns}

    def look(self, rows: Any) -> None:
        """Look at a batch."""
        for name in self._columns:
            column = rows.column(name)
            if name in _OF_POSTS and self._coded(name, rows):
                continue
            if column.null_count == len(column) or not pc.any(pc.greater_equal(pc.binary_length(column), 17)).as_py():
                continue
            self._look(name, (unique := pc.unique(column.drop_null())), unique)

    def _coded(self, name: str, rows: Any) -> bool:
        """Look at ids of posts that were numbers and are shortcodes now; whether there are any."""
        of_meta = pc.is_in(rows.column("platform"), value_set=pa.array(OF_META))
        if not pc.any(of_meta).as_py():
            return False
        ids = pc.unique(rows.column(name).filter(of_meta).drop_null())
        self._look(name, ids, media_ids(ids))
        others = pc.unique(rows.column(name).filter(pc.invert(of_meta)).drop_null())
        self._look(name, others, others)
        return True

    def _look(self, name: str, ids: Any, numbers: Any) -> None:
        self._long[name].append(numbers.filter(pc.fill_null(pc.match_substring_regex(numbers, _LONG), False)))
        zeros = pc.fill_null(pc.match_substring_regex(numbers, _ZEROS), False)
        self._zeros[name].update(zip(ids.filter(zeros).to_pylist(), numbers.filter(zeros).to_pylist(), strict=True))

    def found(self) -> dict[str, dict[str, str]]:
        """By column, the rounded ids as they are among the rows and as digits; none where zeros may be chance."""
        return {name: zeros for name, zeros in self._zeros.items() if zeros and self._are_many(name, zeros)}

    def notes(self) -> Iterator[str]:
        """Of too few rounded ids to be sure."""
        for name, zeros in self._zeros.items():
            if zeros and not self._are_many(name, zeros) and len(zeros) >= _PART * self._ids(name):
                yield Note("load.zeros", n=len(zeros), name=name)

    def _ids(self, name: str) -> int:
        return len(pc.unique(pa.chunked_array(self._long[name], pa.string())))

    def _are_many(self, name: str, zeros: dict[str, str]) -> bool:
        ids = self._ids(name)
        at_ends = sum(len(id) - _KEPT_DIGITS for id in zeros.values())
        if len(zeros) == ids:
            return len(zeros) > 1 and at_ends >= _ENOUGH_ZEROS
        return len(zeros) >= _SEVERAL and len(zeros) >= _PART * ids


def refuse_rounded(
    flat: Path, rounded: dict[str, dict[str, str]], names: dict[str, str], quarantine: Quarantine
) -> int:
    """Take the rows with rounded ids out of the file of accepted rows, into the quarantine; how many they are.

    Args:
        flat: accepted rows, written anew.
        rounded: column to rounded ids, each with its digits.
        names: property to column of the file, for the quarantine.
        quarantine: takes the refused rows.
    """
    sets = {name: pa.array(sorted(ids)) for name, ids in rounded.items()}
    beside, gone = flat.with_suffix(".kept"), 0
    with pq.ParquetFile(flat) as file, pq.ParquetWriter(beside, file.schema_arrow, compression="snappy") as writer:
        for rows in file.iter_batches():
            keep = pa.array([True] * rows.num_rows)
            for name, ids in sets.items():
                goes = pc.and_(keep, pc.is_in(rows.column(name), value_set=ids))
                keep = pc.and_(keep, pc.invert(goes))
                refused = rows.filter(goes)
                for row, id in zip(refused.column("row").to_pylist(), refused.column(name).to_pylist(), strict=True):
                    quarantine.refuse(row, names.get(name, name), rounded[name][id], ROUNDED_ID)
            kept = rows.filter(keep)
            gone += rows.num_rows - kept.num_rows
            if kept.num_rows:
                writer.write_batch(kept)
    beside.replace(flat)
    return gone
