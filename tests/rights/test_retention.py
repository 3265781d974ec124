"""What only expired sources supplied goes; what others supplied too stays."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stopped_process import a_minute_later, killed_at

import graphwatch
from graphwatch.errors import NothingFound, UsageError
from graphwatch.ingest.provenance import Provenance
from graphwatch.privacy.vault import Vault
from graphwatch.project import Project
from graphwatch.repository.runs import acts_of_bursts, bursts_of_cluster
from graphwatch.store.copying import table_digest

NIP = "199001012015031002"
HEADER = "account,object,kind,platform,at,account_handle\n"


def acts(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def fill(project: Project, folder: Path) -> None:
    first, shared = "1,p1,like,x,2024-10-01T01:00Z,budi", "2,p1,like,x,2024-10-01T01:01Z,sari"
    old = Provenance(keep_until="2024-12-31")
    project.load(acts(folder / "old.csv", first, shared, "1,p2,like,x,2024-10-01T01:02Z,budi"), provenance=old)
    project.load(
        acts(folder / "new.csv", shared, "3,p3,like,x,2024-10-01T01:03Z,wati"),
        provenance=Provenance(keep_until="2025-12-31"),
    )
    (folder / "roster.csv").write_text(f"nip,name,agency\n{NIP},Fulan Contoh,dinas\n", encoding="utf-8")
    project.load(folder / "roster.csv", kind="roster", provenance=old)
    project.load(acts(folder / "undated.csv", "4,p4,like,x,2024-10-01T01:00Z,joko"))


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    return fill_project(fill)


def ids(project: Project, label: str) -> set[str]:
    return set(project.store.read(f"MATCH (n:{label}) RETURN n.id AS id")["id"].to_pylist())


def likes(project: Project) -> dict[tuple[str, str], int]:
    rows = project.store.read("MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a.id AS a, p.id AS p, r.sources AS sources")
    return {(row["a"], row["p"]): len(row["sources"]) for row in rows.to_pylist()}


def assert_expired(project: Project) -> None:
    assert likes(project) == {("x:2", "x:p1"): 1, ("x:3", "x:p3"): 1, ("x:4", "x:p4"): 1}
    assert ids(project, "Account") == {"x:2", "x:3", "x:4"}
    assert ids(project, "Post") == {"x:p1", "x:p3", "x:p4"}
    assert ids(project, "Asn") == ids(project, "Agency") == set()
    assert Vault(project.folder).persons().num_rows == 0
    assert len(ids(project, "Source")) == 4


def test_rows_that_only_expired_sources_supplied_go(project: Project) -> None:
    assert likes(project)["x:2", "x:p1"] == 2
    counted = project.expire(today=date(2025, 1, 1), dry_run=True)
    assert likes(project)["x:1", "x:p1"] == 1
    done = project.expire(today=date(2025, 1, 1))
    assert done.erased == counted.erased
    assert set(done.sources.values()) == {"old.csv", "roster.csv"}
    assert len(done.undated) == 1
    assert_expired(project)
    assert project.access_log()[-1]["action"] == "expire"
    assert project.expire(today=date(2025, 1, 1)).sources == {}
    if project.store.engine == "embedded":
        assert project.verify() == {}


def test_the_last_day_is_still_kept(project: Project) -> None:
    before = {name: table_digest(table) for name, table in project.store.dump()}
    assert project.expire(today=date(2024, 12, 31)).sources == {}
    assert {name: table_digest(table) for name, table in project.store.dump()} == before


def test_a_last_day_that_is_none_is_refused(tmp_path: Path) -> None:
    path = acts(tmp_path / "a.csv", "1,p1,like,x,2024-10-01T01:00Z,budi")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project, pytest.raises(UsageError, match="not a day"):
        project.load(path, provenance=Provenance(keep_until="akhir tahun"))


# What the process is about to do when it is killed; relations of a server go before its nodes.
POINTS = {
    "vault not in its place": {"embedded": ["os.rename */persons.vault"], "neo4j": ["os.rename */persons.vault"]},
    "graph half erased": {"embedded": ["os.rename */journal.whole */journal"], "neo4j": ["call _delete"] * 4},
    "not logged": {"embedded": ["open */access.log"], "neo4j": ["open */access.log"]},
}


@pytest.mark.parametrize("point", POINTS)
def test_one_that_was_killed_is_finished(project: Project, request: pytest.FixtureRequest, point: str) -> None:
    on_server = project.store.engine == "neo4j"
    assert killed_at(
        POINTS[point][project.store.engine], project.place, project.folder, "expire", today=date(2025, 1, 1)
    )
    if on_server:
        a_minute_later(request.getfixturevalue("neo4j_address"))
    assert project.is_forgetting
    done = project.expire(today=date(2025, 1, 1))
    assert set(done.sources.values()) == {"old.csv", "roster.csv"}
    assert not project.is_forgetting
    assert_expired(project)
    assert [line["action"] for line in project.access_log()] == ["expire"]
    assert project.verify_log()[0] == 1
    assert on_server or project.verify() == {}


def test_of_a_burst_that_loses_interactions_the_rest_stays_and_one_without_two_members_goes(
    copied_project: Callable[[Any], Project],
) -> None:
    def together(project: Project, folder: Path) -> None:
        """Accounts 1 and 2 on three posts, 3 on the last of them; what 1 did expires."""
        day = [f"{{}},q{n},like,x,2024-10-0{n}T01:00:0{{}}Z,{{}}" for n in (1, 2, 3)]
        old = Provenance(keep_until="2024-12-31")
        project.load(acts(folder / "old.csv", *(row.format(1, 1, "budi") for row in day)), provenance=old)
        stay = [*(row.format(2, 2, "sari") for row in day), *(row.format(3, 3, "wati") for row in day[2:])]
        project.load(acts(folder / "new.csv", *stay), provenance=Provenance(keep_until="2025-12-31"))
        project.detect(fdr=None, min_objects=1)

    project = copied_project(together)
    cluster = project.store.read("MATCH (k:Cluster) RETURN k.id AS id")["id"][0].as_py()
    before = bursts_of_cluster(project.store, cluster)
    assert [(burst.object, burst.members) for burst in before] == [("x:q1", 2), ("x:q2", 2), ("x:q3", 3)]
    project.expire(today=date(2025, 1, 1))
    (after,) = bursts_of_cluster(project.store, cluster)
    assert after == before[2]._replace(interactions=before[2].interactions[1:])
    assert {act.account for act in acts_of_bursts(project.store, [cluster]).values()} == {"x:2", "x:3"}
    assert len(ids(project, "Burst")) == 1
    assert project.verify() == {}


def test_a_load_is_undone_and_may_be_done_again(project: Project, tmp_path: Path) -> None:
    before = likes(project)
    counted = project.remove("new.csv", reason="zona waktu keliru", dry_run=True)
    assert likes(project) == before
    done = project.remove("new.csv", reason="zona waktu keliru")
    assert (done.erased, list(done.sources.values())) == (counted.erased, ["new.csv"])
    assert likes(project)["x:2", "x:p1"] == 1
    assert ids(project, "Account") == {"x:1", "x:2", "x:4"}
    assert ids(project, "Post") == {"x:p1", "x:p2", "x:p4"}
    assert len(ids(project, "Source")) == 4
    last = project.access_log()[-1]
    assert (last["action"], last["reason"]) == ("remove", "zona waktu keliru")
    before = likes(project)
    project.remove("undated.csv", reason="zona waktu keliru")
    assert ("x:4", "x:p4") not in likes(project)
    undated = acts(tmp_path / "undated.csv", "4,p4,like,x,2024-10-01T01:00Z,joko")
    assert not project.load(undated).already
    assert likes(project) == before
    assert project.load(undated).already
    if project.store.engine == "embedded":
        assert project.verify() == {}


def test_a_roster_is_undone_with_its_persons_in_the_vault(project: Project) -> None:
    assert project.remove("roster.csv", reason="salah berkas").persons == 1
    assert ids(project, "Asn") == ids(project, "Agency") == set()
    assert Vault(project.folder).persons().num_rows == 0


def test_what_cannot_be_undone_says_why(project: Project) -> None:
    with pytest.raises(NothingFound, match="there is no source 'none'"):
        project.remove("none", reason="contoh")
    with pytest.raises(UsageError, match="needs a reason"):
        project.remove("new.csv", reason=" ")
