"""The same work on both engines gives the same answers."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from query_texts import REFUSED

import graphwatch
from graphwatch.errors import DecisionRefused, QueryError
from graphwatch.export.parts import Part, part_of
from graphwatch.model.tables import node_table
from graphwatch.project import Project
from graphwatch.queries.library import Library
from graphwatch.repository import ties
from graphwatch.scenarios.pilkada import pilkada
from graphwatch.store.address import Address

NAMES = Library().names()
# What the demo holds nothing of; tests/queries/test_both_engines.py has rows for each. The order of sources is that of
# loading, and the file names differ in nothing else.
UNSEEN = {"account-scores", "decisions", "links", "page-follows", "posts-without-publisher", "repeated-rows"}
UNSEEN |= {"roster-follows", "same-handles", "same-text", "sources", "text-family", "text-spread", "too-early"}
UNSEEN |= {"position-engagement", "account-lags", "regular-lags"}


@pytest.fixture(scope="module")
def projects(
    demo_store: Path, neo4j_server: Address, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Project, Project]]:
    """The demo on the embedded engine; and on Neo4j, loaded and searched there from the same files."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEO4J_USERNAME", neo4j_server.username)
        patched.setenv("NEO4J_PASSWORD", neo4j_server.password)
        project = tmp_path_factory.mktemp("project")
        # The demo is shared with other tests: what these add goes into a copy.
        copied = shutil.copytree(demo_store, tmp_path_factory.mktemp("copied") / demo_store.name)
        # With the same keys persons have the same ids.
        shutil.copytree(demo_store / "keys", project / "keys")
        with (
            graphwatch.open(copied) as embedded,
            graphwatch.open(neo4j_server.uri, project=project, create=True) as server,
        ):
            server.load_calendar()
            for kind, path in pilkada(seed=2024).write(tmp_path_factory.mktemp("files")).items():
                server.load(path, kind=kind)
            for row in embedded.watched().to_arrow().to_pylist():
                server.watch(row["id"], reason=row["reason"], by=row["added_by"])
            server.detect()
            yield embedded, server


@pytest.fixture(scope="module", autouse=True)
def _emptied(neo4j_server: Address) -> Iterator[None]:
    from conftest import erase

    yield
    erase(neo4j_server)


@pytest.fixture(scope="module")
def given(projects: tuple[Project, Project]) -> dict[str, dict[str, object]]:
    """Values for the parameters that have no default."""
    project, _ = projects
    pair = project.query("co-interactions", {"limit": 1}).to_arrow().to_pylist()[0]
    post = project.query("busiest-posts", {"limit": 1}).to_arrow().to_pylist()[0]["post"]
    member = project.query("cluster-members", {"cluster": 1}).to_arrow()["account"][0].as_py()
    about = (
        "MATCH (:Post)<-[:ABOUT]-(c:Complaint)-[:ABOUT]->(a:Account)-[:LIKED|COMMENTED|SHARED]->(:Post) "
        "RETURN c.id AS id ORDER BY id LIMIT 1"
    )
    both = {"account_a": pair["account_a"], "account_b": pair["account_b"]}
    return {
        "account-interactions": {"account": pair["account_a"]},
        "account-clusters": {"account": member},
        "account-partners": {"account": pair["account_a"]},
        "account-lags": {"account": pair["account_a"]},
        "account-roster": {
            "account": project.query("roster-interactions", {"limit": 1}).to_arrow()["account"][0].as_py()
        },
        "account-scores": {"account": pair["account_a"]},
        "agency-clusters": {
            "agency": project.query("cluster-agencies", {"cluster": 1}).to_arrow()["agency"][0].as_py()
        },
        "complaint-interactions": {"complaint": project.query(about).to_arrow()["id"][0].as_py()},
        "pair-evidence": both,
        "post-pace": {"post": post},
        "post-interactions": {"post": post},
        "text-spread": {"text": "coblos"},
        **{name: {"cluster": 1} for name in NAMES if name.startswith("cluster-") and name != "cluster-evidence"},
    }


