from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from command_outcome import Outcome
from words_within import words_within

import graphwatch
from graphwatch.export.exporting import Format
from graphwatch.export.parts import Part
from graphwatch.privacy.access_log import AccessLog

Run = Callable[..., Outcome]


def test_all_forms_are_written_under_pseudonyms(run: Run, demo_store: Path, tmp_path: Path) -> None:
    targets = {"html": tmp_path / "n.html", "gexf": tmp_path / "n.gexf", "csv": tmp_path / "tables"}
    words = [w for to, path in targets.items() for w in (f"--{to}", path)]
    outcome = run("export", *words, "--store", demo_store)
    assert outcome.status == 0
    assert outcome.err.count("under pseudonyms") == 3
    written = "".join(
        f.read_text(encoding="utf-8") for f in [targets["html"], targets["gexf"], *targets["csv"].iterdir()]
    )
    with graphwatch.open(demo_store) as project:
        accounts = project.query("MATCH (a:Account) RETURN a.id AS id, a.handle AS handle, a.name AS name").to_arrow()
    # The page's own script knows the word __proto__.
    handles = [h for h in accounts["handle"].to_pylist() if h and len(h) > 6 and h != "__proto__"]
    assert words_within(written, [*handles, *accounts["id"].to_pylist()]) == []
    assert nx.read_gexf(targets["gexf"]).number_of_nodes() > 0


def test_pseudonyms_are_the_same_everywhere(demo_store: Path, tmp_path: Path) -> None:
    with graphwatch.open(demo_store) as project:
        for name in ("one", "two"):
            project.export(tmp_path / name, to="csv")
    first, second = ((tmp_path / n / "nodes.csv").read_text(encoding="utf-8") for n in ("one", "two"))
    assert first == second
    assert "A-" in first


def test_several_forms_at_once_are_what_each_is_alone_and_each_is_logged(demo_store: Path, tmp_path: Path) -> None:
    forms: dict[Format, str] = {"html": "n.html", "gexf": "n.gexf", "json": "n.json", "graphml": "n.graphml"}
    with graphwatch.open(demo_store) as project:
        part, log = Part(cluster=1), AccessLog(demo_store / "access.log")
        before = len(list(log.entries()))
        written = project.export_to({to: tmp_path / name for to, name in forms.items()}, part=part, lang="id")
        opened = {"gexf": tmp_path / "open.gexf", "json": tmp_path / "open.json"}
        project.export_to(opened, part=part, unmask="handles", reason="klarifikasi kasus 12")  # type: ignore[arg-type]
        said = [str(entry) for entry in log.entries()][before:]
        for to, name in forms.items():
            alone = project.export(tmp_path / f"alone {name}", to=to, part=part, lang="id")
            assert alone.path.read_bytes() == (tmp_path / name).read_bytes()
    assert [w.path.name for w in written] == list(forms.values())
    assert [("open.gexf" in line, "open.json" in line) for line in said] == [(True, False), (False, True)]


def test_handles_are_opened_with_a_reason_and_logged(run: Run, demo_store: Path, tmp_path: Path) -> None:
    refused = run("export", "--csv", tmp_path / "open", "--unmask", "--store", demo_store)
    assert refused.status == 2
    assert not (tmp_path / "open").exists()
    words = ("--unmask", "--reason", "klarifikasi kasus 12")
    outcome = run("export", "--csv", tmp_path / "open", *words, "--store", demo_store)
    assert "public handles (logged)" in outcome.err
    log = demo_store / "access.log"
    assert "klarifikasi kasus 12" in log.read_text(encoding="utf-8")
    AccessLog(log).verify()


def test_names_of_persons_are_counted_and_go_into_no_graph(run: Run, demo_store: Path, tmp_path: Path) -> None:
    words = ("--unmask", "names", "--reason", "klarifikasi kasus 12", "--store", demo_store)
    outcome = run("export", "--csv", tmp_path / "open", "--cluster", 1, *words)
    assert "public handles and names of persons: 6 (logged)" in outcome.err
    assert run("export", "--to-neo4j-csv", tmp_path / "neo", *words).status == 2


def test_nothing_to_write_is_wrong_use(run: Run, demo_store: Path) -> None:
    assert run("export", "--store", demo_store).status == 2


def test_a_store_without_a_run_says_what_to_do(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "likes.csv"
    file.write_text("account,object,kind,platform\na,p,like,x\n", encoding="utf-8")
    run("load", file, "--store", tmp_path / "s.gw")
    outcome = run("export", "--html", tmp_path / "n.html", "--store", tmp_path / "s.gw")
    assert outcome.status == 1
    assert "graphwatch detect" in outcome.err


@pytest.mark.parametrize("to", ["html", "gexf", "csv"])
def test_a_run_without_findings_can_be_exported(tmp_path: Path, to: Any) -> None:
    file = tmp_path / "likes.csv"
    file.write_text("account,object,kind,platform,at\na,p,like,x,2024-10-01T00:00:00Z\n", encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(file)
        project.detect()
        assert project.export(tmp_path / "out", to=to).clusters == 0


def test_parts_and_openings_have_options(run: Run, demo_store: Path, tmp_path: Path) -> None:
    words = ("--html", tmp_path / "n.html", "--store", demo_store)
    assert "1 clusters of run" in run("export", "--cluster", 1, "--timeline", *words).err
    account = "MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p ORDER BY r.id LIMIT 1"
    outcome = run("export", "--query", account, "--matrix", "--links", *words)
    assert "2 nodes, 1 edges, 0 clusters, under pseudonyms" in outcome.err
    assert run("export", "--cluster", 1, "--ego", "x", *words).status == 2
    assert run("export", "--ego", "nobody", *words).status == 1
    assert run("export", "--query", "MATCH (n) DETACH DELETE n", *words).status == 1


def test_other_programs_are_given_their_forms_under_pseudonyms(run: Run, demo_store: Path, tmp_path: Path) -> None:
    names = ("graphml", "json", "cytoscape", "csv-excel", "xlsx", "to-gephi-csv", "to-neo4j-csv", "parquet")
    words = [w for name in names for w in (f"--{name}", tmp_path / name)]
    outcome = run("export", *words, "--store", demo_store)
    assert outcome.status == 0
    assert outcome.err.count("under pseudonyms") == len(names)
    assert outcome.out.startswith("neo4j-admin database import full neo4j ")
    assert str(tmp_path / "to-neo4j-csv" / "nodes-Account.csv") in outcome.out
    text = "".join(
        p.read_text("utf-8") for p in tmp_path.rglob("*") if p.is_file() and p.suffix != ".parquet" and p.name != "xlsx"
    )
    with graphwatch.open(demo_store) as project:
        ids = project.query("MATCH (a:Account) RETURN a.id AS id").to_arrow()["id"].to_pylist()
    assert words_within(text, ids) == []
    assert words_within(f"{text}!{ids[5]}", ids) == [ids[5]]
    assert nx.read_graphml(tmp_path / "graphml").number_of_nodes() > 0
