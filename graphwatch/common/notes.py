"""What work tells of itself and of files: sentences, English where they are taken as text, Indonesian if asked."""

from typing import Any, Self

from graphwatch.common.i18n import counted, meaning, text


class Note(str):
    """A sentence of the catalogue with its values; as a text it is the English one.

    Whole numbers are written with separators, as the language has them, and others with one decimal; a text that has
    two forms takes `n`. Values may be notes, too.

    >>> note = Note("load.untimed", n=1_200)
    >>> str(note)
    '1,200 rows have no time, so nobody is found by them to act together'
    >>> said(note, "id")
    '1.200 baris tidak memiliki waktu, sehingga tidak ada yang ditemukan bertindak serentak dari baris itu'
    """

    __slots__ = ("_key", "_values")
    _key: str
    _values: dict[str, Any]

    def __new__(cls, key: str, **values: Any) -> Self:
        """The sentence of a key."""
        note = super().__new__(cls, _said(key, "en", values))
        note._key, note._values = key, values
        return note

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self._key,), self._values

    def in_language(self, language: str) -> str:
        """The sentence in a language."""
        return _said(self._key, language, self._values)

    @property
    def remedy(self) -> "Note":
        """What to do about what the sentence says, where the catalogue has that beside it.

        >>> from graphwatch.ingest.quarantine import problem
        >>> problem("no_offset").reason.remedy == problem("no_offset").remedy
        True
        """
        return Note(f"{self._key}.remedy", **self._values)


def said(note: str, language: str) -> str:
    """A note in a language; one that exists in English only as it is."""
    return note.in_language(language) if isinstance(note, Note) else note


class Meaning(str):
    """What a property means, as a value of a note."""

    __slots__ = ()

    def in_language(self, language: str) -> str:
        """The same in a language."""
        return meaning(self, language)


class Sentences(tuple[str, ...]):
    """Several notes that follow each other as a value of another; a plain tuple is a list with commas."""

    __slots__ = ()


def _said(key: str, language: str, values: dict[str, Any]) -> str:
    return text(key, language, **{name: _shown(value, language) for name, value in values.items()})


class _Count(int):
    """A whole number that is written with the separators of a language, and compares as itself."""

    _language: str

    def __format__(self, form: str) -> str:
        return counted(int(self), self._language)


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, Note | Meaning):
        return value.in_language(language)
    if isinstance(value, tuple):
        joined = " " if isinstance(value, Sentences) else ", "
        return joined.join(said(part, language) for part in value)
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", "," if language == "id" else ".")
    if not isinstance(value, int):
        return value
    count = _Count(value)
    count._language = language
    return count
