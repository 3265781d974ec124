"""CSV tables of nodes and relations that a spreadsheet can open without running anything in them."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.common.files import made_folder, replacing
from graphwatch.common.sanitize import spreadsheet_cell
from graphwatch.export.rows import edge_rows, labels_of, node_rows, property_names
from graphwatch.model import RELATIONS, Element

if TYPE_CHECKING:
    import networkx as nx


def write_csv(graph: "nx.MultiDiGraph[str]", folder: str | Path) -> None:
    """Write `nodes.csv` and `edges.csv` into a folder, which is made where it is missing.

    Columns are the model's properties, those of all labels side by side; what does not apply is empty. Lists
    are joined by ` | `. Text that a spreadsheet would take for a formula starts with an apostrophe.

    Args:
        graph: a network as `write_html` takes it.
        folder: the folder; other files in it stay.

    Raises:
        UsageError: where `folder` is a file.
        GraphwatchError: where a file cannot be written.
    """
    folder = made_folder(folder)
    nodes, edges = ["id", "label"], ["from", "to", "type", "id"]
    _write(folder / "nodes.csv", _columns(nodes, labels_of(graph).values()), node_rows(graph))
    _write(folder / "edges.csv", _columns(edges, RELATIONS), edge_rows(graph))


def _columns(first: list[str], elements: Iterable[Element]) -> list[str]:
    return list(dict.fromkeys([*first, *property_names(elements)]))


def _write(path: Path, columns: list[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with replacing(path) as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows([spreadsheet_cell(row.get(column)) for column in columns] for row in rows)
