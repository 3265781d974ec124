"""A table that a verb answers with, the forms in which people go on with it, and how answers look in a notebook."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphwatch.common.files import replacing
from graphwatch.common.i18n import counted, text
from graphwatch.common.sanitize import spreadsheet_cell

if TYPE_CHECKING:
    import pandas as pd

# A notebook keeps what it shows: a cell must stay small whatever stands in the store.
_ROWS: Final = 40
_LENGTH: Final = 200


class _NoPandas:
    """A finder of modules that says of pandas that there is none."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if name == "pandas":
            raise ModuleNotFoundError(name)


def leave_pandas_out() -> None:
    """Have pyarrow not import pandas for the first list that it is given, which takes longer than a query.

    For processes of our own alone: until a table is turned into a frame, pyarrow takes a Series for a plain sequence.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(finder)


def card(title: str, rows: Iterable[tuple[str, Any]], note: str = "") -> str:
    """A small table of facts.

    >>> card("<b>", [("a", 1200)])
    '<table><caption>&lt;b&gt;</caption><tr><th>a</th><td>1,200</td></tr></table>'
    """
    found = list(rows)
    cells = "".join(f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in found[:_ROWS])
    left = f"<p>… and {len(found) - _ROWS:,} more</p>" if len(found) > _ROWS else ""
    return f"<table><caption>{_text(title)}</caption>{cells}</table>{left}{f'<p>{_text(note)}</p>' if note else ''}"


def grid(names: Sequence[str], rows: Iterable[Sequence[Any]], whole: int, notes: Iterable[str] = ()) -> str:
    """The beginning of a table of `whole` rows, with what must be known of it.

    >>> grid(["a"], [["<i>"]], 2)
    '<table><tr><th>a</th></tr><tr><td>&lt;i&gt;</td></tr></table><p>… 2 rows in all</p>'
    """
    head = "".join(f"<th>{_text(name)}</th>" for name in names)
    found = list(rows)[:_ROWS]
    body = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in found)
    left = f"<p>… {whole:,} rows in all</p>" if whole > len(found) else ""
    return f"<table><tr>{head}</tr>{body}</table>{left}{''.join(f'<p>{_text(note)}</p>' for note in notes)}"


def _cell(value: Any) -> str:
    return "" if value is None else escape(str(value)) if isinstance(value, int | float) else _text(value)


def _text(value: Any) -> str:
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: _LENGTH + 1])
    return escape(clean if len(clean) <= _LENGTH else clean[:_LENGTH] + "…")


# A notebook shows the beginning; the whole is in the other forms.
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Table:
    r"""Rows and columns, with what must be known of them.

    Attributes:
        cut: where rows were left out for a limit: what is there.
        differs: what the query names or compares that the model has otherwise, a line each.
        untimed: interactions without a time, which were left out.
        left_out: how many nodes of each label were found and not kept.
        empty: what to do where there are no rows, if that is known; None where there are some.
        unfinished: files of which a part was there, a sentence each; the command line tells of them with every command.

    >>> found = Table(pa.table({"account": ["=1+1"], "posts": [3]}))
    >>> len(found), found.columns, list(found)
    (1, ('account', 'posts'), [{'account': '=1+1', 'posts': 3}])
    >>> found.to_csv()
    "account,posts\n'=1+1,3\n"
    """

    _rows: pa.Table
    cut: str | None = None
    differs: tuple[str, ...] = ()
    untimed: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    empty: str | None = None
    unfinished: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._rows.column_names)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be known of it, in English words."""
        return self.caveats_in("en")

    def caveats_in(self, language: str) -> tuple[str, ...]:
        """What must be known of it, in the words of a language; what a query's author wrote is as it was written."""
        said = [self.empty] if self.empty else []
        if self.cut:
            said.append(text("table.cut", language, n=counted(len(self), language)))
        said += [text("table.differs", language, what=line) for line in self.differs]
        if self.untimed:
            said.append(text("table.untimed", language, n=counted(self.untimed, language)))
        if self.left_out:
            labels = ", ".join(f"{counted(n, language)} {label}" for label, n in self.left_out.items())
            said.append(text("table.left_out", language, labels=labels))
        return tuple(said)

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The rows, each by the names of its columns."""
        for batch in self._rows.to_batches():
            yield from batch.to_pylist()

    def __repr__(self) -> str:
        return f"Table({len(self):,} rows: {', '.join(self.columns)})"

    def to_arrow(self) -> pa.Table:
        """As an Arrow table."""
        return self._rows

    def to_pandas(self) -> "pd.DataFrame":
        """As a pandas DataFrame with nullable types."""
        import pandas as pd

        frame: pd.DataFrame = self._rows.to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def to_csv(self, path: str | Path | None = None) -> str:
        """As CSV that a spreadsheet shows and does not compute.

        Args:
            path: the file to write; none is written when left out.

        Returns:
            The text.

        Raises:
            GraphwatchError: the file cannot be written.
        """
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\n")
        table.writerows(self._cells())
        if path is not None:
            with replacing(path) as file:
                file.write(out.getvalue())
        return out.getvalue()

    def to_excel(self, path: str | Path) -> None:
        """As an Excel workbook with one sheet, whose texts are not computed.

        Raises:
            GraphwatchError: the file cannot be written.
        """
        from graphwatch.common.spreadsheets import write_workbook

        write_workbook(path, {"graphwatch": (self.columns, (list(row.values()) for row in self))})

    def _cells(self) -> Iterator[list[str | int | float]]:
        yield [spreadsheet_cell(name) for name in self.columns]
        for row in self:
            yield [spreadsheet_cell(value) for value in row.values()]

    def _repr_html_(self) -> str:
        shown = self._rows.slice(0, _SHOWN)
        rows = [list(row.values()) for row in shown.to_pylist()]
        return grid(self.columns, rows, len(self), self.caveats + self.unfinished)
