"""Decisions on leads: appended, kept over runs, refused where somebody else was quicker."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from graph_rows import accounts

import graphwatch
from graphwatch.errors import DecisionRefused, GraphwatchError, NothingFound, UsageError
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.project import Project

HOSTILE = "<script>alert(1)</script>'\"; MATCH (n) DETACH DELETE n //"


@pytest.fixture
def place(demo_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_store, tmp_path / "demo.gw"))


@pytest.fixture
def project(place: Path) -> Iterator[Project]:
    with graphwatch.open(place) as opened:
        yield opened


def statuses(project: Project) -> dict[str, str]:
    return {row["lead"]: row["status"] for row in project.leads().to_arrow().to_pylist()}


def test_every_cluster_is_a_lead_and_open(project: Project) -> None:
    clusters = project.query("clusters").to_arrow().num_rows
    assert clusters
    found = [row for row in project.leads().to_arrow().to_pylist() if row["kind"] == "cluster"]
    assert len(found) == clusters
    assert {row["status"] for row in found} == {"open"}


def test_a_decision_is_kept_with_who_and_why(project: Project) -> None:
    made = project.decide("1", "dismissed", reviewer="Sari", reason=HOSTILE)
    lead = project.lead("1")
    assert lead.decisions == (made,)
    assert lead.decisions[0].reason == HOSTILE
    assert statuses(project)[lead.id] == "dismissed"
    project.rebuild()
    assert project.lead("1").decisions == (made,)
    linked = project.query("MATCH (d:Decision)-[:CONCERNS]->(k:Cluster) RETURN k.id AS id").to_arrow()
    assert linked["id"].to_pylist() == [lead.id]


def test_decisions_follow_one_another(project: Project) -> None:
    project.decide("1", "needs-clarification", reviewer="Sari", reason="seven minutes apart")
    project.decide("1", "dismissed", reviewer="Budi", reason="shift change", clarification="we were on duty")
    project.decide("1", "forwarded", reviewer="Sari", reason="not on duty", forwarded_to="BKD")
    assert [d.outcome for d in project.lead("1").decisions] == ["needs_clarification", "dismissed", "forwarded"]


def test_whoever_does_not_know_the_last_decision_is_refused(project: Project) -> None:
    first = project.decide("1", "dismissed", reviewer="Sari", reason="fans")
    second = project.decide("1", "needs-clarification", reviewer="Budi", reason="no fans", after=first.id)
    with pytest.raises(DecisionRefused, match="Budi has decided meanwhile"):
        project.decide("1", "dismissed", reviewer="Sari", reason="fans", after=first.id)
    with pytest.raises(DecisionRefused):
        project.decide("2", "dismissed", reviewer="Sari", reason="fans", after="D-nothing")
    assert project.lead("1").decisions[-1] == second


def test_of_two_who_decide_at_once_one_is_told(place: Path) -> None:
    def decide(reviewer: str) -> str:
        with graphwatch.open(place) as project:
            try:
                project.decide("1", "dismissed", reviewer=reviewer, reason="fans", after="")
            except GraphwatchError as error:
                return type(error).__name__
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, ["Sari", "Budi"]))
    with graphwatch.open(place) as project:
        assert len(project.lead("1").decisions) == 1
    assert sorted(outcomes) in (["DecisionRefused", "decided"], ["StoreLocked", "decided"])


def test_a_decision_outlives_new_runs(project: Project) -> None:
    lead = project.lead("1")
    project.decide("1", "dismissed", reviewer="Sari", reason="one office")
    later = project.detect(window=55, min_objects=3)
    assert later.run != lead.run
    found = [row for row in project.leads(run=later.run).to_arrow().to_pylist() if row["earlier"]]
    assert [row["earlier"] for row in found] == [f"dismissed on {lead.id}"]
    assert found[0]["status"] == "open"


def test_a_complaint_and_an_account_are_leads(project: Project) -> None:
    account = project.query("MATCH (a:Account) RETURN a.id AS id LIMIT 1").to_arrow()["id"][0].as_py()
    assert project.decide(account, "dismissed", reviewer="Sari", reason="a duty account").lead == account
    assert project.lead(account).kind == "account"


def test_an_account_that_was_decided_on_is_listed_and_counted(project: Project) -> None:
    counted = {row["agency"]: row["dismissed"] for row in project.leads_by_agency().to_arrow().to_pylist()}
    employed = "MATCH (a:Account)-[:BELONGS_TO]->(:Asn)-[:WORKS_AT]->(g:Agency) RETURN a.id AS id, g.id AS agency"
    row = project.query(f"{employed} ORDER BY id LIMIT 1").to_arrow().to_pylist()[0]
    made = project.decide(row["id"], "dismissed", reviewer="Sari", reason="a duty account")
    listed = [r for r in project.leads(status="dismissed").to_arrow().to_pylist() if r["kind"] == "account"]
    assert [(r["lead"], r["decided_ms"], r["decisions"]) for r in listed] == [(row["id"], made.at_ms, 1)]
    assert listed[0]["decided_at"].endswith(" WIB")
    after = {row["agency"]: row["dismissed"] for row in project.leads_by_agency().to_arrow().to_pylist()}
    assert after[row["agency"]] == counted[row["agency"]] + 1


def test_an_account_is_known_by_handle_and_pseudonym(project: Project) -> None:
    asked = "MATCH (a:Account) WHERE a.handle STARTS WITH 'sarwendi' RETURN a.id AS id, a.handle AS handle ORDER BY id"
    row = project.query(asked).to_arrow().to_pylist()[0]
    pseudonym = Pseudonyms(project_key(project.folder)).account(row["id"])
    assert {project.lead(name).id for name in (f"@{row['handle']}", pseudonym, pseudonym.lower())} == {row["id"]}


def test_a_handle_of_several_lists_them(project: Project) -> None:
    rows = [{"id": id, "platform": id[0], "handle": "kembar"} for id in ("x:k", "y:k")]
    with project.store.write("load") as writing:
        writing.add(accounts(*rows))
    with pytest.raises(UsageError, match="Account:x:k, Account:y:k"):
        project.lead("@kembar")


def test_an_unknown_lead_names_the_nearest(project: Project) -> None:
    known = project.lead("1").id
    with pytest.raises(NothingFound, match=known[:8]):
        project.decide(known[:-1] + "9", "dismissed", reviewer="Sari", reason="fans")
    with pytest.raises(NothingFound):
        project.lead(HOSTILE)


def test_leads_are_counted_by_agency(project: Project) -> None:
    counted = project.leads_by_agency().to_arrow()
    assert counted.column_names == ["agency", "name", "leads", "open", "needs_clarification", "dismissed", "forwarded"]
    for row in counted.to_pylist():
        assert row["leads"] == row["open"] + row["needs_clarification"] + row["dismissed"] + row["forwarded"]
