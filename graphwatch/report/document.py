"""What a document consists of, before it is HTML, Markdown or a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graphwatch.common.sanitize import plain

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences: paragraphs, or points of a list."""

    lines: tuple[str, ...]
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        form: code is for digests and ids, which may break anywhere.
        annex: whether it is for workbooks alone.
        length: characters of a value that a page shows; a workbook has them all.
    """

    heading: str
    form: Literal["text", "number", "code", "time"] = "text"
    annex: bool = False
    length: int = 600


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings.

    Attributes:
        name: of its sheet in a workbook, where it is always complete.
        shown: places of the rows that a page shows; None where it shows them all.
        cut: what a page says where it does not.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    shown: tuple[int, ...] | None = None
    cut: str | None = None

    @property
    def headings(self) -> tuple[Column, ...]:
        """The columns that a page has."""
        return tuple(c for c in self.columns if not c.annex)

    @property
    def page_rows(self) -> Iterator[tuple[Value, ...]]:
        """The rows that a page shows, with the columns that it has, cut to the length that it shows."""
        rows = self.rows if self.shown is None else [self.rows[i] for i in self.shown]
        return (
            tuple(
                plain(v, c.length) if isinstance(v, str) else v
                for v, c in zip(row, self.columns, strict=True)
                if not c.annex
            )
            for row in rows
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A still picture as SVG markup of this package, in which every outside text is escaped, and what it shows."""

    svg: str
    caption: str


Block = Lines | Table | Drawing


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it; found by its key, which no language changes."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands on every page, in words: which run and data, when and with what it was made, what a lead is not.

    `contains` is what it has to be kept close for; empty where that is nothing.
    """

    run: str
    data: str
    made: str
    disclaimer: str
    contains: str = ""

    @property
    def heading(self) -> str:
        """What stands at the head of every page and sheet."""
        return f"{self.disclaimer} · {self.contains}" if self.contains else self.disclaimer


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language; every text in it may hold what people wrote: escape it when rendering.

    Attributes:
        notices: what has to be read first.
        page: what a page number is called, with `{}` for the page and the number of pages.
        letterhead: the office's name and address, line by line.
    """

    title: str
    subtitle: str
    language: str
    stamp: Stamp
    page: str
    notices: tuple[str, ...]
    parts: tuple[Part, ...]
    letterhead: tuple[str, ...] = ()

    def tables(self) -> Iterator[Table]:
        """Every table, in order."""
        for part in self.parts:
            yield from (block for block in part.blocks if isinstance(block, Table))
