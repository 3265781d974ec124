"""Errors in the language of their reader: raised in English, they are told by the templates of `words/errors.toml`.

A template is an English text with numbered holes for values, and the same text in Indonesian. A text is told by the
template that it fits as a whole; one that fits none stays as it is.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from graphwatch.common.i18n import ERRORS_FILE

# Longer texts are no errors that somebody reads.
_LONGEST: Final = 1 << 16
# A template with fewer letters of its own that begins with a hole would fit nearly any text: its values are one word.
_FEW_LETTERS: Final = 12
# So deep may a sentence stand in another one, or before it.
_DEEPEST: Final = 2
_HOLE: Final = re.compile(r"\{(\d+)\}")
_PLACE: Final = re.compile(r"(^|, )line (\d+)(?:, column (\d+))?$")


def said(text: str, language: str) -> str:
    """What an error says, or what to do about it, in a language.

    Values stand in the Indonesian as they stood in the English; only what is itself a text of errors without a value,
    or a whole sentence to its full stop, is told, too. A text of several sentences that are known one by one is told
    sentence by sentence.

    Args:
        text: as the error was raised; one of another language or of no template comes back as it is.
        language: `id` or `en`.

    >>> said("column 'at' is missing", "id"), said("column 'at' is missing", "en")
    ("kolom 'at' tidak ada", "column 'at' is missing")
    >>> said("what nobody has told", "id")
    'what nobody has told'
    """
    if language != "id" or len(text) > _LONGEST:
        return text
    return _told(text, _DEEPEST) or text


def place(where: str, language: str) -> str:
    """Where something is wrong: a line and column of a file or query as a language calls them.

    >>> place("likes.csv, line 3", "id"), place("line 1, column 9", "id"), place("likes.csv, line 3", "en")
    ('likes.csv, baris 3', 'baris 1, kolom 9', 'likes.csv, line 3')
    """
    if language != "id":
        return where
    return _PLACE.sub(lambda found: f"{found[1]}baris {found[2]}" + (f", kolom {found[3]}" if found[3] else ""), where)


@cache
def templates() -> Mapping[str, str]:
    """The texts of errors with their holes, each with the Indonesian one."""
    file = files("graphwatch.common").joinpath("words").joinpath(ERRORS_FILE)
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class _Template:
    """An English text cut at its holes, and an Indonesian one with the numbers of the holes between its pieces."""

    pieces: Sequence[str]
    told: Sequence[str]
    holes: Sequence[int]
    one_word: bool

    def values(self, text: str) -> list[str] | None:
        """What stands in the holes of a text, each as short as can be; None where the text does not fit.

        Each piece is looked for once, behind the one before it: no text makes this slow.
        """
        first, *between = self.pieces
        if not between:
            return [] if text == first else None
        last = between.pop()
        end = len(text) - len(last)
        if end < len(first) or not (text.startswith(first) and text.endswith(last)):
            return None
        values, at = [], len(first)
        for piece in between:
            if (found := text.find(piece, at, end)) < 0:
                return None
            values.append(text[at:found])
            at = found + len(piece)
        values.append(text[at:end])
        return None if self.one_word and any(len(value.split()) > 1 for value in values) else values

    def tell(self, values: Sequence[str]) -> str:
        """The Indonesian text with the values in its holes."""
        first, *behind = self.told
        return first + "".join(values[hole] + piece for hole, piece in zip(self.holes, behind, strict=True))


@cache
def _by_first_word() -> Mapping[str, Sequence[_Template]]:
    """The templates by the word that a text begins with, those with most of their own text first; '' for a hole."""
    found = defaultdict(list)
    for english, indonesian in templates().items():
        pieces = _HOLE.split(english)[::2]
        letters = sum(character.isalpha() for piece in pieces for character in piece)
        told = _HOLE.split(indonesian)
        first, space, _ = pieces[0].partition(" ")
        # A hole within the first word leaves no whole word to go by.
        found[first if space or len(pieces) == 1 else ""].append(
            _Template(pieces, told[::2], [int(n) for n in told[1::2]], not pieces[0] and letters < _FEW_LETTERS)
        )
    for some in found.values():
        some.sort(key=lambda template: -sum(map(len, template.pieces)))
    return found


def _told(text: str, deep: int) -> str | None:
    """The text in Indonesian, by the template with most text of its own; None where there is none."""
    by_word = _by_first_word()
    fitting = [
        (template, values)
        for word in (text.partition(" ")[0], "")
        for template in by_word.get(word, ())
        if (values := template.values(text)) is not None
    ]
    if fitting:
        template, values = max(fitting, key=lambda fit: sum(map(len, fit[0].pieces)))
        return template.tell([_told_value(value, deep) for value in values])
    return _by_sentence(text, deep) if deep else None


def _told_value(value: str, deep: int) -> str:
    """A value as it is, or as a sentence that is told; the space that parts it from the next one stays."""
    sentence = value.rstrip(" ")
    if not deep or not sentence.endswith("."):
        return templates().get(value, value)
    told = _told(sentence, deep - 1)
    return value if told is None else told + value[len(sentence) :]


def _by_sentence(text: str, deep: int) -> str | None:
    """Two texts that stand one behind the other, where both are known."""
    first, stop, others = text.partition(". ")
    if not stop or (one := _told(f"{first}.", 0)) is None or (other := _told(others, deep - 1)) is None:
        return None
    return f"{one} {other}"
