"""Named queries in files: a header of comments that declares the query, its Cypher, and the folders they are found in.

The format is described in docs/queries-format.md.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Final, Literal, NoReturn

from graphwatch.common.files import read_text
from graphwatch.errors import QueryError, QueryRefused, QueryUnknown
from graphwatch.queries.parsing import CheckedQuery, parse

ONCE: Final = ("title", "purpose", "category", "innocent", "example")
MANY: Final = ("parameter", "column")
OPTIONAL: Final = ("empty", "judul", "tujuan", "wajar")


class ParameterType(Enum):
    """Types of parameter, as written in a header."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    TEXTS = "texts"


Value = str | int | float | bool | list[str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `default` is None where a value is required."""

    name: str
    type: ParameterType
    default: Value | None
    description: str

    @property
    def required(self) -> bool:
        """Whether the query cannot run without a value for it."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class Column:
    """A returned column."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query in a file, with what its header declares.

    `innocent` is the explanation without any coordination that an analyst must rule out first; `empty` says what to do
    about an answer without rows, where that is not plain; `judul`, `tujuan` and `wajar` are title, purpose and
    innocent explanation in Indonesian.
    """

    name: str
    title: str
    purpose: str
    category: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    innocent: str
    example: str
    checked: CheckedQuery
    path: Path
    empty: str | None = None
    judul: str | None = None
    tujuan: str | None = None
    wajar: str | None = None

    def title_in(self, language: str) -> str:
        """The title in a language; in English where the header has no other."""
        return (language == "id" and self.judul) or self.title

    def purpose_in(self, language: str) -> str:
        """What it answers, in a language; in English where the header has no other."""
        return (language == "id" and self.tujuan) or self.purpose

    def innocent_in(self, language: str) -> str:
        """The innocent explanation, in a language; in English where the header has no other."""
        return (language == "id" and self.wajar) or self.innocent

    @property
    def cypher(self) -> str:
        """Its text, without the header."""
        return self.checked.cypher

    def holds(self, words: Iterable[str]) -> bool:
        """Whether all of the words are in its name, title, purpose, category or columns, in any case."""
        columns = (f"{c.name} {c.description}" for c in self.columns)
        said = (self.title, self.purpose, self.judul or "", self.tujuan or "")
        searched = "\n".join((self.name, *said, self.category, *columns)).casefold()
        return all(word.casefold() in searched for word in words)


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    value: str
    line: int


_KEY: Final = re.compile(r"// ([a-z]+): ?(.*)")
_MORE: Final = re.compile(r"//   +(.*)")
_DECLARED: Final = re.compile(r"([a-z][a-z0-9_]*): (?:([a-z]+)(?: = | -- | --$|$))?")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")


def read_query(path: Path) -> NamedQuery:
    """Read a named query from its file, `name.cypher` or `name.neo4j.cypher`.

    Raises:
        QueryError: the file cannot be read, or its header does not have the documented format; with the
            file and line.
        QueryRefused: the Cypher could do more than read.
    """
    try:
        text = read_text(path, error=QueryError)
    except FileNotFoundError:
        raise QueryError("there is no such query file", where=str(path), remedy="Check its name.") from None
    name = path.name.removesuffix(".cypher").removesuffix(".neo4j")
    if not _NAME.fullmatch(name):
        _refuse(path, 1, f"{name!r} is not a name for a query", "Use lower-case letters, digits and dashes.")
    return parse_query(name, text, path)


def parse_query(name: str, text: str, path: Path) -> NamedQuery:
    """The query that a text declares; see `read_query`."""
    lines = text.replace("\r\n", "\n").split("\n")
    entries, body_at = _entries(lines, path)
    single = _single_entries(entries, path)
    parameters = tuple(_parameter(e, path) for e in entries if e.key == "parameter")
    columns = tuple(_column(e, path) for e in entries if e.key == "column")
    for kind, names in (("parameter", [p.name for p in parameters]), ("column", [c.name for c in columns])):
        if twice := next((n for n in names if names.count(n) > 1), None):
            _refuse(path, body_at, f"the {kind} {twice!r} is declared twice", "Remove one.")
    if not columns:
        _refuse(path, body_at, "no column is declared", "Add `// column: name: description` for each.")
    body = "\n".join(lines[body_at:])
    above = body_at + body[: len(body) - len(body.lstrip())].count("\n")
    return NamedQuery(
        name=name,
        parameters=parameters,
        columns=columns,
        checked=_check_body(body.strip() + "\n", parameters, path, (body_at, above)),
        path=path,
        **single,
    )


def _refuse(path: Path, line: int, what: str, remedy: str) -> NoReturn:
    raise QueryError(what, where=f"{path}, line {line}", remedy=remedy)


def _entries(lines: list[str], path: Path) -> tuple[list[_Entry], int]:
    """The keys and values of the header, and the number of lines that it takes."""
    entries: list[_Entry] = []
    for number, line in enumerate(lines, 1):
        if not line.startswith("//"):
            return entries, number - 1
        if (more := _MORE.fullmatch(line)) and entries:
            last = entries.pop()
            entries.append(_Entry(last.key, f"{last.value} {more[1].strip()}".strip(), last.line))
        elif key := _KEY.fullmatch(line):
            if key[1] not in ONCE + MANY + OPTIONAL:
                known = ", ".join(ONCE + MANY + OPTIONAL)
                _refuse(path, number, f"unknown key {key[1]!r}", f"The keys are {known}.")
            entries.append(_Entry(key[1], key[2].strip(), number))
        else:
            what = "a line of the header is neither `// key: value` nor a continuation"
            _refuse(path, number, what, "Leave an empty line before comments of the query itself.")
    return entries, len(lines)


def _single_entries(entries: list[_Entry], path: Path) -> dict[str, str]:
    """The keys that stand once, none missing, none twice, none empty."""
    single: dict[str, str] = {}
    for entry in entries:
        if not entry.value:
            _refuse(path, entry.line, f"{entry.key!r} is empty", "Write its value behind the colon.")
        if entry.key in single:
            _refuse(path, entry.line, f"{entry.key!r} stands twice", "Remove one.")
        if entry.key in ONCE + OPTIONAL:
            single[entry.key] = entry.value
    for key in ONCE:
        if key not in single:
            _refuse(path, 1, f"the header lacks {key!r}", f"Add a line `// {key}: …`.")
    return single


def _parameter(entry: _Entry, path: Path) -> Parameter:
    remedy = 'Write `// parameter: name: text = "default" -- description`; leave out `= …` where required.'
    declared = _DECLARED.match(entry.value)
    types = {t.value: t for t in ParameterType}
    if declared is None or declared[2] not in types:
        _refuse(path, entry.line, "a parameter without a known type", f"{remedy} Types: {', '.join(types)}.")
    kind = types[declared[2]]
    rest = entry.value[declared.end() :]
    default: Value | None = None
    if declared[0].endswith(" = "):
        try:
            default, end = json.JSONDecoder().raw_decode(rest)
        except ValueError:
            _refuse(path, entry.line, "the default is not written as JSON", remedy)
        if not _fits(kind, default):
            _refuse(path, entry.line, f"the default is not of type {kind.value}", remedy)
        separator, rest = rest[end : end + 4], rest[end + 4 :]
        if separator != " -- ":
            _refuse(path, entry.line, "no ` -- ` before the description", remedy)
    if not rest.strip():
        _refuse(path, entry.line, "a parameter without a description", remedy)
    return Parameter(declared[1], kind, default, rest.strip())


def _fits(kind: ParameterType, value: object) -> bool:
    if kind is ParameterType.TEXTS:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if isinstance(value, bool):
        return kind is ParameterType.BOOLEAN
    types: Mapping[ParameterType, type | tuple[type, ...]] = {
        ParameterType.TEXT: str,
        ParameterType.INTEGER: int,
        ParameterType.REAL: (int, float),
    }
    return kind in types and isinstance(value, types[kind])


def _column(entry: _Entry, path: Path) -> Column:
    name, colon, description = entry.value.partition(": ")
    if not colon or not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not description.strip():
        _refuse(path, entry.line, "a column without name or description", "Write `// column: name: text`.")
    return Column(name, description.strip())


def _check_body(cypher: str, parameters: tuple[Parameter, ...], path: Path, lines: tuple[int, int]) -> CheckedQuery:
    """The query below a header of so many lines, which with blank ones are so many above it."""
    header, above = lines
    try:
        checked = parse(cypher, above=above)
    except QueryRefused as error:
        raise QueryRefused(error.what, where=f"{path}, {error.where}", remedy=error.remedy) from error
    declared = {p.name for p in parameters}
    if missing := sorted(checked.parameters - declared):
        _refuse(path, header, f"${missing[0]} is used and not declared", "Add a `// parameter:` line.")
    if unused := sorted(declared - checked.parameters):
        _refuse(path, header, f"the parameter {unused[0]!r} is declared and not used", "Remove its line.")
    return checked


Engine = Literal["embedded", "neo4j"]
_SUFFIX = ".cypher"
_NEO4J = ".neo4j.cypher"


def shipped_folder() -> Path:
    """The folder of the queries that ship: inside an installed package, else beside it in a source tree."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "cypher"
    return packaged if packaged.is_dir() else package.parent / "cypher"


def is_name(text: str) -> bool:
    """Whether a text can be the name of a query; Cypher cannot.

    >>> is_name("clusters"), is_name("RETURN 1")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None


class Library:
    """The shipped queries and those of further folders; a name means one query.

    Args:
        folders: folders of own queries, `name.cypher` each, beside the shipped ones.
        engine: `neo4j` takes `name.neo4j.cypher` where it stands beside `name.cypher`.

    Raises:
        QueryError: a folder is missing, or a name is taken in two folders.

    >>> "co-interactions" in Library().names()
    True
    """

    def __init__(self, folders: Iterable[str | Path] = (), engine: Engine = "embedded") -> None:
        self._engine = engine
        self._paths: dict[str, Path] = {}
        for folder in (shipped_folder(), *map(Path, folders)):
            self._add(folder)

    def _add(self, folder: Path) -> None:
        if not folder.is_dir():
            raise QueryError("the folder does not exist", where=str(folder), remedy="Check its name.")
        for path in sorted(folder.glob(f"*{_SUFFIX}")):
            if path.name.endswith(_NEO4J):
                continue
            name = path.name.removesuffix(_SUFFIX)
            if name in self._paths:
                what = f"the name {name!r} is taken by {self._paths[name]}"
                raise QueryError(what, where=str(path), remedy="Rename this file.")
            self._paths[name] = path

    def names(self) -> list[str]:
        """The names of all queries, in order."""
        return sorted(self._paths)

    def get(self, name: str) -> NamedQuery:
        """The query of that name.

        Raises:
            QueryUnknown: there is none; the message names close ones.
            QueryError: its file is not in the documented format.
            QueryRefused: its Cypher could do more than read.
        """
        path = self._paths.get(name)
        if path is None:
            close = get_close_matches(name, self._paths, n=3, cutoff=0.5)
            remedy = f"Did you mean {' or '.join(close)}? " if close else ""
            raise QueryUnknown(f"there is no named query {name!r}", remedy=f"{remedy}`graphwatch queries` lists them.")
        query = read_query(path)
        sibling = path.with_name(name + _NEO4J)
        if self._engine != "neo4j" or not sibling.exists():
            return query
        other = read_query(sibling)
        if (other.parameters, other.columns) != (query.parameters, query.columns):
            what = f"its parameters or columns differ from those of {path.name}"
            raise QueryError(what, where=str(sibling), remedy="Declare the same ones.")
        return other

    def all(self) -> list[NamedQuery]:
        """Every query, in order of name."""
        return [self.get(name) for name in self.names()]

    def search(self, words: str | Sequence[str]) -> list[NamedQuery]:
        """The queries that hold all of the words in name, title, purpose, category or columns, any case.

        >>> [q.name for q in Library().search("hour kind totals")]
        ['interactions-by-hour']
        """
        wanted = words.split() if isinstance(words, str) else words
        return [query for query in self.all() if query.holds(wanted)]
