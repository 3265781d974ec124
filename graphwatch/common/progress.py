"""How long work says how far it is."""

from collections.abc import Callable
from typing import Any, Self

from graphwatch.common.i18n import text

# What is being done, how much of it is done, and the whole where it is known.
Progress = Callable[[str, int, int | None], None]


def silent(what: str, done: int, whole: int | None) -> None:
    """No progress is shown."""


class Doing(str):
    """What is being done: a text in English, which also knows itself in the other language.

    >>> doing = Doing("progress.reading", file="likes.csv")
    >>> doing, doing.told("id")
    ('Reading likes.csv', 'Membaca likes.csv')
    """

    def __new__(cls, key: str, **values: str | int | float) -> Self:
        made = super().__new__(cls, text(key, "en", **values))
        made._key, made._values = key, values
        return made

    _key: str
    _values: dict[str, str | int | float]

    def told(self, language: str) -> str:
        """The same in that language."""
        return text(self._key, language, **self._values)

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self._key,), self._values


def told(what: str, language: str) -> str:
    """What is being done in that language, where it is known in several.

    >>> told(Doing("progress.planting"), "id"), told("thinking", "id")
    ('Menanam kelompok', 'thinking')
    """
    return what.told(language) if isinstance(what, Doing) else what
