"""The same work on both engines gives the same answers."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from query_texts import REFUSED

import graphwatch
from graphwatch.api import Desk
from graphwatch.errors import QueryError
from graphwatch.queries import Library
from graphwatch.scenarios import pilkada
from graphwatch.store.address import Address

NAMES = Library().names()


@pytest.fixture(scope="module")
def desks(
    demo_store: Path, neo4j_server: Address, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Desk]]:
    """The demo on the embedded engine; and on Neo4j, loaded and searched there from the same files."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEO4J_USERNAME", neo4j_server.username)
        patched.setenv("NEO4J_PASSWORD", neo4j_server.password)
        project = tmp_path_factory.mktemp("project")
        with (
            graphwatch.open(demo_store) as embedded,
            graphwatch.open(neo4j_server.uri, project=project, create=True) as server,
        ):
            files = pilkada(seed=2024).write(tmp_path_factory.mktemp("files"))
            for kind in ("paslon", "pages", "posts", "interactions"):
                server.load(files[kind], kind=kind)
            server.detect(fdr=0.05)
            server.load_calendar()
            yield embedded, server


@pytest.fixture(scope="module", autouse=True)
def _emptied(neo4j_server: Address) -> Iterator[None]:
    from conftest import erase

    yield
    erase(neo4j_server)


def given(desk: Desk) -> dict[str, dict[str, object]]:
    """Values for the parameters that have no default."""
    pair = desk.query("co-interactions", {"limit": 1}, to="arrow").to_pylist()[0]
    post = desk.query("busiest-posts", {"limit": 1}, to="arrow").to_pylist()[0]["post"]
    both = {"account_a": pair["account_a"], "account_b": pair["account_b"]}
    return {
        "account-interactions": {"account": pair["account_a"]},
        "pair-evidence": both,
        "post-interactions": {"post": post},
        **{name: {"cluster": 1} for name in ("cluster-members", "cluster-pages", "cluster-posts")},
    }


def comparable(table: pa.Table) -> list[dict[str, object]]:
    """Rows without what two loads cannot share: their time and how the demo states its provenance."""
    own = {"loaded_at_ms", "created_at_ms", "acquisition", "acquired_by", "legal_basis"}
    return [{k: v for k, v in row.items() if k not in own} for row in table.to_pylist()]


@pytest.mark.parametrize("name", NAMES)
def test_named_queries_agree_in_rows_order_and_types(desks: tuple[Desk, Desk], name: str) -> None:
    embedded, server = desks
    parameters = given(embedded).get(name, {})
    ours, theirs = embedded.query(name, parameters, to="arrow"), server.query(name, parameters, to="arrow")
    if name != "sources":  # its order is that of loading, and the file names differ in nothing else
        assert ours.num_rows > 0
    assert comparable(ours) == comparable(theirs)
    for field in ours.schema:
        theirs_type = theirs.schema.field(field.name).type
        assert field.type == theirs_type or pa.types.is_null(theirs_type), field.name


def test_a_run_is_the_same_run_on_both(desks: tuple[Desk, Desk]) -> None:
    embedded, server = desks
    ours, theirs = embedded.detect(fdr=0.05), server.detect(fdr=0.05)
    assert ours.already
    assert theirs.already
    assert (ours.run, ours.denominators) == (theirs.run, theirs.denominators)
    assert ours.coordinated == theirs.coordinated


def test_the_network_is_the_same(desks: tuple[Desk, Desk]) -> None:
    ours, theirs = (desk.graph() for desk in desks)
    assert dict(ours.nodes(data=True)) == dict(theirs.nodes(data=True))
    edges = [sorted(g.edges(keys=True, data=True), key=lambda e: e[2]) for g in (ours, theirs)]
    assert edges[0] == edges[1]


@pytest.mark.parametrize("to", ["gexf", "csv"])
def test_exports_are_the_same_but_for_the_pseudonyms_key(desks: tuple[Desk, Desk], tmp_path: Path, to: str) -> None:
    sizes = []
    for number, desk in enumerate(desks):
        done = desk.export(tmp_path / str(number), to=to, unmask=True, reason="comparison")
        path = tmp_path / str(number)
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        sizes.append((done.nodes, done.edges, [f.read_text(encoding="utf-8").replace("\r", "") for f in files]))
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("cypher", REFUSED)
def test_no_text_writes_on_either_engine(desks: tuple[Desk, Desk], cypher: str) -> None:
    for desk in desks:
        before = desk.info().counts
        with pytest.raises(QueryError):
            desk.query(cypher)
        assert desk.info().counts == before


@pytest.mark.parametrize("cypher", [c for c in REFUSED if re.search(r"(?i)create|merge|delete|set", c)])
def test_the_server_itself_lets_a_reading_session_write_nothing(desks: tuple[Desk, Desk], cypher: str) -> None:
    """The second line of defence, with the guard left out."""
    store = desks[1].store
    before = store.info().counts
    with contextlib.suppress(graphwatch.GraphwatchError):
        store.read(cypher, timeout=2, limit=10)
    assert store.info().counts == before


def test_loading_again_changes_nothing_on_a_server(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    server = desks[1]
    before = server.info().counts
    files = pilkada(seed=2024).write(tmp_path)
    assert server.load(files["interactions"]).already
    assert server.info().counts == before


def test_the_saved_queries_for_neo4j_browser_run(desks: tuple[Desk, Desk]) -> None:
    text = (Path(__file__).parents[1] / "examples" / "neo4j" / "saved.cypher").read_text(encoding="utf-8")
    statements = [s for s in text.split(";\n") if s.strip()]
    assert len(statements) == 3
    for statement in statements:
        assert desks[1].query(statement, to="arrow").num_rows > 0


@pytest.mark.parametrize("projection", ["coordination", "posts", "pages"])
def test_metrics_are_the_same(desks: tuple[Desk, Desk], projection: str) -> None:
    ours, theirs = (desk.metrics(projection=projection) for desk in desks)
    assert ours.scores.to_pylist() == theirs.scores.to_pylist()
    assert (ours.assortativity, ours.weak, ours.bridges) == (theirs.assortativity, theirs.weak, theirs.bridges)
