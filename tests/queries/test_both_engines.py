"""Every shipped query on the small graph gives its expected rows on both engines, in order and with its columns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from queries.conftest import NODE_ROWS, RELATION_ROWS
from queries.shipped_rows import EXPECTED, GIVEN

import graphwatch
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.project import Project
from graphwatch.queries.library import Library
from graphwatch.store.address import Address

LIBRARY = Library()


def fill(project: Project) -> None:
    with project.store.write("load") as writing:
        for label, rows in NODE_ROWS.items():
            # The interrupted run is left out: whoever writes next would remove it.
            kept = [row for row in rows if "R-2" not in (row["id"], row.get("run"))]
            writing.add(node_rows(label, kept))
        ids = {row["id"] for rows in NODE_ROWS.values() for row in rows if "R-2" not in (row["id"], row.get("run"))}
        for (type, start, end), rows in RELATION_ROWS.items():
            kept = [row for row in rows if {row["from"], row["to"]} <= ids and row.get("run") != "R-2"]
            writing.add(relation_rows(type, start, end, kept))


@pytest.fixture(scope="module")
def projects(neo4j_server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Project]]:
    from conftest import erase

    folder: Path = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEO4J_USERNAME", neo4j_server.username)
        patched.setenv("NEO4J_PASSWORD", neo4j_server.password)
        with (
            graphwatch.open(folder / "small.gw", create=True) as embedded,
            graphwatch.open(neo4j_server.uri, project=folder / "project", create=True) as server,
        ):
            for project in (embedded, server):
                fill(project)
            yield {"embedded": embedded, "neo4j": server}
    erase(neo4j_server)


@pytest.mark.parametrize("name", LIBRARY.names())
def test_both_engines_give_the_expected_rows(projects: dict[str, Project], name: str) -> None:
    query = LIBRARY.get(name)
    given = dict(GIVEN.get(name, {}))
    if any(p.name == "run" for p in query.parameters):
        given["run"] = "R-1"
    tables = [project.query(name, given).to_arrow() for project in projects.values()]
    for table in tables:
        assert table.column_names == [c.name for c in query.columns]
        expected = [row for row in EXPECTED[name] if "R-2" not in row.values()]
        rows = table.to_pylist()
        assert [{k: row[k] for k in told} for row, told in zip(rows, expected, strict=True)] == expected
    assert tables[0].to_pylist() == tables[1].to_pylist()
