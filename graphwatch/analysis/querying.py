"""Ask the graph: named queries and Cypher, read-only and within limits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

import pyarrow as pa

from graphwatch.errors import UsageError
from graphwatch.queries.binding import bind, bind_adhoc
from graphwatch.queries.library import Library, is_name
from graphwatch.queries.parsing import CheckedQuery, parse
from graphwatch.repository.runs import resolve_run
from graphwatch.settings import QUERY_ROWS, QUERY_SECONDS
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


# The key under which an answer's schema says that rows were cut off.
CUT: Final = b"graphwatch.cut"
# The key under which it says in what the embedded engine answers otherwise than a Neo4j server, a line each.
DIFFERS: Final = b"graphwatch.differs"

_MOST_ROWS: Final = 1_000_000_000
_LONGEST_SECONDS: Final = 86_400


@overload
def query(
    workspace: Workspace,
    text: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int = ...,
    timeout: float = ...,
    folders: Sequence[str | Path] = ...,
    to: Literal["pandas"] = ...,
) -> "pd.DataFrame": ...


@overload
def query(
    workspace: Workspace,
    text: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int = ...,
    timeout: float = ...,
    folders: Sequence[str | Path] = ...,
    to: Literal["arrow"],
) -> pa.Table: ...


def query(
    workspace: Workspace,
    text: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int = QUERY_ROWS,
    timeout: float = QUERY_SECONDS,
    folders: Sequence[str | Path] = (),
    to: Literal["pandas", "arrow"] = "pandas",
) -> "pd.DataFrame | pa.Table":
    """The answer to a named query or to Cypher.

    Args:
        text: the name of a query, or Cypher that only reads.
        parameters: values for its parameters; `run` may be `latest`.
        limit: rows after which the answer is cut; a cut answer says so (`DataFrame.attrs["cut"]`), and one in which
            the embedded engine is known to go other ways than a Neo4j server too (`DataFrame.attrs["differs"]`).
        timeout: seconds after which the query is stopped.
        folders: folders of an office's own named queries.
        to: a pandas DataFrame with nullable types, or an Arrow table.

    Raises:
        QueryRefused: the text could do more than read.
        QueryUnknown, QueryParameter, QueryTimeout, QueryError: as their names say.
    """
    # Written so that a timeout that is no number fails it, too.
    if not (1 <= limit <= _MOST_ROWS and 0 < timeout <= _LONGEST_SECONDS):
        raise UsageError(
            f"limit and timeout must be above zero, and at most {_MOST_ROWS:,} rows and {_LONGEST_SECONDS:,} seconds",
            remedy="Leave them out for the defaults.",
        )
    given = dict(parameters or {})
    with workspace.store.session():
        checked, bound = _named(workspace, text, given, folders) if is_name(text) else _adhoc(text, given)
        table = workspace.store.answer(checked, bound, timeout=timeout, limit=limit)
    if table.num_rows > limit:
        cut = f"only the first {limit:,} rows are shown"
        table = table.slice(0, limit).replace_schema_metadata({CUT: cut.encode()})
    if checked.differences and workspace.store.engine == "embedded":
        known = table.schema.metadata or {}
        table = table.replace_schema_metadata({**known, DIFFERS: "\n".join(checked.differences).encode()})
    return table if to == "arrow" else _frame(table)


def caveats(answer: pa.Table) -> list[str]:
    """What must be known of an answer: that it was cut, or in what another engine answers otherwise."""
    said = answer.schema.metadata or {}
    cut = [f"The answer was cut: {said[CUT].decode()}. A higher limit shows more."] if CUT in said else []
    return cut + [f"Take care, {line}." for line in said.get(DIFFERS, b"").decode().splitlines()]


def _named(
    workspace: Workspace, name: str, given: dict[str, Any], folders: Sequence[str | Path]
) -> tuple[CheckedQuery, dict[str, Any]]:
    chosen = Library(folders, engine=workspace.store.engine).get(name)
    bound = bind(chosen.parameters, given)
    if "run" in bound:
        bound["run"] = resolve_run(workspace, bound["run"])
    return chosen.checked, bound


def _adhoc(cypher: str, given: dict[str, Any]) -> tuple[CheckedQuery, dict[str, Any]]:
    checked = parse(cypher)
    return checked, bind_adhoc(checked, given)


def _frame(table: pa.Table) -> "pd.DataFrame":
    import pandas as pd

    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    said = table.schema.metadata or {}
    frame.attrs |= {name: said[key].decode() for name, key in (("cut", CUT), ("differs", DIFFERS)) if key in said}
    return frame
