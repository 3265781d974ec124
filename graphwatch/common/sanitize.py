"""Outside text made fit to be shown: nothing invisible, nothing endless."""

import math
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
