"""Whether an office's own named queries can be used: tried on an empty store, so that no data are needed."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphwatch.errors import GraphwatchError, InputError
from graphwatch.queries.binding import check_names
from graphwatch.queries.binding import warnings as warnings_of
from graphwatch.queries.library import Library, NamedQuery, ParameterType, read_query
from graphwatch.store.opening import open_store

_SAMPLES: Final[dict[ParameterType, Any]] = {
    ParameterType.TEXT: "x",
    ParameterType.INTEGER: 1,
    ParameterType.REAL: 0.5,
    ParameterType.BOOLEAN: True,
    ParameterType.TEXTS: ["x"],
}


@dataclass(frozen=True, slots=True)
class Checked:
    """How many query files were read, and what is wrong or doubtful, each with the name of its file."""

    queries: int
    problems: list[tuple[str, str]]
    warnings: list[tuple[str, str]]


def check_queries(folder: str | Path) -> Checked:
    """Read every query of a folder, send it to an empty embedded store, and compare its columns.

    Raises:
        InputError: there is no such folder, or it holds no query.
    """
    folder = Path(folder)
    paths = sorted(folder.glob("*.cypher"))
    if not paths:
        what = "holds no query" if folder.is_dir() else "is no folder"
        raise InputError(f"this {what}", where=str(folder), remedy="Name a folder with files NAME.cypher.")
    problems: list[tuple[str, str]] = []
    warnings: list[tuple[str, str]] = []
    shipped = set(Library().names())
    with tempfile.TemporaryDirectory() as place:
        store = open_store(str(Path(place) / "empty.gw"), create=True)
        try:
            with store.write("load"):
                pass  # makes the tables of the model
            for path in paths:
                try:
                    query = read_query(path)
                    check_names(query.checked)
                    problems += [(path.name, problem) for problem in _tried(store, query, path)]
                    warnings += [(path.name, warning) for warning in warnings_of(query.checked)]
                except GraphwatchError as error:
                    problems.append((path.name, str(error)))
                    continue
                if query.name in shipped:
                    problems.append((path.name, f"the name {query.name!r} is taken by a shipped query"))
        finally:
            store.close()
    return Checked(len(paths), problems, warnings)


def _tried(store: Any, query: NamedQuery, path: Path) -> list[str]:
    """What an empty store says of the query; a text for Neo4j alone cannot be tried here."""
    if path.name.endswith(".neo4j.cypher"):
        beside = path.with_name(f"{query.name}.cypher")
        return [] if beside.exists() else [f"{beside.name} does not stand beside it"]
    values = {p.name: _SAMPLES[p.type] for p in query.parameters}
    returned = store.answer(query.checked, values, limit=1).column_names
    declared = [column.name for column in query.columns]
    return [] if returned == declared else [f"it returns {', '.join(returned)}, and declares {', '.join(declared)}"]
