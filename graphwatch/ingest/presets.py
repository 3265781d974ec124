"""Presets: how the files of well-known tools are laid out, each in a TOML file of `presets/` or of one's own.

A preset holds only what is certain: where a tool writes no post id beside its comments, `object` is left to the
caller.

    meaning = "Comments as our tool exports them."
    unseen = ["Who liked a comment."]
    meaning_id = "Komentar sebagaimana diekspor alat kami."
    unseen_id = ["Siapa yang menyukai sebuah komentar."]
    timezone = "Asia/Jakarta"
    time = "acted"

    [[statements]]
    kind = "interactions"
    when = { status = ["published"] }
    constants = { platform = "x" }

    [statements.columns]
    account = "user"
    text = ["body", "title"]
    object = { column = "address", take = "post" }
    kind = { column = "type", values = { reply = "COMMENTED" } }
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from graphwatch.common.files import read_text
from graphwatch.common.typed_files import read_toml
from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.layout import Cell, Condition, Layout
from graphwatch.ingest.loads import LOADS

_MOST_BYTES: Final = 1 << 20
# The richest of the presets here has four.
_MOST_STATEMENTS: Final = 40


@dataclass(frozen=True, slots=True)
class Statement:
    """What a row says of one kind of load: columns, constants and layout."""

    kind: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Property to column, where it is one."""
    constants: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)

    def cells(self) -> dict[str, Cell]:
        """Where each property that is no constant comes from."""
        return {p: Cell((c,)) for p, c in self.columns.items()} | dict(self.layout.cells)


@dataclass(frozen=True, slots=True)
class Preset:
    """One file layout.

    Attributes:
        name: of the file, without its ending.
        meaning: what files it reads, in English; `meaning_id` in Indonesian, where it is given.
        unseen: what such files cannot show, in English; `unseen_id` in Indonesian.
        statements: what each row says; none where any kind of load will do.
        timezone, time_format: of times without an offset.
        by_name: columns called like a property give that property.
        time: whether times are those of the acts or when somebody looked; None where the file does not show it.
        marks: columns that tell this layout from similar ones, and the words they hold, if those tell.
    """

    name: str
    meaning: str
    unseen: tuple[str, ...] = ()
    meaning_id: str = ""
    unseen_id: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    timezone: str | None = None
    time_format: str | None = None
    by_name: bool = False
    marks: tuple[Condition, ...] = ()
    time: Literal["acted", "observed"] | None = None

    def described(self, language: str) -> tuple[str, tuple[str, ...]]:
        """What files it reads and what they cannot show, in a language where the preset has it.

        >>> PRESETS["akun_asn"].described("id")[1]
        ('Akun yang tidak dinyatakan siapa pun.',)
        """
        if language == "id" and self.meaning_id:
            return self.meaning_id, self.unseen_id
        return self.meaning, self.unseen

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of load that it gives, each once."""
        return tuple(dict.fromkeys(statement.kind for statement in self.statements))


def preset_from(path: Path) -> Preset:
    """The preset of a TOML file.

    Raises:
        InputError: the file cannot be read.
        UsageError: what it says is no preset.
    """
    try:
        return preset_of(path.stem, read_text(path, most_bytes=_MOST_BYTES), str(path))
    except FileNotFoundError:
        raise InputError("the file does not exist", where=str(path), remedy="Check its name.") from None


def preset_of(name: str, text: str, where: str) -> Preset:
    r"""The preset that a TOML text declares; it is checked as a stranger's.

    >>> preset_of("a", 'meaning = "M."\n[[statements]]\nkind = "paslon"\ncolumns = {paslon = "no"}', "a.toml").kinds
    ('paslon',)

    Raises:
        UsageError: what it says is no preset.
    """
    table = read_toml(text, _PresetTable, where=where, error=UsageError)
    return Preset(
        name,
        table.meaning,
        table.unseen,
        table.meaning_id,
        table.unseen_id,
        tuple(_statement(statement, table) for statement in table.statements),
        table.timezone,
        table.time_format,
        table.by_name,
        _conditions(table.marks),
        None if table.time == "unsaid" else table.time,
    )


_Text = Annotated[str, Meta(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], Meta(min_length=1)]
# Words that a column may hold; true for any word.
_Words = bool | tuple[_Text, ...]


class _CellTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A property that takes more than the name of a column; fields as of `Cell`."""

    column: _Text | _Texts
    optional: bool = False
    join: str | None = None
    parts: tuple[_Text, ...] = ()
    take: Literal["post", "account", "handle", "platform"] | None = None
    values: dict[str, str] = {}
    endings: dict[str, str] = {}

    def cell(self) -> Cell:
        names = (self.column,) if isinstance(self.column, str) else self.column
        values = {word.strip().lower(): stands for word, stands in self.values.items()}
        endings = tuple(sorted(self.endings.items()))
        return Cell(names, self.optional, self.join, self.parts, self.take, tuple(sorted(values.items())), endings)


