"""DuckDB for a while: a database in memory that spills where it is told to, and says nothing by itself."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def in_memory(
    memory: str | None = None, spill: Path | None = None, threads: int | None = 2
) -> "duckdb.DuckDBPyConnection":
    """An empty database.

    Where Python runs no file, DuckDB takes it for a conversation and draws its progress on standard output, where
    results go; here it never does.

    Args:
        memory: the most that it takes, as `1GB`; four fifths of the machine when left out.
        spill: the folder for what does not fit; it is made when it is needed.
        threads: as many as there are cores when None.

    >>> with in_memory("400MB") as database:
    ...     database.sql("SELECT current_setting('enable_progress_bar')").fetchall()
    [(False,)]
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {}
    if memory is not None:
        settings["memory_limit"] = memory
    if spill is not None:
        settings["temp_directory"] = str(spill)
    if threads is not None:
        settings["threads"] = threads
    connection = duckdb.connect(config=settings)
    with suppress(duckdb.InvalidInputException):  # a notebook without widgets can draw none, and refuses the setting
        connection.execute("SET enable_progress_bar = false")
    return connection
