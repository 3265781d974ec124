"""The model in the embedded engine's own words: tables, copies, updates. Pure text, no engine.

Names come from the model only; values travel as parameters.
"""

import re
from pathlib import Path
from typing import Final

from graphwatch.model import Element
from graphwatch.model.declaring import Node, Property, Relation, Type

_PATTERN: Final = re.compile(r"[*?[]")
_TYPES: Final = {
    Type.TEXT: "STRING",
    Type.INTEGER: "INT64",
    Type.REAL: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.TEXTS: "STRING[]",
}


def column(property: Property) -> str:
    """A column as CREATE and ALTER write it."""
    return f"`{property.name}` {_TYPES[property.type]}"


def create_table(element: Element) -> str:
    """The statement that makes the table of a node or relation.

    >>> from graphwatch.model import relation
    >>> create_table(relation("SUPPORTS"))
    'CREATE REL TABLE `SUPPORTS`(FROM `Page` TO `Paslon`, `id` STRING)'
    """
    columns = ", ".join(column(p) for p in element.properties)
    if isinstance(element, Node):
        return f"CREATE NODE TABLE `{element.label}`({columns}, PRIMARY KEY(`id`))"
    ends = ", ".join(f"FROM `{a}` TO `{b}`" for a, b in element.ends)
    return f"CREATE REL TABLE `{element.type}`({ends}, {columns})"


def add_column(element: Element, property: Property) -> str:
    """The statement that adds a property declared since the table was made."""
    return f"ALTER TABLE `{element.name}` ADD {column(property)}"


def copy_file(element: Element, start: str | None, end: str | None, file: Path, names: list[str]) -> str:
    """Append the rows of a Parquet file whose columns are `names`; properties that it lacks become null.

    One COPY of the whole file: the engine rewrites what it has with each further one (a million relations take
    13 s in one piece and 55 s in four).
    """
    known = {p.name for p in element.properties}
    columns = [n for n in names if n in known]
    ends = f" (from='{start}', to='{end}')" if isinstance(element, Relation) else ""
    path = _path(file)
    wanted = [*(("from", "to") if isinstance(element, Relation) else ()), *columns]
    if wanted != names:  # properties that the model no longer has are left behind
        path = f"(LOAD FROM {path} RETURN {', '.join(f'`{n}`' for n in wanted)})"
    return f"COPY `{element.name}`({', '.join(f'`{n}`' for n in columns)}) FROM {path}{ends}"


def copy_rows(element: Element, start: str | None, end: str | None) -> str:
    """Append the rows of the Arrow table bound as `$t`."""
    columns = ", ".join(f"`{p.name}`" for p in element.properties)
    ends = f" (from='{start}', to='{end}')" if isinstance(element, Relation) else ""
    return f"COPY `{element.name}`({columns}) FROM $t{ends}"


def update_nodes(element: Node) -> str:
    """Overwrite the properties of known nodes with the rows bound as `$t`."""
    names = [p.name for p in element.properties]
    taken = ", ".join(f"`{n}` AS new_{n}" for n in names)
    set_all = ", ".join(f"n.`{n}` = new_{n}" for n in names if n != "id")
    return f"LOAD FROM $t WITH {taken} MATCH (n:`{element.label}`) WHERE n.id = new_id SET {set_all}"


def delete_relations(element: Relation, start: str, end: str) -> str:
    """Delete the relations whose ids are bound as `$t`; merging them one by one costs milliseconds each."""
    pattern = f"(a:`{start}`)-[r:`{element.type}`]->(b:`{end}`)"
    return f"LOAD FROM $t WITH id AS old_id MATCH {pattern} WHERE r.id = old_id DELETE r"


def all_rows(element: Element, start: str | None = None, end: str | None = None) -> str:
    """Every row, with the columns of its Arrow schema."""
    if isinstance(element, Node):
        returned = ", ".join(f"n.`{p.name}` AS `{p.name}`" for p in element.properties)
        return f"MATCH (n:`{element.label}`) RETURN {returned}"
    return f"MATCH (a:`{start}`)-[r:`{element.type}`]->(b:`{end}`) RETURN {_relation_columns(element)}"


def known_rows(element: Element, start: str | None, end: str | None) -> str:
    """The stored rows whose ids are bound as `$t`."""
    if isinstance(element, Node):
        returned = ", ".join(f"n.`{p.name}` AS `{p.name}`" for p in element.properties)
        return f"LOAD FROM $t WITH id AS old_id MATCH (n:`{element.label}`) WHERE n.id = old_id RETURN {returned}"
    pattern = f"(a:`{start}`)-[r:`{element.type}`]->(b:`{end}`)"
    return f"LOAD FROM $t WITH id AS old_id MATCH {pattern} WHERE r.id = old_id RETURN {_relation_columns(element)}"


def _relation_columns(element: Relation) -> str:
    properties = ", ".join(f"r.`{p.name}` AS `{p.name}`" for p in element.properties)
    return f"a.id AS `from`, b.id AS `to`, {properties}"


def _path(file: Path) -> str:
    r"""A file's name as a text that means this file and no other: the engine takes * ? and [ for patterns.

    >>> print(_path(Path("/kasus [1]/it's *.parquet")))
    '/kasus [[]1]/it\'s [*].parquet'
    """
    literal = _PATTERN.sub(r"[\g<0>]", str(file.resolve()))
    return "'" + literal.replace("\\", "\\\\").replace("'", "\\'") + "'"


def side_files(graph: Path) -> list[Path]:
    """The files that the engine has left beside its main one: it takes all of them away when it ends well.

    While it commits and checkpoints these are `.wal`, `.wal.checkpoint`, `.shadow` and two locks, and `.tmp` for what
    does not fit into memory; a later engine may have others, so that whatever begins with the graph's name counts.
    """
    return sorted(file for file in graph.parent.iterdir() if file.name.startswith(f"{graph.name}."))
