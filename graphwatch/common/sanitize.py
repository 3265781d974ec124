"""Outside text made fit to be shown: nothing invisible, nothing endless, nothing that a spreadsheet computes."""

import math
import re
import unicodedata
from typing import Any, Final

NAME_LENGTH: Final = 80
TEXT_LENGTH: Final = 1_000

# A joiner between two emoji makes one of them; every other invisible character is shown by its number.
_JOINER: Final = "\u200d"
# Format and control characters, surrogates, private use, unassigned.
_INVISIBLE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
# Blank letters and fillers, which are visible by category only.
_BLANK: Final = frozenset("\u115f\u1160\u2028\u2029\u2800\u3164\uffa0")


def plain(text: str, length: int = TEXT_LENGTH) -> str:
    r"""The text on one line, cut at `length` characters, its invisible characters shown by number.

    Characters that turn the direction of reading could make a name look like another; shown by number they
    cannot. The result is valid in XML 1.0 and UTF-8.

    >>> plain("a\u202eb"), plain("one\n two"), plain("12345", 4)
    ('a⟨U+202E⟩b', 'one two', '123…')
    """
    if len(text) <= length and text.isascii() and text.isprintable():
        return text
    # One hostile character becomes up to ten; cutting first bounds the work, cutting again the result.
    shown = "".join(map(_shown, " ".join(text[: 4 * length].split())))
    return shown if len(shown) <= length and len(text) <= 4 * length else shown[: length - 1] + "…"


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in _INVISIBLE or character in _BLANK
    return f"⟨U+{ord(character):04X}⟩" if hidden and character != _JOINER else character


def plain_value(value: Any) -> Any:
    """A property as JSON takes it: clean text, finite numbers, lists of clean text; None for anything else.

    >>> plain_value(float("nan")) is None
    True
    """
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [plain(str(item)) for item in value]
    if isinstance(value, int):
        return value
    # Arrow and numpy bring numbers of their own types.
    if hasattr(value, "item"):
        return plain_value(value.item())
    return value if isinstance(value, float) and math.isfinite(value) else None


# What a spreadsheet takes for the beginning of a formula, with the full-width forms that some take for the same, behind
# blanks too. A text that has apostrophes before it already gets one more, so that taking one away gives the text back.
_COMPUTED: Final = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SUSPECT: Final = re.compile("['\\s]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")


def begins_formula(text: str, *, exact: bool = False) -> bool:
    """Whether a spreadsheet may compute a text instead of showing it.

    Args:
        exact: only what spreadsheets are known to compute, for answers that programs read as often as people; else
            also what follows blanks, and the beginnings of commands (`|`, `%`).

    >>> begins_formula("=1+1"), begins_formula(" @a"), begins_formula(" @a", exact=True), begins_formula("ani")
    (True, True, False, False)
    """
    return (_COMPUTED if exact else _SUSPECT).match(text) is not None


def spreadsheet_text(text: str, *, exact: bool = False) -> str:
    """A text as a cell of CSV, TSV or Excel that is shown and never computed: an apostrophe before it says text.

    >>> spreadsheet_text("=1+1"), spreadsheet_text("'=1+1"), spreadsheet_text("it's")
    ("'=1+1", "''=1+1", "it's")
    """
    return f"'{text}" if begins_formula(text, exact=exact) else text


def spreadsheet_cell(value: Any) -> str | int | float:
    """A property as a cell that is shown and never computed, see `plain_value`; numbers stay numbers.

    >>> spreadsheet_cell("=1+1"), spreadsheet_cell(-3), spreadsheet_cell(["a", "b"]), spreadsheet_cell(None)
    ("'=1+1", -3, 'a, b', '')
    """
    if value is None:  # most cells of most tables
        return ""
    value = plain_value(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value
    return spreadsheet_text(", ".join(value) if isinstance(value, list) else str(value))
