"""How a project and what it found show themselves in a notebook: little, bounded, and with every text escaped."""

from collections.abc import Iterable
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


def _text(value: Any) -> str:
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: _LENGTH + 1])
    return escape(clean if len(clean) <= _LENGTH else clean[:_LENGTH] + "…")
