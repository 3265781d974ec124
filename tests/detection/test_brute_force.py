"""What is asked of the graph along several relations is what plain loops over the rows say, on both engines."""

import random
from typing import Any

import pytest

from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.project import Project

KINDS = ("LIKED", "COMMENTED", "SHARED")
SOURCES = ("a" * 16, "b" * 16)
DAY, DAY_MS = "2024-10-01", 1_727_715_600_000  # the first of October in Jakarta
Rows = list[dict[str, Any]]


def nodes(project: Project, label: str, rows: Rows) -> None:
    with project.store.write("load") as writing:
        writing.add(node_rows(label, rows))


def relations(project: Project, type: str, start: str, end: str, rows: Rows) -> None:
    with project.store.write("load") as writing:
        writing.add(relation_rows(type, start, end, rows))


class World:
    """Accounts, some of them on a roster for a time, that act on posts of pages; and complaints about them."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        accounts, posts = [f"x:a{i}" for i in range(20)], [f"x:p{i}" for i in range(30)]

        def time() -> int | None:
            return chance.choice([None, *(DAY_MS + chance.randrange(1000) for _ in range(5))])

        self.accounts: Rows = [{"id": a, "platform": "x", "handle": a[2:]} for a in accounts]
        self.posts: Rows = [{"id": p} for p in posts]
        self.acts: Rows = []
        for n in range(300):
            ends = {"from": chance.choice(accounts), "to": chance.choice(posts)}
            about = {"id": f"i{n}", "kind": chance.choice(KINDS), "at_ms": time(), "text": "x" * chance.randrange(40)}
            self.acts.append({**about, **ends, "sources": [f"{chance.choice(SOURCES)}:1"]})
        self.published: Rows = [
            {"id": str(i), "from": f"x:g{chance.randrange(3)}", "to": p} for i, p in enumerate(posts) if i % 5
        ]
        self.belongs: Rows = [
            {
                "id": f"b{n}",
                "from": chance.choice(accounts),
                "to": f"n{n % 4}",
                "basis": chance.choice(["verified", "confirmed-by-superior"]),
                "from_ms": time(),
                "to_ms": time(),
            }
            for n in range(14)
        ]
        # No post is named: account, kind and day decide.
        self.complaints: Rows = [
            {"id": f"c{n}", "platform": "x", "kind": chance.choice([None, *KINDS]), "at": DAY, "status": "new"}
            for n in range(30)
        ]
        self.about: Rows = [{"id": c["id"], "from": c["id"], "to": chance.choice(accounts)} for c in self.complaints]

    def fill(self, project: Project) -> None:
        nodes(project, "Source", [{"id": s, "loaded_at_ms": 5 + n} for n, s in enumerate(SOURCES)])
        nodes(project, "Account", self.accounts)
        nodes(project, "Post", self.posts)
        nodes(project, "Page", [{"id": f"x:g{n}"} for n in range(3)])
        nodes(project, "Paslon", [{"id": "01"}])
        nodes(project, "Asn", [{"id": f"n{n}"} for n in range(4)])
        nodes(project, "Complaint", self.complaints)
        for kind in KINDS:
            relations(project, kind, "Account", "Post", [a for a in self.acts if a["kind"] == kind])
        relations(project, "PUBLISHED", "Page", "Post", self.published)
        relations(project, "SUPPORTS", "Page", "Paslon", [{"id": n, "from": f"x:g{n}", "to": "01"} for n in "01"])
        relations(project, "BELONGS_TO", "Account", "Asn", self.belongs)
        relations(project, "ABOUT", "Complaint", "Account", self.about)

    def page(self, act: dict[str, Any]) -> str | None:
        return next((row["from"] for row in self.published if row["to"] == act["to"]), None)

    def campaigning(self, act: dict[str, Any]) -> bool:
        return self.page(act) in ("x:g0", "x:g1")


def in_force(link: dict[str, Any], at_ms: int) -> bool:
    return (link["from_ms"] is None or link["from_ms"] <= at_ms) and (link["to_ms"] is None or at_ms < link["to_ms"])


@pytest.fixture(params=[0, 1])
def world(request: pytest.FixtureRequest, empty_project: Project) -> World:
    made = World(request.param)
    made.fill(empty_project)
    return made


def test_complaints_without_a_post(world: World, empty_project: Project) -> None:
    whom = {row["from"]: row["to"] for row in world.about}
    expected = {
        c["id"]: sum(
            act["from"] == whom[c["id"]]
            and act["at_ms"] is not None
            and c["kind"] in (None, act["kind"])
            and world.page(act) is not None
            for act in world.acts
        )
        for c in world.complaints
    }
    found = empty_project.complaints().to_arrow()
    assert dict(zip(found["complaint"].to_pylist(), found["interactions"].to_pylist(), strict=True)) == expected


def test_interactions_of_the_roster(world: World, empty_project: Project) -> None:
    expected = set()
    for act in filter(world.campaigning, world.acts):
        for link in (b for b in world.belongs if b["from"] == act["from"]):
            open_ = link["from_ms"] is None and link["to_ms"] is None
            if act["at_ms"] is None or in_force(link, act["at_ms"]):
                validity = "valid" if open_ or act["at_ms"] is not None else "unknown"
                expected.add((act["id"], link["basis"], world.page(act), act["text"], act["sources"][0], validity))
    found = empty_project.query("roster-interactions", {"limit": 10_000}).to_arrow().to_pylist()
    told = ("interaction", "basis", "page", "text")
    assert {(*(r[name] for name in told), r["sources"][0], r["validity"]) for r in found} == expected


def test_what_one_import_brought(world: World, empty_project: Project) -> None:
    """Each interaction once, however many persons of the roster its account is held to be of."""
    bases: dict[tuple[str, str | None], set[str]] = {}
    for act in (a for a in world.acts if world.campaigning(a) and a["sources"][0].startswith(SOURCES[1])):
        for link in (b for b in world.belongs if b["from"] == act["from"]):
            if act["at_ms"] is None or in_force(link, act["at_ms"]):
                bases.setdefault((act["id"], world.page(act)), set()).add(link["basis"])
    found = list(empty_project.changes(SOURCES[0]).interactions)
    assert sorted((r["interaction"], r["page"]) for r in found) == sorted(bases)
    assert all(row["basis"] in bases[row["interaction"], row["page"]] for row in found)
