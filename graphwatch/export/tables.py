"""Tables: CSV that a spreadsheet opens without running anything in it, CSV for neo4j-admin and Gephi, and Parquet."""

import csv
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.common.files import drafted, made_folder, replacing
from graphwatch.common.sanitize import plain_value, spreadsheet_cell
from graphwatch.common.spreadsheets import write_excel_csv, write_workbook
from graphwatch.export.rows import edge_rows, labels_of, name_of, node_rows, property_names, weight_of
from graphwatch.model import RELATIONS, Element, node, relation
from graphwatch.model.tables import ARROW_TYPES
from graphwatch.store.admin_import import BETWEEN, COMMAND, import_folder, typed

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa


def write_csv(graph: "nx.MultiDiGraph[str]", folder: str | Path) -> None:
    """Write `nodes.csv` and `edges.csv` into a folder, which is made where it is missing.

    Columns are the model's properties, those of all labels side by side; what does not apply is empty. Lists
    are joined by `, `. Text that a spreadsheet would take for a formula starts with an apostrophe.

    Args:
        graph: a network as `write_html` takes it.
        folder: the folder; other files in it stay.

    Raises:
        UsageError: where `folder` is a file.
        GraphwatchError: where a file cannot be written.
    """
    folder = made_folder(folder)
    for name, columns, rows in _nodes_and_edges(graph):
        _write(folder / f"{name}.csv", columns, columns, rows, cell=spreadsheet_cell, line_end="\r\n")


def write_excel_csvs(graph: "nx.MultiDiGraph[str]", folder: str | Path, *, language: str) -> None:
    """Write the same two files as Excel in a language opens them in columns.

    Args and errors are those of `write_csv`.
    """
    folder = made_folder(folder)
    for name, columns, rows in _nodes_and_edges(graph):
        with replacing(folder / f"{name}.csv") as file:
            write_excel_csv(file, columns, ([row.get(c) for c in columns] for row in rows), language)


def write_xlsx(graph: "nx.MultiDiGraph[str]", path: str | Path) -> None:
    """Write the same as a workbook with the sheets `nodes` and `edges`, without columns that are empty.

    Raises:
        UsageError: there are more rows than a sheet takes.
        GraphwatchError: where the file cannot be written.
    """
    sheets: dict[str, tuple[list[str], list[list[Any]]]] = {}
    for name, columns, rows in _nodes_and_edges(graph):
        held = list(rows)
        own = _filled(columns, held) or columns
        sheets[name] = own, [[row.get(column) for column in own] for row in held]
    write_workbook(path, sheets)


def _nodes_and_edges(graph: "nx.MultiDiGraph[str]") -> Iterator[tuple[str, list[str], Iterator[dict[str, Any]]]]:
    """Both tables: name, columns and rows."""
    for name, first, elements, rows in (
        ("nodes", ["id", "label"], labels_of(graph).values(), node_rows(graph)),
        ("edges", ["from", "to", "type", "id"], RELATIONS, edge_rows(graph)),
    ):
        yield name, list(dict.fromkeys([*first, *property_names(elements)])), rows


def write_neo4j_csv(graph: "nx.MultiDiGraph[str]", folder: str | Path) -> str:
    """Write a CSV file for each label and type, as `neo4j-admin database import` reads them; gives the command.

    Texts are as they are, for a database and not for a spreadsheet. Names of persons are left out: they belong in no
    graph.

    Args:
        graph: a network as `write_html` takes it.
        folder: the folder; other files in it stay.

    Raises:
        UsageError: where `folder` is a file, or has a comma in its name.
        GraphwatchError: where a file cannot be written.
    """
    folder = import_folder(folder)
    command = [*COMMAND, "neo4j", "--array-delimiter=U+001F"]
    for label, rows in _by(node_rows(graph), "label"):
        path = folder / f"nodes-{label}.csv"
        properties = [p for p in node(label).properties if p.name != "id"]
        head = [":ID", "id", *map(typed, properties), ":LABEL"]
        # What ties a relation to a node is its name in the network, which may be longer than its id.
        own = [{**row, "id": graph.nodes[row["id"]].get("id", row["id"]), "name in network": row["id"]} for row in rows]
        _write(path, head, ["name in network", "id", *(p.name for p in properties), "label"], own)
        command.append(f"--nodes={path}")
    for type, rows in _by(edge_rows(graph), "type"):
        path = folder / f"relations-{type}.csv"
        properties = list(relation(type).properties)
        head = [":START_ID", ":END_ID", *map(typed, properties), ":TYPE"]
        _write(path, head, ["from", "to", *(p.name for p in properties), "type"], rows)
        command.append(f"--relationships={path}")
    return shlex.join(command)