class _StatementTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[statements]]`."""

    kind: str
    columns: dict[str, _Text | _Texts | _CellTable] = {}
    constants: dict[str, str] = {}
    when: dict[str, _Words] = {}
    unless: dict[str, _Words] = {}
    each: _Text | None = None
    as_written: tuple[_Text, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in LOADS:
            raise ValueError(f"there is no kind of load '{self.kind}'\nKnown are {', '.join(LOADS)}.")
        known = {f.name for f in LOADS[self.kind].fields}
        for property in (*self.columns, *self.constants, *self.as_written):
            if property not in known:
                raise ValueError(f"there is no property '{property}' of {self.kind}\nKnown are {', '.join(known)}.")
        if twice := sorted(self.columns.keys() & self.constants):
            raise ValueError(f"{twice[0]} is given twice\nGive it one column or one constant.")
        if False in self.when.values() or False in self.unless.values():
            raise ValueError("a condition is false\nWrite a list of words, or true for any word.")


class _PresetTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file."""

    meaning: str = ""
    unseen: tuple[str, ...] = ()
    meaning_id: str = ""
    unseen_id: tuple[str, ...] = ()
    records: _Text | None = None
    timezone: _Text | None = None
    time_format: _Text | None = None
    last: bool = False
    by_name: bool = False
    time: Literal["acted", "observed", "unsaid"] | None = None
    marks: dict[str, _Words] = {}
    statements: tuple[_StatementTable, ...] = ()

    def __post_init__(self) -> None:
        if not self.statements and not self.by_name:
            raise ValueError("there is no [[statements]]\nSay what a row means: kind and columns.")
        if len(self.statements) > _MOST_STATEMENTS:
            what = f"there are more than {_MOST_STATEMENTS} [[statements]]"
            raise ValueError(f"{what}\nThe file is read once for each; write several presets.")


def _statement(table: _StatementTable, preset: _PresetTable) -> Statement:
    columns = table.columns.items()
    cells = {p: (c if isinstance(c, _CellTable) else _CellTable(c)).cell() for p, c in columns}
    layout = Layout(
        cells=tuple((p, cell) for p, cell in sorted(cells.items()) if not cell.plain),
        when=_conditions(table.when),
        unless=_conditions(table.unless),
        records=preset.records,
        each=table.each,
        last=preset.last,
        as_written=table.as_written,
    )
    plain = {p: cell.names[0] for p, cell in cells.items() if cell.plain}
    return Statement(table.kind, plain, table.constants, layout)


def _conditions(table: Mapping[str, _Words]) -> tuple[Condition, ...]:
    return tuple((column, _lowered(words)) for column, words in table.items())


def _lowered(words: _Words) -> tuple[str, ...]:
    return () if isinstance(words, bool) else tuple(word.lower() for word in words)


def _shipped() -> dict[str, Preset]:
    folder = files("graphwatch.ingest").joinpath("presets")
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    names = [(p.name.removesuffix(".toml"), p.read_text(encoding="utf-8")) for p in paths]
    return {name: _of_a_platform(preset_of(name, text, f"{name}.toml"), text) for name, text in names}


def _of_a_platform(preset: Preset, text: str) -> Preset:
    """A shipped preset: what platforms export are times of acts, unless it says that nothing shows it."""
    if preset.by_name or "\ntime = " in text:
        return preset
    return replace(preset, time="acted")


PRESETS: Final = MappingProxyType(_shipped())
