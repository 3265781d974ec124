"""How a project and what it found show themselves in a notebook: little, bounded, and with every text escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

# A notebook keeps what it shows: a cell must stay small whatever stands in the store.
_ROWS: Final = 40
_LENGTH: Final = 200


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
