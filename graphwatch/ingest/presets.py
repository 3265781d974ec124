"""Presets: how the files of well-known tools are laid out, each in a TOML file of `presets/` or of one's own.

A preset holds only what is certain: where a tool writes no post id beside its comments, `object` is left to the
caller.

    meaning = "Comments as our tool exports them."
    unseen = ["Who liked a comment."]
    timezone = "Asia/Jakarta"

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

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.layout import Cell, Condition, Layout
from graphwatch.ingest.loads import LOADS

_TAKEN: Final = ("post", "account", "handle", "platform")
_PRESET_KEYS: Final = frozenset("meaning unseen records timezone time_format last by_name marks statements".split())  # noqa: SIM905
_STATEMENT_KEYS: Final = frozenset("kind columns constants when unless each".split())  # noqa: SIM905
_CELL_KEYS: Final = frozenset("column optional join take values endings".split())  # noqa: SIM905
_MOST_BYTES: Final = 1 << 20


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
        meaning: what files it reads.
        unseen: what such files cannot show.
        statements: what each row says; none where any kind of load will do.
        timezone, time_format: of times without an offset.
        by_name: columns called like a property give that property.
        marks: columns that tell this layout from similar ones, and the words they hold, if those tell.
    """

    name: str
    meaning: str
    unseen: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    timezone: str | None = None
    time_format: str | None = None
    by_name: bool = False
    marks: tuple[Condition, ...] = ()

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
    from graphwatch.ingest.files import opened

    with opened(path) as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise InputError("this is too large for a preset", where=str(path), remedy="Give the data as FILE.")
    try:
        return preset_of(path.stem, content.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise InputError("the preset is not UTF-8", where=str(path), remedy="Save it as UTF-8.") from None


def preset_of(name: str, text: str, where: str) -> Preset:
    r"""The preset that a TOML text declares; it is checked as a stranger's.

    >>> preset_of("a", 'meaning = "M."\n[[statements]]\nkind = "paslon"\ncolumns = {paslon = "no"}', "a.toml").kinds
    ('paslon',)

    Raises:
        UsageError: what it says is no preset.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"this is not TOML: {error}", where=where, remedy="Put the line right.") from None
    read = _Reader(where)
    read.keys(content, _PRESET_KEYS, "preset")
    shared = Layout(records=read.text(content, "records"), last=read.yes(content, "last"))
    tables = read.list_of(content, "statements", dict)
    by_name = read.yes(content, "by_name")
    if not tables and not by_name:
        raise read.wrong("there is no [[statements]]", "Say what a row means: kind and columns.")
    return Preset(
        name,
        read.text(content, "meaning") or "",
        tuple(read.list_of(content, "unseen", str)),
        tuple(read.statement(table, shared) for table in tables),
        read.text(content, "timezone"),
        read.text(content, "time_format"),
        by_name,
        read.conditions(content, "marks"),
    )


class _Reader:
    """Takes values out of TOML, and says where one is not what it should be."""

    def __init__(self, where: str) -> None:
        self._where = where

    def wrong(self, what: str, remedy: str) -> UsageError:
        return UsageError(what, where=self._where, remedy=remedy)

    def keys(self, table: Mapping[str, Any], known: frozenset[str], what: str) -> None:
        for key in table:
            if key not in known:
                raise self.wrong(f"a {what} has no key '{key}'", f"Known are {', '.join(sorted(known))}.")

    def text(self, table: Mapping[str, Any], key: str) -> str | None:
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.wrong(f"'{key}' is not text", f'Write {key} = "…".')

    def yes(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        raise self.wrong(f"'{key}' is neither true nor false", f"Write {key} = true.")

    def list_of(self, table: Mapping[str, Any], key: str, type: type) -> list[Any]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, type) for item in value):
            return value
        raise self.wrong(f"'{key}' is not a list", f"Write [[{key}]]." if type is dict else f'Write {key} = ["…"].')

    def texts(self, table: Mapping[str, Any], key: str) -> dict[str, str]:
        value = table.get(key, {})
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
        raise self.wrong(f"'{key}' is not a table of texts", f'Write {key} = {{ name = "text" }}.')

    def conditions(self, table: Mapping[str, Any], key: str) -> tuple[Condition, ...]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(f"'{key}' is not a table", f'Write {key} = {{ column = ["word"] }}.')
        made = []
        for column, words in value.items():
            if words is not True and (not isinstance(words, list) or not all(isinstance(w, str) and w for w in words)):
                raise self.wrong(f"'{key}' of '{column}' is no list of words", "Write a list, or true for any word.")
            made.append((column, () if words is True else tuple(w.lower() for w in words)))
        return tuple(made)

    def statement(self, table: Mapping[str, Any], shared: Layout) -> Statement:
        self.keys(table, _STATEMENT_KEYS, "statement")
        kind = self.text(table, "kind") or ""
        if kind not in LOADS:
            raise self.wrong(f"there is no kind of load '{kind}'", f"Known are {', '.join(LOADS)}.")
        columns = table.get("columns", {})
        if not isinstance(columns, dict):
            raise self.wrong("'columns' is not a table", 'Write columns = { property = "column" }.')
        constants = self.texts(table, "constants")
        known = {f.name for f in LOADS[kind].fields}
        for property in (*columns, *constants):
            if property not in known:
                raise self.wrong(f"there is no property '{property}' of {kind}", f"Known are {', '.join(known)}.")
            if property in columns and property in constants:
                raise self.wrong(f"{property} is given twice", "Give it one column or one constant.")
        cells = {property: self.cell(property, value) for property, value in columns.items()}
        layout = replace(
            shared,
            cells=tuple((p, cell) for p, cell in sorted(cells.items()) if not cell.plain),
            when=self.conditions(table, "when"),
            unless=self.conditions(table, "unless"),
            each=self.text(table, "each"),
        )
        return Statement(kind, {p: cell.names[0] for p, cell in cells.items() if cell.plain}, constants, layout)

    def cell(self, property: str, value: Any) -> Cell:
        table = value if isinstance(value, dict) else {"column": value}
        self.keys(table, _CELL_KEYS, "column")
        column = table.get("column")
        names: list[Any] = column if isinstance(column, list) else [column]
        if not names or not all(isinstance(name, str) and name for name in names):
            raise self.wrong(f"no column gives {property}", f'Write {property} = "name of the column".')
        take = self.text(table, "take")
        if take not in (None, *_TAKEN):
            raise self.wrong(f"'{take}' cannot be taken for {property}", f"Known are {', '.join(_TAKEN)}.")
        join = table.get("join")
        if join is not None and not isinstance(join, str):
            raise self.wrong(f"'join' of {property} is not text", 'Write join = "-".')
        values = {word.strip().lower(): stands for word, stands in self.texts(table, "values").items()}
        endings = tuple(sorted(self.texts(table, "endings").items()))
        return Cell(tuple(names), self.yes(table, "optional"), join, take, tuple(sorted(values.items())), endings)


def _shipped() -> dict[str, Preset]:
    folder = files("graphwatch.ingest").joinpath("presets")
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    names = [(p.name.removesuffix(".toml"), p.read_text(encoding="utf-8")) for p in paths]
    return {name: preset_of(name, text, f"{name}.toml") for name, text in names}


PRESETS: Final = MappingProxyType(_shipped())
