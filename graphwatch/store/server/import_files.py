"""A whole store as files from which Neo4j's own tool makes a database: the quick way for a first load of millions.

The tool writes the server's files directly, while the server stands still, so that it needs a machine of the server's.
What comes of it is a store like any other: with the project's node in it, and constraints that the next writer makes.
"""

import secrets
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from graphwatch.common.files import drafted
from graphwatch.errors import UsageError
from graphwatch.model import MODEL_VERSION
from graphwatch.model.tables import GraphTable, conform
from graphwatch.store.admin_import import BETWEEN, COMMAND, import_folder, typed
from graphwatch.store.base import ReadableStore
from graphwatch.store.server.project_node import PROJECT

_OPTIONS: Final = ("--array-delimiter=U+001F", "--multiline-fields=true")
_ALL_BUT_NULL: Final = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")


def write_import_files(source: ReadableStore, folder: Path, *, database: str, pseudonyms: str | None) -> str:
    """Write every table as a CSV file, and give the command that makes a database of them.

    Args:
        folder: is made where it is missing; files of these names in it are replaced.
        database: its name on the server.
        pseudonyms: fingerprint of the key that the store's pseudonyms are made with; None where none were made.

    Raises:
        UsageError: the folder has a comma in its name, or a text in a list has a character that the tool splits at.
    """
    folder = import_folder(folder)
    words = [*COMMAND, *_OPTIONS]
    with source.salvage():
        for name, table in source.dump():
            file = folder / f"{name}.csv"
            if _is_written(table, file):
                option = "nodes" if table.start is None else "relationships"
                words.append(f"--{option}={table.element.name}={file}")
    project = folder / f"{PROJECT}.csv"
    _write_project(project, pseudonyms)
    return shlex.join([*words, f"--nodes={PROJECT}={project}", "--overwrite-destination", database])


def _is_written(table: GraphTable, file: Path) -> bool:
    """Write the rows under a head that names types and ends; a table without rows has no file."""
    with ExitStack() as open:
        writer = None
        for rows in _rows(table):
            if writer is None:
                draft = open.enter_context(drafted(file))
                sink = open.enter_context(draft.open("wb"))
                sink.write((",".join(_head(table)) + "\n").encode())
                writer = open.enter_context(pa_csv.CSVWriter(sink, rows.schema, write_options=_ALL_BUT_NULL))
            writer.write_table(rows)
    return writer is not None


def _head(table: GraphTable) -> Iterator[str]:
    if table.start is not None:
        yield f":START_ID({table.start})"
        yield f":END_ID({table.end})"
    for property in table.element.properties:
        # Ids are unique only among the nodes of a label.
        is_key = property.name == "id" and table.start is None
        yield f"id:ID({table.element.name})" if is_key else typed(property)


def _rows(table: GraphTable) -> Iterator[pa.Table]:
    for batch in table.batches:
        rows = conform(batch, table.schema)
        for place, field in enumerate(rows.schema):
            if pa.types.is_list(field.type):
                rows = rows.set_column(
                    place, field.name, _joined(rows[field.name], f"{table.element.name}.{field.name}")
                )
        if rows.num_rows:
            yield rows


def _joined(lists: pa.ChunkedArray, where: str) -> pa.ChunkedArray:
    if pc.any(pc.match_substring(pc.list_flatten(lists), BETWEEN)).as_py():
        raise UsageError(
            "a text in a list has the control character U+001F, at which neo4j-admin would split it",
            where=where,
            remedy="Copy the store over the network: `graphwatch store copy FROM neo4j://…`.",
        )
    return pc.binary_join(lists, BETWEEN)


def _write_project(file: Path, pseudonyms: str | None) -> None:
    """The node that makes the database a store; its constraints are made by whoever writes next."""
    head = f"id:ID({PROJECT}),project:string,model_version:long,model:string,pseudonyms:string\n"
    with drafted(file) as draft:
        draft.write_text(f'{head}project,{secrets.token_hex(8)},{MODEL_VERSION},"",{pseudonyms or ""}\n', "utf-8")
