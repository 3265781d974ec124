"""Whatever shows the bursts of a run that kept none says so, and what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from export.pages import data_of
from graph_rows import lose_bursts
from report import case_store

import graphwatch
from graphwatch.cli.main import main
from graphwatch.explain.words import sections
from graphwatch.project import Project

REMEDY = "`graphwatch detect` finds them again"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("without")
    with case_store.made(folder) as project:
        lose_bursts(project)
        return project.folder


@pytest.fixture
def project(place: Path) -> Iterator[Project]:
    with graphwatch.open(place) as project:
        yield project


def test_an_explanation_says_so(project: Project) -> None:
    told = project.explain(1)
    assert told.bursts == ()
    lines = next(section.lines for section in sections(told, "en") if section.key == "pace")
    assert len(lines) == 1
    assert REMEDY in lines[0]
    # A pair has no bursts of its own in the graph: they are found again.
    pair = project.explain(case_store.ACCOUNTS[0], case_store.ACCOUNTS[1])
    assert len(pair.bursts) == 6
    assert REMEDY not in " ".join(line for section in sections(pair, "en") for line in section.lines)


@pytest.mark.parametrize("to", ["md", "html"])
def test_a_document_says_so(project: Project, tmp_path: Path, to: str) -> None:
    done = project.report("cluster", "1", path=tmp_path / "out", to=to, lang="en")
    assert done.evidence == 0
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert "together 0 times" not in text
    assert "No interaction is on record" not in text
    assert text.count("finds them again") == 2


def test_a_page_says_so_of_a_run_a_cluster_and_the_answer_to_a_query(project: Project, tmp_path: Path) -> None:
    for part in ({}, {"cluster": 1}, {"query": "MATCH (a:Account)-[r:MEMBER_OF]->(k:Cluster) RETURN a, r, k"}):
        data = data_of(project.view(**part).html)
        assert {"key": "notice.bursts", "values": {"n": 1}} in data["notices"]
        assert [(cluster["kept"], cluster["bursts"]) for cluster in data["clusters"]] == [(False, [])]
    nothing_found = data_of(project.view(query="MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p").html)
    coarse = {"key": "notice.times", "values": {}}
    assert (nothing_found["clusters"], nothing_found["notices"], nothing_found["run"]) == ([], [coarse], {})


def test_the_named_query_says_so_beside_an_empty_table_only(
    project: Project, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = project.query("cluster-bursts", {"cluster": 1})
    assert len(found) == 0
    assert REMEDY in " ".join(found.caveats)
    assert project.query("cluster-members", {"cluster": 1}).caveats == ()
    project.close()
    with pytest.raises(SystemExit):
        main(["query", "cluster-bursts", "-p", "cluster", "1", "--store", str(place)])
    assert REMEDY in " ".join(capsys.readouterr().err.split())


def test_the_next_run_keeps_them(tmp_path: Path) -> None:
    with case_store.made(tmp_path) as project:
        lose_bursts(project)
        project.detect(fdr=None, window=59)
        assert len(project.explain(1).bursts) == 6
        assert project.query("cluster-bursts", {"cluster": 1}).caveats == ()
