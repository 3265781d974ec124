"""Where named queries are found: those that ship with graphwatch, and folders of an office's own."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from graphwatch.errors import QueryError, QueryUnknown
from graphwatch.queries.header import NamedQuery, read_query

Engine = Literal["embedded", "neo4j"]
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
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
        wanted = [w.casefold() for w in (words.split() if isinstance(words, str) else words)]
        return [query for query in self.all() if all(w in _searched(query) for w in wanted)]


def _searched(query: NamedQuery) -> str:
    columns = (f"{c.name} {c.description}" for c in query.columns)
    parts = (query.name, query.title, query.purpose, query.category, *columns)
    return "\n".join(parts).casefold()