def comparable(table: pa.Table) -> list[dict[str, object]]:
    """Rows without what two loads cannot share: their time and how the demo states its provenance."""
    own = {"added_at_ms", "loaded_at_ms", "created_at_ms", "acquisition", "acquired_by", "legal_basis"}
    return [{k: v for k, v in row.items() if k not in own} for row in table.to_pylist()]


@pytest.mark.parametrize("name", NAMES)
def test_named_queries_agree_in_rows_order_and_types(
    projects: tuple[Project, Project], given: dict[str, dict[str, object]], name: str
) -> None:
    embedded, server = projects
    parameters = given.get(name, {})
    ours, theirs = embedded.query(name, parameters).to_arrow(), server.query(name, parameters).to_arrow()
    if name not in UNSEEN:
        assert ours.num_rows > 0
    assert comparable(ours) == comparable(theirs)
    for field in ours.schema:
        theirs_type = theirs.schema.field(field.name).type
        assert field.type == theirs_type or pa.types.is_null(theirs_type), field.name


def test_a_run_is_the_same_run_on_both(projects: tuple[Project, Project]) -> None:
    embedded, server = projects
    ours, theirs = embedded.detect(), server.detect()
    assert ours.already
    assert theirs.already
    assert (ours.run, ours.denominators) == (theirs.run, theirs.denominators)
    assert ours.coordinated == theirs.coordinated


def test_a_scope_with_layers_and_an_earlier_run_is_the_same_on_both(projects: tuple[Project, Project]) -> None:
    asked = {"paslon_pages": True, "object": "page", "min_objects": 1, "layers": True, "fdr": None}
    answers = []
    for project in projects:
        assert project.detect(**asked, to="2024-11-10").continued == 0  # type: ignore[arg-type]
        found = project.detect(**asked)  # type: ignore[arg-type]
        layers = [project.query("clusters", {"run": found.run, "layer": layer}).to_arrow() for layer in found.layers]
        answers.append((found.run, found.denominators, found.layers, found.continued, [t.to_pylist() for t in layers]))
        project.detect(layers=True)  # leave the usual one the latest
    assert answers[0] == answers[1]
    assert answers[0][3] > 0


def test_power_is_the_same_and_adds_to_a_run_without_touching_it(projects: tuple[Project, Project]) -> None:
    [run] = {project.detect().run for project in projects}
    kept = []
    for project in projects:
        before = (
            project.info().counts,
            project.query("runs").to_arrow().to_pylist(),
            project.query("clusters", {"run": run}),
        )
        assert project.power(run=run, sizes=(3, 6), posts=(2, 15), repeats=2).run == run
        assert project.info().counts == before[0]
        assert project.query("runs").to_arrow().to_pylist() == before[1]
        assert project.query("clusters", {"run": run}) == before[2]
        kept.append(project.kept_power(run))
    assert kept[0] == kept[1] is not None
    other = [project.power(run=run, sizes=(3,), posts=(2,), repeats=1) for project in projects]
    assert [project.kept_power(run) for project in projects] == other  # the later table wins


def test_a_server_that_stops_halfway_loses_no_run_that_something_is_added_to(projects: tuple[Project, Project]) -> None:
    server = projects[1]
    run = server.detect().run
    kept = server.power(run=run, sizes=(3,), posts=(2,), repeats=1).power.as_json()
    row = pa.RecordBatch.from_pylist([{"id": run, "power": kept}])
    with contextlib.suppress(KeyboardInterrupt), server.store.write("power") as writing:
        writing.add(node_table("Run", [row]))
        status = server.store.read("MATCH (r:Run) WHERE r.id = $run RETURN r.status AS status", {"run": run})
        assert status["status"].to_pylist() == ["complete"]
        raise KeyboardInterrupt
    assert server.detect().already


def test_an_estimate_is_the_same(projects: tuple[Project, Project]) -> None:
    ours, theirs = (replace(project.estimate(), seconds=0.0) for project in projects)
    assert ours == theirs


