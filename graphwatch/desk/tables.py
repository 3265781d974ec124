"""A table on a screen: searched, narrowed, sorted and cut into pages by what its address says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import local
from graphwatch.common.i18n import catalogue
from graphwatch.common.sanitize import plain
from graphwatch.common.table import Table
from graphwatch.explain.words import number

# Where values of a column lead: the beginning of an address to which they are added, or made of the whole row.
Link = str | Callable[[dict[str, Any]], str | None]
PAGE_ROWS: Final = 50
_MOST_FACETS: Final = 12
# What people wrote or are called stays as it is, even where it is a word of graphwatch's own.
_NAMES: Final = frozenset(
    ("account", "handle", "text", "post", "page", "lead", "file", "reviewer", "reason", "details")
)
_CELL: Final = 160


@dataclass(frozen=True, slots=True)
class Listed:
    """A table with how it is shown.

    Attributes:
        table: all rows.
        facets: columns by whose values rows can be narrowed.
        hidden: columns that are not on the screen; a download has them.
        links: by column where its values lead.
        first: columns that stand before the others.
    """

    table: Table
    facets: Sequence[str] = ()
    hidden: Sequence[str] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    first: Sequence[str] = ()

    def columns(self) -> list[str]:
        """Those on the screen: what has no value in any row only takes the place of others."""
        rows = self.table.to_arrow()
        seen = [name for name in rows.column_names if not len(rows) or rows[name].null_count < len(rows)]
        names = [name for name in (*self.first, *seen) if name in seen and name not in self.hidden]
        return list(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the rows can be narrowed to: how many have it, and the address that does or undoes it."""

    value: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A column by whose values the rows can be narrowed."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: the address that sorts by it, and how it sorts now (ascending, descending or none)."""

    name: str
    label: str
    address: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text, with where it leads; a `number` stands to the right, a `time` in one line."""

    text: str
    link: str | None = None
    look: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a table.

    Attributes:
        anchor: where on the screen it stands.
        search: the parameter of the address that holds the words that are searched for.
        whole, found: rows of the table, and those that are left.
        page, pages: which page of how many, from 1.
        searched: the words that were searched for.
        kept: parameters of the address besides those words, for the form that searches.
        all: the address of the screen without what this table was asked; none where nothing was.
    """

    anchor: str
    search: str

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    facets: tuple[Facet, ...]
    caveats: tuple[str, ...]
    whole: int
    found: int
    page: int
    pages: int
    searched: str
    kept: tuple[tuple[str, str], ...]
    all: str | None
    previous: str | None
    following: str | None
    csv: str
    xlsx: str


def label_of(column: str, language: str) -> str:
    """What a column is called on the screen: as the model names it, else its own name as words.

    >>> label_of("median_gap_x", "en")
    'median gap x'
    """
    texts = catalogue(language)
    named = texts.get(f"desk.column.{column}") or texts.get(f"property.{column}")
    return named or column.replace("_", " ")


def words_for(asked: Mapping[str, str], name: str) -> dict[str, str]:
    """What an address says of one of the tables of a screen: the first has no name, `clusters.sort` is another's.

    >>> words_for({"sort": "n", "clusters.sort": "-size"}, "clusters")
    {'sort': '-size'}
    """
    if not name:
        return dict(asked)
    begin = f"{name}."
    return {key.removeprefix(begin): value for key, value in asked.items() if key.startswith(begin)}


def narrowed(table: Table, asked: Mapping[str, str]) -> pa.Table:
    """The rows that hold the searched words and have the chosen values, sorted as asked."""
    rows = _searched(_with_facets(table.to_arrow(), asked), asked.get("q", ""))
    wanted = asked.get("sort", "")
    column = wanted.removeprefix("-")
    if column in rows.column_names and not pa.types.is_nested(rows.schema.field(column).type):
        order = "descending" if wanted.startswith("-") else "ascending"
        rows = rows.take(pc.sort_indices(rows, [(column, order)]))
    return rows


def _with_facets(rows: pa.Table, asked: Mapping[str, str]) -> pa.Table:
    for name in rows.column_names:
        if (value := asked.get(f"is.{name}")) is not None:
            rows = rows.filter(pc.equal(_words(rows[name]), value))
    return rows


def _searched(rows: pa.Table, words: str) -> pa.Table:
    for word in words.split():
        hit = None
        for column in rows.columns:
            if pa.types.is_nested(column.type):
                continue
            found = pc.match_substring(_words(column), word, ignore_case=True)
            hit = found if hit is None else pc.or_(hit, found)
        if hit is not None:
            rows = rows.filter(hit)
    return rows


