"""Whole rows of the model, read from a store."""

from typing import Any

import pyarrow as pa

from graphwatch.model import Element, node, relation
from graphwatch.model.tables import conform, schema_of
from graphwatch.store.workspace import Workspace


class Reader:
    """Reads whole rows of the model for one run."""

    def __init__(self, workspace: Workspace, run: str = "") -> None:
        self._store, self._run = workspace.store, run

    def _ask(self, element: Element, cypher: str, ids: pa.Array | None = None) -> pa.Table:
        parameters: dict[str, Any] = {"run": self._run} if "$run" in cypher else {}
        if ids is not None:
            parameters["ids"] = ids.to_pylist()
        return conform(self._store.read(cypher, parameters), schema_of(element))

    def nodes(self, label: str, where: str = "true", ids: pa.Array | None = None) -> pa.Table:
        declared = node(label)
        query = f"MATCH (n:`{label}`) WHERE {where} RETURN {_columns('n', declared)}"
        return self._ask(declared, query, ids)

    def relations(self, type: str, start: str, end: str, where: str, ids: pa.Array | None = None) -> pa.Table:
        declared = relation(type)
        pattern = f"(a:`{start}`)-[r:`{type}`]->(b:`{end}`)"
        return self._ask(declared, f"MATCH {pattern} WHERE {where} RETURN {_ends_and_columns(declared)}", ids)

    def paired_accounts(self) -> pa.Table:
        declared = node("Account")
        return self._ask(
            declared,
            "MATCH (n:Account)-[r:CO_INTERACTED]-(:Account) WHERE r.run = $run "
            f"WITH DISTINCT n RETURN {_columns('n', declared)}",
        )

    def interactions(self, type: str) -> pa.Table:
        """Interactions of that type by the accounts of the run's pairs."""
        declared = relation(type)
        return self._ask(
            declared,
            "MATCH (a:Account)-[c:CO_INTERACTED]-(:Account) WHERE c.run = $run WITH DISTINCT a "
            f"MATCH (a)-[r:`{type}`]->(b:Post) RETURN {_ends_and_columns(declared)}",
        )


def _columns(variable: str, element: Element) -> str:
    return ", ".join(f"{variable}.`{p.name}` AS `{p.name}`" for p in element.properties)


def _ends_and_columns(element: Element) -> str:
    return f"a.id AS `from`, b.id AS `to`, {_columns('r', element)}"


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """Rows without their unknown properties."""
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]
