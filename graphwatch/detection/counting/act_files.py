"""Acts in Parquet files, in place of those of the store: read and sorted in bounded memory.

A row is an act: `account` and `object` (ids as a store has them, `x:123`; the object is a post), `kind` (LIKED,
COMMENTED, SHARED or MENTIONED) and `at_ms` (UTC epoch milliseconds, null where unknown); `published_ms` of the post, if
there is such a column. What else there is is not looked at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.common.databases import in_memory
from graphwatch.common.large_arrays import CHUNK_ROWS, empty
from graphwatch.errors import InputError, StoreError, UsageError
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns, LeftOut

COLUMNS: Final = {"account": "VARCHAR", "object": "VARCHAR", "kind": "VARCHAR", "at_ms": "BIGINT"}
PUBLISHED: Final = "published_ms"
# What DuckDB may take where nobody said.
_USUAL_BYTES: Final = 1 << 30
_LEAST_BYTES: Final = 256 << 20
_REMEDY: Final = (
    "Write columns account, object and kind as text and at_ms as a whole number (UTC epoch milliseconds), ids with "
    "their platform as x:123."
)
_IDS: Final = (
    "CREATE TEMP TABLE {name}s AS SELECT (row_number() OVER (ORDER BY id) - 1)::INTEGER AS code, id{more} "
    "FROM (SELECT {name} AS id{published} FROM acts WHERE at_ms IS NOT NULL GROUP BY {name})"
)
_SORTED: Final = (
    "SELECT a.code AS account, o.code AS object, acts.code AS kind, at_ms FROM acts "
    "JOIN accounts a ON a.id = account JOIN objects o ON o.id = object WHERE at_ms IS NOT NULL "
    "ORDER BY object, at_ms, account, kind"
)


def check_scope(scope: Scope) -> None:
    """Files of acts say what was acted on, and nothing of pages, links, hashtags and images.

    Raises:
        UsageError: the scope asks for these.
    """
    if scope.object != "post" or scope.of_pages:
        raise UsageError(
            "acts from files are acts on posts, of whatever page",
            remedy="Leave --object, --page, --paslon and --paslon-pages out, or load the acts.",
        )


def wanted(scope: Scope) -> str:
    """The condition under which a row is in scope, in SQL as DuckDB and Spark read it."""
    kinds = ", ".join(f"'{kind}'" for kind in scope.kinds)  # words of the model, not of a user
    bounds = [f"kind IN ({kinds})"]
    if scope.begin_ms is not None:
        bounds.append(f"(at_ms IS NULL OR at_ms >= {scope.begin_ms:d})")
    if scope.end_ms is not None:
        bounds.append(f"(at_ms IS NULL OR at_ms < {scope.end_ms:d})")
    return " AND ".join(bounds)


def _code_of_kind(scope: Scope) -> str:
    """The place of a row's kind among those in scope, in SQL."""
    cases = " ".join(f"WHEN '{kind}' THEN {code}" for code, kind in enumerate(scope.kinds))
    return f"CAST(CASE kind {cases} END AS TINYINT)"


def read_acts(
    pattern: str, scope: Scope, memory: int | None, scratch: Path, *, told_of: str | None = None
) -> InteractionColumns:
    """The acts in scope, in order of object, time, account and kind, so that no order of rows or files matters.

    Args:
        pattern: path of the files, in which `*` stands for any letters.
        scope: kinds and range of time.
        memory: bytes that sorting may take; the rest is in `scratch` meanwhile.
        scratch: an existing folder.
        told_of: what errors name in place of the files, where these are copies.

    Raises:
        InputError: there is no such file, one cannot be read or has other columns, or an id is none.
        StoreError: the disk has no room for what does not fit into memory.
    """
    check_scope(scope)
    (files, is_published), where = _files(pattern), told_of or pattern
    with _database(memory, scratch, where) as database:
        _declare(database, files, scope, is_published, told_of or files[0])
        _check_ids(_first(database, _WRONG_ID, pattern=_ID_PATTERN), where)
        more = ", published_ms" if is_published else ", -1::BIGINT AS published_ms"
        published = ", coalesce(max(published_ms), -1) AS published_ms" if is_published else ""
        database.execute(_IDS.format(name="account", more="", published=""))
        database.execute(_IDS.format(name="object", more=more, published=published))
        accounts = database.sql("SELECT id FROM accounts ORDER BY code").to_arrow_table()["id"]
        objects = database.sql("SELECT id, published_ms FROM objects ORDER BY code").to_arrow_table()
        counted = dict(database.execute("SELECT code, count(*) - count(at_ms) FROM acts GROUP BY code").fetchall())
        [(rows,)] = database.execute("SELECT count(at_ms) FROM acts").fetchall()
        columns = _filled(rows, database.sql(_SORTED).to_arrow_reader(CHUNK_ROWS))
    return InteractionColumns(
        account=columns["account"],
        object=columns["object"],
        kind=columns["kind"],
        at_ms=columns["at_ms"],
        accounts=_as_ids(accounts),
        objects=_as_ids(objects["id"]),
        kinds=tuple(scope.kinds),
        published_ms=objects["published_ms"].to_numpy().astype(np.int64),
        left_out_of=tuple(LeftOut(untimed=counted.get(code, 0)) for code in range(len(scope.kinds))),
    )