def _words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as texts, absent values as empty ones."""
    return pc.fill_null(pc.cast(column, pa.string()), "")


def shown(listed: Listed, asked: Mapping[str, str], path: str, language: str, name: str = "") -> Shown:
    """One page of a table.

    Args:
        listed: the table.
        asked: parameters of the address: `q` words, `is.COLUMN` values, `sort`, `page`, behind `NAME.` those of a table
            with a name, and those of the screen.
        path: of the screen.
        language: of headings and numbers.
        name: which of the tables of the screen; the first has none.

    >>> rows = Table(pa.table({"kind": ["LIKED", "SHARED"], "n": [1, 2]}))
    >>> found = shown(Listed(rows), {"few.sort": "-n"}, "/x", "en", "few")
    >>> [[cell.text for cell in row] for row in found.rows], found.headings[1].sorted
    ([['Shared', '2'], ['Liked', '1']], 'descending')
    """
    table, links, own = listed.table, listed.links, words_for(asked, name)
    left = narrowed(table, own)
    pages = max(1, -(-left.num_rows // PAGE_ROWS))
    at = own.get("page", "1")
    page = min(max(int(at), 1), pages) if at.isascii() and at.isdecimal() and len(at) < 9 else 1
    names = listed.columns()
    begin, anchor = (f"{name}.", f"rows-{name}") if name else ("", "rows")
    others = {key: value for key, value in asked.items() if value and not key.endswith("download")}

    def address(**changes: str | None) -> str:
        changed = {f"{begin}{key}": value for key, value in {"page": None, **changes}.items()}
        words = urlencode({key: value for key, value in {**others, **changed}.items() if value})
        return f"{path}?{words}" if "download" in changes else f"{path}?{words}#{anchor}"

    def is_own(key: str) -> bool:
        said = key.removeprefix(begin)
        return key.startswith(begin) and (said in ("q", "sort", "page") or said.startswith("is."))

    records = left.slice((page - 1) * PAGE_ROWS, PAGE_ROWS).to_pylist()
    unasked = urlencode({key: value for key, value in others.items() if not is_own(key)})
    return Shown(
        anchor=anchor,
        search=f"{begin}q",
        headings=tuple(_heading(column, own, language, address) for column in names),
        rows=tuple(tuple(_cell(column, row, language, links.get(column)) for column in names) for row in records),
        facets=tuple(_facet(left, of, own, language, address) for of in listed.facets if of in table.columns),
        caveats=table.caveats,
        whole=len(table),
        found=left.num_rows,
        page=page,
        pages=pages,
        searched=own.get("q", ""),
        kept=tuple((key, value) for key, value in others.items() if key not in (f"{begin}q", f"{begin}page")),
        all=f"{path}?{unasked}#{anchor}" if any(map(is_own, others)) else None,
        previous=address(page=str(page - 1)) if page > 1 else None,
        following=address(page=str(page + 1)) if page < pages else None,
        csv=address(page=own.get("page"), download="csv"),
        xlsx=address(page=own.get("page"), download="xlsx"),
    )


def _heading(name: str, asked: Mapping[str, str], language: str, address: Any) -> Heading:
    now = {name: "ascending", f"-{name}": "descending"}.get(asked.get("sort", ""), "none")
    turned = f"-{name}" if now == "ascending" else name
    return Heading(name, label_of(name, language), address(sort=turned), now)


def _facet(rows: pa.Table, name: str, asked: Mapping[str, str], language: str, address: Any) -> Facet:
    chosen = asked.get(f"is.{name}")
    counted = pc.value_counts(_words(rows[name]).combine_chunks()).to_pylist()
    counted.sort(key=lambda row: (-row["counts"], row["values"]))
    choices = [
        Choice(
            value_word(row["values"], language),
            row["counts"],
            address(**{f"is.{name}": None if row["values"] == chosen else row["values"]}),
            row["values"] == chosen,
        )
        for row in counted[:_MOST_FACETS]
        if row["values"]
    ]
    return Facet(name, label_of(name, language), tuple(choices))


def value_word(value: str, language: str) -> str:
    """A value of the data in the reader's language, where it is one that graphwatch itself writes.

    >>> value_word("dismissed", "id") != "dismissed", value_word("ani", "id")
    (True, 'ani')
    """
    texts = catalogue(language)
    for room in ("desk.value", "report.outcome", "value", "relation"):
        if (word := texts.get(f"{room}.{value}")) is not None and "{" not in word:
            return word
    return plain(value, _CELL)


def _cell(name: str, row: dict[str, Any], language: str, leads: Link | None) -> Cell:
    value = row[name]
    if value is None:
        return Cell("")
    link = f"{leads}{quote(str(value), safe='')}" if isinstance(leads, str) else leads(row) if leads else None
    if isinstance(value, bool):
        return Cell(catalogue(language)["desk.yes" if value else "desk.no"])
    if isinstance(value, int) and name.endswith("_ms") and abs(value) > 1 << 36:
        return Cell(time_word(value), link, look="time")
    if isinstance(value, int | float):
        return Cell(number(value, language, 0 if isinstance(value, int) else 4), look="number")
    if isinstance(value, list | tuple):
        return Cell(plain(", ".join(map(str, value)), _CELL))
    return Cell(plain(str(value), _CELL) if name in _NAMES else value_word(str(value), language), link)


def time_word(at_ms: int | None) -> str:
    """An instant as people in western Indonesia read it.

    >>> time_word(1_727_197_201_234)
    '2024-09-25 00:00:01 WIB'
    """
    return "" if at_ms is None else f"{local(at_ms):%Y-%m-%d %H:%M:%S} WIB"
