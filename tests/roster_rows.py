"""A roster in the graph: whose accounts are whose, and until when."""

from typing import Any

from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.project import Project


def belongs(project: Project, *links: dict[str, Any]) -> None:
    """Links of accounts to persons, each with account and asn, and where wanted from_ms, to_ms and basis."""
    rows = [{"from": k["account"], "to": k["asn"], "id": f"{k['account']}>{k['asn']}", **k} for k in links]
    with project.store.write("load") as writing:
        writing.add(node_rows("Asn", [{"id": id} for id in dict.fromkeys(k["asn"] for k in links)]))
        writing.add(relation_rows("BELONGS_TO", "Account", "Asn", rows))


def run_with(project: Project, run: str, created_at_ms: int, *clusters: list[str], parameters: str = "{}") -> None:
    """A complete run with clusters of these accounts."""
    numbered = list(enumerate(clusters, 1))
    nodes = [{"id": f"{run}:{n}", "run": run, "layer": "all", "number": n, "size": len(m)} for n, m in numbered]
    members = [{"from": a, "to": f"{run}:{n}", "id": f"{run}:{n}:{a}", "run": run} for n, m in numbered for a in m]
    row = {"id": run, "status": "complete", "parameters": parameters, "created_at_ms": created_at_ms}
    with project.store.write("run") as writing:
        if nodes:
            writing.add(node_rows("Cluster", nodes))
            writing.add(relation_rows("MEMBER_OF", "Account", "Cluster", members))
        writing.add(node_rows("Run", [row]))
