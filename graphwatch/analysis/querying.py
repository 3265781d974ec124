"""Ask the graph: named queries and Cypher, read-only and within limits; and try an office's own named queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa

from graphwatch.common.files import working_folder
from graphwatch.common.table import Table
from graphwatch.errors import GraphwatchError, InputError, UsageError
from graphwatch.queries.binding import bind, bind_adhoc
from graphwatch.queries.library import Library, NamedQuery, ParameterType, is_name, read_query
from graphwatch.queries.naming import check_names
from graphwatch.queries.naming import warnings as warnings_of
from graphwatch.queries.parsing import CheckedQuery, parse
from graphwatch.repository.runs import resolve_run
from graphwatch.settings import QUERY_ROWS, QUERY_SECONDS, TERMINAL_LANGUAGE
from graphwatch.store.embedded.asking.planning import plan
from graphwatch.store.opening import open_store
from graphwatch.store.workspace import Workspace

_MOST_ROWS: Final = 1_000_000_000
_LONGEST_SECONDS: Final = 86_400
_AS_WRITTEN: Final = "the text was sent as it is written: a Neo4j server may answer it otherwise"


def query(
    workspace: Workspace,
    text: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int = QUERY_ROWS,
    timeout: float = QUERY_SECONDS,
    folders: Sequence[str | Path] = (),
    as_written: bool = False,
) -> Table:
    """The answer to a named query or to Cypher. See `Project.query`."""
    # Written so that a timeout that is no number fails it, too.
    if not (1 <= limit <= _MOST_ROWS and 0 < timeout <= _LONGEST_SECONDS):
        raise UsageError(
            f"limit and timeout must be above zero, and at most {_MOST_ROWS:,} rows and {_LONGEST_SECONDS:,} seconds",
            remedy="Leave them out for the defaults.",
        )
    given, store = dict(parameters or {}), workspace.store
    checked, bound, empty = _named(store.engine, text, given, folders) if is_name(text) else _adhoc(text, given)
    check_names(checked)

    def work() -> pa.Table:
        with store.session():
            if is_name(text) and "run" in bound:
                bound["run"] = resolve_run(workspace, bound["run"])
            return store.answer(checked, bound, timeout=timeout, limit=limit, as_written=as_written)

    table = store.confined(work, timeout=timeout)
    cut = f"only the first {limit:,} rows are shown" if table.num_rows > limit else None
    shown = table.slice(0, limit) if cut else table
    differs = warnings_of(checked) + ((_AS_WRITTEN,) if as_written and store.engine == "embedded" else ())
    unfinished = tuple(half.told(TERMINAL_LANGUAGE) for half in store.unfinished())
    return Table(shown, cut, differs, empty=None if table.num_rows else empty, unfinished=unfinished)


def _named(
    engine: Literal["embedded", "neo4j"], name: str, given: dict[str, Any], folders: Sequence[str | Path]
) -> tuple[CheckedQuery, dict[str, Any], str | None]:
    chosen = Library(folders, engine=engine).get(name)
    return chosen.checked, bind(chosen.parameters, given), chosen.empty


def _adhoc(cypher: str, given: dict[str, Any]) -> tuple[CheckedQuery, dict[str, Any], None]:
    checked = parse(cypher)
    return checked, bind_adhoc(checked, given), None


def explained(cypher: str, given: Mapping[str, Any]) -> str:
    """What an embedded engine is asked, and what is computed because that engine would answer otherwise.

    Empty where a parameter has no value: what an engine is asked depends on their types.

    Raises:
        QueryRefused: the text could do more than read, or an embedded store cannot answer it as a server does.

    >>> print(explained("RETURN $n / 2 AS half", {"n": 3}), end="")
    Asked of an embedded engine: nothing
    Computed by graphwatch, since an embedded engine would answer otherwise:
      RETURN $n / 2 AS half
    """
    query = parse(cypher)
    if not query.parameters <= given.keys():
        return ""
    lines: list[str] = []
    for part in plan(query, given).parts:
        lines.append(f"Asked of an embedded engine: {part.sent or 'nothing'}")
        written = [c for c in part.clauses if 0 <= c.at < c.end]
        if written:
            lines.append("Computed by graphwatch, since an embedded engine would answer otherwise:")
            lines += [f"  {' '.join(query.text[c.at : c.end].split())}" for c in written]
    return "\n".join(lines) + "\n"


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
    with working_folder() as place:
        store = open_store(str(place / "empty.gw"), create=True)
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