def _filled(rows: int, batches: Any) -> dict[str, npt.NDArray[Any]]:
    """The columns of so many rows from batches of them."""
    made = {
        "account": empty(rows, np.int32),
        "object": empty(rows, np.int32),
        "kind": empty(rows, np.int8),
        "at_ms": empty(rows, np.int64),
    }
    used = 0
    for batch in batches:
        for name, column in made.items():
            column[used : used + len(batch)] = batch.column(name).to_numpy()
        used += len(batch)
    return made


def _as_ids(column: pa.ChunkedArray) -> pa.StringArray:
    """Ids as the columns of interactions have them."""
    return pa.concat_arrays(column.cast(pa.string()).chunks or [pa.array([], pa.string())])


def _check_ids(wrong: str | None, where: str) -> None:
    if wrong is not None:
        raise InputError(f"{wrong!r} is no id of an account or post", where=where, remedy=_REMEDY)


def _check_kinds(wrong: str | None, where: str) -> None:
    if wrong is not None:
        remedy = f"Write {', '.join(POST_INTERACTIONS)} in column 'kind'."
        raise InputError(f"{wrong!r} is no kind of act", where=where, remedy=remedy)


def check_columns(types: dict[str, str], where: str) -> None:
    """Whether a file has the columns of acts.

    Args:
        types: of its columns, in the words of SQL.

    Raises:
        InputError: it has not.
    """
    for name, type in COLUMNS.items():
        if name not in types:
            raise InputError(f"column '{name}' is missing", where=where, remedy=_REMEDY)
        if types[name] != type:
            raise InputError(f"column '{name}' is of type {types[name]}", where=where, remedy=_REMEDY)
    if types.get(PUBLISHED, "BIGINT") != "BIGINT":
        raise InputError(f"column '{PUBLISHED}' is of type {types[PUBLISHED]}", where=where, remedy=_REMEDY)


# An id with its platform.
_ID_PATTERN: Final = "^[a-z][a-z0-9_]*:[^ ]+$"

_TYPES: Final = {pa.string(): "VARCHAR", pa.large_string(): "VARCHAR", pa.int64(): "BIGINT"}


def _files(pattern: str) -> tuple[list[str], bool]:
    """The files, all with the columns of acts, and whether any says when posts were published."""
    if "://" in pattern:
        raise UsageError(f"{pattern} is no path of this machine", remedy="Read it with --engine spark --master URL.")
    files = sorted(glob(pattern, recursive=True))  # noqa: PTH207 - a path of a user, absolute or not
    if not files:
        raise InputError("there is no such file", where=pattern, remedy="Give --acts a path as 'acts/*.parquet'.")
    is_published = False
    for file in files:
        try:
            schema = pq.read_schema(file)
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(error, file) from error
        plain = {f.name: f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in schema}
        check_columns({name: _TYPES.get(type, str(type)) for name, type in plain.items()}, file)
        is_published |= PUBLISHED in plain
    return files, is_published


def _unreadable(error: BaseException, where: str) -> InputError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return InputError(
        f"the acts cannot be read: {reason}", where=where, remedy="Nothing was changed. Write the file again."
    )


@contextmanager
def _database(memory: int | None, scratch: Path, pattern: str) -> Iterator[Any]:
    import duckdb

    limit = max(memory // 2, _LEAST_BYTES) if memory is not None else _USUAL_BYTES
    with in_memory(f"{limit >> 20}MiB", scratch, threads=None) as database:
        database.execute("SET preserve_insertion_order = false")
        try:
            yield database
        except duckdb.OutOfMemoryException as error:
            raise StoreError(
                f"sorting the acts needs more room: {str(error).splitlines()[0]}",
                where=str(scratch),
                remedy="Nothing was changed. Make room on the disk, or allow more with --memory.",
            ) from error
        except duckdb.Error as error:
            raise _unreadable(error, pattern) from error


def _declare(database: Any, files: list[str], scope: Scope, is_published: bool, where: str) -> None:
    """The acts in scope as a view, the kind as a code."""
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    published = f", {PUBLISHED}" if is_published else ""
    read = f"read_parquet([{names}], union_by_name = true, hive_partitioning = false)"
    # Names of files are quoted, all else is of the model.
    known = f"SELECT coalesce(kind, 'NULL') FROM {read} WHERE kind IS NULL OR kind NOT IN {POST_INTERACTIONS} LIMIT 1"  # noqa: S608
    _check_kinds(_first(database, known), where)
    database.execute(
        f"CREATE TEMP VIEW acts AS SELECT account, object, {_code_of_kind(scope)} AS code, at_ms{published} "  # noqa: S608
        f"FROM {read} WHERE {wanted(scope)}"
    )


_WRONG_ID: Final = (
    "SELECT coalesce(id, 'NULL') FROM (SELECT account AS id FROM acts UNION ALL SELECT object FROM acts) "
    "WHERE id IS NULL OR NOT regexp_full_match(id, $pattern) LIMIT 1"
)


def _first(database: Any, query: str, **given: str) -> str | None:
    found = database.execute(query, given).fetchall()
    return found[0][0] if found else None