def write_gephi_csv(graph: "nx.MultiDiGraph[str]", folder: str | Path) -> None:
    """Write `nodes.csv` and `edges.csv` with the columns that Gephi's import of spreadsheets knows, none of them empty.

    Lists are joined by `, `. Text that a spreadsheet would take for a formula starts with an apostrophe.

    Args and errors are those of `write_neo4j_csv`.
    """
    folder = made_folder(folder)
    nodes = [{**row, "Label": name_of(row, row["id"]), "kind": row["label"]} for row in node_rows(graph)]
    own = _filled(_without(property_names(labels_of(graph).values()), ("id", "label", "kind")), nodes)
    head = ["Id", "Label", "kind", *own]
    _write(folder / "nodes.csv", head, ["id", *head[1:]], nodes, cell=spreadsheet_cell)
    edges = [{**row, "Kind": row["type"], "Type": "Directed", "Weight": weight_of(row)} for row in edge_rows(graph)]
    own = _filled(_without(property_names(RELATIONS), ("id", "kind")), edges)
    first = ["Source", "Target", "Type", "Id", "Kind", "Weight"]
    columns = ["from", "to", "Type", "id", "Kind", "Weight", *own]
    _write(folder / "edges.csv", [*first, *own], columns, edges, cell=spreadsheet_cell)


def write_parquet(graph: "nx.MultiDiGraph[str]", folder: str | Path) -> None:
    """Write `nodes.parquet` and `edges.parquet`: the properties of the labels in it, with their types.

    Args and errors are those of `write_neo4j_csv`.
    """
    import pyarrow.parquet as pq

    folder = made_folder(folder)
    for name, first, elements, rows in (
        ("nodes", ("id", "label"), _held(labels_of(graph).values(), graph.nodes(data="label")), node_rows(graph)),
        ("edges", ("from", "to", "type", "id"), _held(RELATIONS, graph.edges(data="type")), edge_rows(graph)),
    ):
        table = _arrow(rows, first, elements)
        with drafted(folder / f"{name}.parquet") as draft:
            pq.write_table(table, draft, compression="zstd")


def _held(elements: Iterable[Element], named: Iterable[tuple[Any, ...]]) -> list[Element]:
    """The elements that occur, by the names at the ends of the rows."""
    names = {row[-1] for row in named}
    return [element for element in elements if element.name in names]


def _arrow(rows: Iterable[Mapping[str, Any]], first: Iterable[str], elements: Iterable[Element]) -> "pa.Table":
    import pyarrow as pa

    declared: dict[str, pa.DataType] = dict.fromkeys(first, pa.string())
    for p in (p for element in elements for p in element.properties):
        # Labels that seldom stand side by side give one name two types; then both are text.
        same = declared.setdefault(p.name, ARROW_TYPES[p.type]) == ARROW_TYPES[p.type]
        declared[p.name] = ARROW_TYPES[p.type] if same else pa.string()
    text = {name for name, type in declared.items() if type == pa.string()}
    clean = [{k: _as_text(row.get(k)) if k in text else plain_value(row.get(k)) for k in declared} for row in rows]
    return pa.Table.from_pylist(clean, schema=pa.schema(declared))


def _as_text(value: Any) -> str | None:
    value = plain_value(value)
    return ", ".join(value) if isinstance(value, list) else None if value is None else str(value)


def _by(rows: Iterable[dict[str, Any]], column: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    ordered = sorted(rows, key=lambda row: str(row[column]))
    yield from ((name, list(group)) for name, group in groupby(ordered, key=lambda row: str(row[column])))


def _without(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    return [name for name in names if name not in taken]


def _write(
    path: Path,
    head: list[str],
    columns: list[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    cell: Callable[[Any], str | int | float] | None = None,
    line_end: str = "\n",
) -> None:
    """Write these columns of the rows under their heads; lists as programs read them unless `cell` says otherwise."""
    written = cell or _cell
    with replacing(path) as file:
        table = csv.writer(file, lineterminator=line_end)
        table.writerow(head)
        table.writerows([written(row.get(column)) for column in columns] for row in rows)


def _filled(names: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns in which some row has a value."""
    known = {name for row in rows for name, value in row.items() if value not in (None, [])}
    return [name for name in names if name in known]


def _cell(value: Any) -> str | int | float:
    """As a database reads it."""
    value = plain_value(value)
    if isinstance(value, list):
        return BETWEEN.join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