def test_explanations_are_the_same(projects: tuple[Project, Project]) -> None:
    embedded, server = projects
    ours, theirs = embedded.explain_clusters(), server.explain_clusters()
    assert len(ours) > 1
    assert ours[0].roster is not None
    assert 1 < ours[0].roster.n < len(ours[0].members)
    assert ours == theirs
    first, second = (member.account for member in ours[0].members[:2])
    assert embedded.explain(first, second) == server.explain(first, second)
    assert embedded.explain(ours[1].id) == server.explain(2) == ours[1]


def test_the_office_sees_the_same(projects: tuple[Project, Project]) -> None:
    """Coverage, complaints, changes, leads and the watchlist: each says something, and the same."""
    ours, theirs = (project.coverage() for project in projects)
    assert ours == theirs
    assert ours.roster is not None
    for name in ("agencies", "platforms", "bases", "disputed"):
        assert getattr(ours.roster, name)
    complaints = [project.complaints().to_arrow().to_pylist() for project in projects]
    assert complaints[0] == complaints[1]
    assert {row["seen"] for row in complaints[0]} == {"confirmed", "not seen", "not observable", "cannot be checked"}
    changes = [project.changes("2024-09-24") for project in projects]
    for name in ("interactions", "clusters", "complaints"):
        assert list(getattr(changes[0], name)) == list(getattr(changes[1], name)), name
    assert any(row["watched"] for row in changes[0].interactions)
    leads = [project.leads().to_arrow().to_pylist() for project in projects]
    assert leads[0] == leads[1]
    watched = [project.watched().to_arrow().drop_columns(["added_at_ms"]).to_pylist() for project in projects]
    assert watched[0] == watched[1] != []


@pytest.mark.parametrize(
    ("subject", "id", "options"),
    [
        ("cluster", "1", {"unmask": True, "off_roster": True, "reason": "a test"}),
        ("account", None, {"unmask": True, "off_roster": True, "reason": "a test"}),
        ("agency", "pasar", {}),
        ("summary", None, {}),
    ],
)
def test_documents_are_the_same(
    projects: tuple[Project, Project], tmp_path: Path, subject: Any, id: str | None, options: dict[str, Any]
) -> None:
    if subject == "account":
        id = projects[0].query("cluster-members", {"cluster": 1}).to_arrow()["account"][0].as_py()
    texts = []
    for project in projects:
        project.report(subject, id, path=tmp_path / "out.md", to="md", **options)
        text = (tmp_path / "out.md").read_text(encoding="utf-8")
        # Each says when it was made, and when its files were loaded.
        texts.append([line for line in text.splitlines() if not line.startswith(("Dibuat", "| S"))])
    assert texts[0] == texts[1]
    assert len(texts[0]) > 20


def test_the_network_is_the_same(projects: tuple[Project, Project]) -> None:
    ours, theirs = (project.graph() for project in projects)
    assert dict(ours.nodes(data=True)) == dict(theirs.nodes(data=True))
    edges = [sorted(g.edges(keys=True, data=True), key=lambda e: e[2]) for g in (ours, theirs)]
    assert edges[0] == edges[1]


@pytest.mark.parametrize("to", ["gexf", "csv"])
def test_exports_are_the_same_but_for_the_pseudonyms_key(
    projects: tuple[Project, Project], tmp_path: Path, to: Any
) -> None:
    sizes = []
    for number, project in enumerate(projects):
        done = project.export(tmp_path / str(number), to=to, unmask=True, reason="comparison")
        path = tmp_path / str(number)
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        sizes.append((done.nodes, done.edges, [f.read_text(encoding="utf-8").replace("\r", "") for f in files]))
    assert sizes[0] == sizes[1]


