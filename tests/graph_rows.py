"""Rows of graph tables, in few words."""

from collections.abc import Mapping

from graphwatch.model.tables import GraphTable, node_rows, relation_rows
from graphwatch.project import Project
from graphwatch.store.erasing import Erasure

HOSTILE = "<script>alert(1)</script>'\"; DROP TABLE Account --"


def accounts(*rows: Mapping[str, object]) -> GraphTable:
    return node_rows("Account", rows)


def posts(*ids: str) -> GraphTable:
    return node_rows("Post", [{"id": i} for i in ids])


def likes(*rows: dict[str, object]) -> GraphTable:
    return relation_rows("LIKED", "Account", "Post", rows)


def like(account: str, post: str, id: str, at_ms: int | None = 0, source: str = "s:1") -> dict[str, object]:
    return {"from": account, "to": post, "id": id, "kind": "LIKED", "at_ms": at_ms, "sources": [source]}


def roster(
    people: dict[str, tuple[str, str]], *, valid: tuple[int | None, int | None] = (None, None)
) -> list[GraphTable]:
    """A roster: for each account the agency at which its owner works and the basis of the link, in force as given."""
    agencies = sorted({agency for agency, _ in people.values()})
    asn = {account: f"asn-{account}" for account in people}
    open_ends = {"from_ms": valid[0], "to_ms": valid[1]}
    belongs = [
        {"from": a, "to": asn[a], "id": f"b-{a}", "basis": basis, **open_ends} for a, (_, basis) in people.items()
    ]
    works = [{"from": asn[a], "to": agency, "id": f"w-{a}"} for a, (agency, _) in people.items()]
    return [
        node_rows("Asn", [{"id": i} for i in asn.values()]),
        node_rows("Agency", [{"id": a, "name": f"{a} {HOSTILE}"} for a in agencies]),
        relation_rows("BELONGS_TO", "Account", "Asn", belongs),
        relation_rows("WORKS_AT", "Asn", "Agency", works),
    ]


def lose_bursts(project: Project) -> None:
    """Leave the clusters of a store without bursts, as a run of a version that kept none left them."""
    bursts = project.store.read("MATCH (b:Burst) RETURN b.id AS id")["id"].to_pylist()
    assert bursts
    project.store.erase(Erasure(0, nodes={"Burst": frozenset(bursts)}))
