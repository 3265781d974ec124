"""The texts and numbers of a document in one language."""

from collections.abc import Sequence
from typing import Final

from graphwatch.common.clock import wib
from graphwatch.common.i18n import text
from graphwatch.explain.words import number
from graphwatch.report.form.document import Column, Part, Table, Value

# Columns of instants.
_TIMES: Final = ("time", "first", "last", "loaded")


class Wording:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **values: str | int) -> str:
        """A text of a report."""
        return text(f"report.{key}", self.language, **values)

    def other(self, key: str, **values: str | int) -> str:
        """A text that others say as well."""
        return text(key, self.language, **values)

    def kind(self, kind: str) -> str:
        """A kind of interaction."""
        return self.other(f"relation.{kind}")

    def count(self, value: object) -> str:
        """A whole number, or that it is not known."""
        return "–" if value is None else number(float(str(value)), self.language, 0)

    def told(self, value: int | None) -> str:
        """A number of persons, or that it is withheld."""
        return self.say("withheld") if value is None else self.count(value)

    def time(self, at_ms: int | None, written: str | None = None) -> str:
        """An instant in WIB; where there is none, what the source says of it."""
        if at_ms is not None:
            return wib(at_ms)
        return self.say("untimed") if written is None else written

    def table(self, name: str, columns: Sequence[Column | str], rows: Sequence[tuple[Value, ...]]) -> Table:
        """A complete table; a column that is a word is a text column of that heading."""
        made = tuple(c if isinstance(c, Column) else self.column(c, "time" if c in _TIMES else "text") for c in columns)
        return Table(self.say(f"{name}.heading"), made, tuple(rows))

    def column(self, key: str, form: str = "text", *, annex: bool = False, length: int = 600) -> Column:
        """A column with its heading."""
        return Column(self.say(f"column.{key}"), form, annex, length)  # type: ignore[arg-type]  # one of its literals

    def part(self, key: str, *blocks: object) -> Part:
        """A part with its heading, found by its key."""
        return Part(key, self.say(f"{key}.heading"), tuple(blocks))  # type: ignore[arg-type]  # blocks