class TestNothingIsWrittenByReading:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _untouched(cls, projects: tuple[Project, Project]) -> Iterator[None]:
        """Counting all tables takes longer than refusing a text: it is done before the first and after the last."""
        before = [project.info().counts for project in projects]
        yield
        assert [project.info().counts for project in projects] == before

    @pytest.mark.parametrize("cypher", REFUSED)
    def test_no_text_writes_on_either_engine(self, projects: tuple[Project, Project], cypher: str) -> None:
        for project in projects:
            with pytest.raises(QueryError):
                project.query(cypher)

    @pytest.mark.parametrize("cypher", [c for c in REFUSED if re.search(r"(?i)create|merge|delete|set", c)])
    def test_the_server_itself_lets_a_reading_session_write_nothing(
        self, projects: tuple[Project, Project], cypher: str
    ) -> None:
        """The second line of defence, with the grammar left out."""
        with contextlib.suppress(graphwatch.GraphwatchError):
            projects[1].store.read(cypher)


def test_loading_again_changes_nothing_on_a_server(projects: tuple[Project, Project], tmp_path: Path) -> None:
    server = projects[1]
    before = server.info().counts
    files = pilkada(seed=2024).write(tmp_path)
    assert server.load(files["interactions"]).already
    assert server.info().counts == before


def test_the_saved_queries_for_neo4j_browser_run(projects: tuple[Project, Project]) -> None:
    text = (Path(__file__).parents[1] / "examples" / "neo4j" / "saved.cypher").read_text(encoding="utf-8")
    statements = [s for s in text.split(";\n") if s.strip()]
    assert len(statements) == 3
    for statement in statements:
        assert projects[1].query(statement).to_arrow().num_rows > 0


@pytest.mark.parametrize("projection", ["coordination", "posts", "pages"])
def test_metrics_are_the_same(projects: tuple[Project, Project], projection: str) -> None:
    ours, theirs = (project.metrics(projection=projection) for project in projects)
    assert ours.scores == theirs.scores
    assert (ours.assortativity, ours.weak, ours.bridges) == (theirs.assortativity, theirs.weak, theirs.bridges)


def test_traces_and_surroundings_are_the_same(
    projects: tuple[Project, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = projects[0].query("MATCH (a:Account) RETURN a.id AS id ORDER BY id LIMIT 300").to_arrow()["id"].to_pylist()
    for other in (ids[40], ids[299]):
        ours, theirs = (project.trace(ids[2], other, longer=1, limit=50) for project in projects)
        assert ours.paths
        assert (ours.paths, ours.hops, ours.more, ours.seen) == (theirs.paths, theirs.hops, theirs.more, theirs.seen)
    during: dict[str, Any] = {"from_": "2024-10-01", "to": "2024-11-10", "max_degree": 100}
    within, theirs_within = (project.trace(ids[2], ids[40], longer=2, limit=50, **during) for project in projects)
    assert within == theirs_within
    assert within.hubs
    shown, theirs_shown = (part_of(project.workspace, Part(traced=within)) for project in projects)
    assert (dict(shown.nodes), shown.adj) == (dict(theirs_shown.nodes), theirs_shown.adj)
    assert {node.id for path in within.paths for hop in path for node in (hop.start, hop.end)} == set(shown)
    near, theirs_near = (project.neighbours(ids[2], depth=2, max_nodes=50) for project in projects)
    assert near == theirs_near
    # Many nodes are asked for in other words than few.
    monkeypatch.setattr(ties, "READ_BY_LIST", 1)
    monkeypatch.setattr(ties, "COUNTED_BY_LIST", 1)
    assert [project.trace(ids[2], ids[40], longer=2, limit=50, **during) for project in projects] == [within, within]


def test_decisions_are_kept_alike(projects: tuple[Project, Project]) -> None:
    for project in projects:
        first = project.decide("1", "needs-clarification", reviewer="Sari", reason="why")
        with pytest.raises(DecisionRefused):
            project.decide("1", "dismissed", reviewer="Budi", reason="why", after="")
        project.decide("1", "dismissed", reviewer="Budi", reason="why", after=first.id)
    ours, theirs = (
        project.leads().to_arrow().drop_columns(["decided_at", "decided_ms"]).to_pylist() for project in projects
    )
    assert ours == theirs
    assert projects[0].leads_by_agency().to_arrow().to_pylist() == projects[1].leads_by_agency().to_arrow().to_pylist()
