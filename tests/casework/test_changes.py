import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from complaint_files import filled, sheet
from hypothesis import given
from hypothesis import strategies as st
from roster_rows import belongs, run_with

from graphwatch.detection.cluster_matching import LEAST_SHARED, compared
from graphwatch.errors import NothingFound, UsageError
from graphwatch.project import Project


def fill(project: Project, folder: Path) -> None:
    paslon_of_x = folder / "x.csv"
    paslon_of_x.write_text("page,platform,class,paslon\nP1X,x,volunteers,02\n", encoding="utf-8")
    project.load(paslon_of_x, kind="pages")
    filled(project, folder)


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    return fill_project(fill)


def sources(project: Project) -> dict[str, str]:
    rows = project.query("sources").to_arrow().to_pylist()
    return {row["file"]: row["source"] for row in rows}


def interactions(project: Project, since: str, **more: Any) -> list[tuple[str, str]]:
    rows = list(project.changes(since, **more).interactions)
    return [(row["account"], row["kind"]) for row in rows]


def test_only_accounts_of_the_roster_while_they_are_theirs(project: Project) -> None:
    before = 1_727_950_000_000  # between the like and the comment of instagram:11
    belongs(project, {"account": "instagram:11", "asn": "a", "to_ms": before, "basis": "verified"})
    belongs(project, {"account": "instagram:12", "asn": "b", "from_ms": before}, {"account": "x:22", "asn": "c"})
    rows = list(project.changes("2020-01-01").interactions)
    assert [(r["account"], r["kind"], r["validity"]) for r in rows] == [
        ("x:22", "SHARED", "valid"),
        ("instagram:11", "LIKED", "valid"),
        ("instagram:12", "COMMENTED", "unknown"),
    ]
    assert [(r["class"], r["registered"], r["paslon"]) for r in rows[:2]] == [
        ("volunteers", None, "02"),
        ("official", True, "01"),
    ]
    assert rows[1]["basis"] == "verified"
    assert rows[1]["sources"] == [f"{sources(project)['interactions.csv']}:2"]


def test_what_came_in_again_is_not_new(project: Project, tmp_path: Path) -> None:
    belongs(project, {"account": "instagram:11", "asn": "a"})
    last = sources(project)["interactions.csv"]
    assert interactions(project, last) == []
    time.sleep(0.01)
    again = tmp_path / "again.csv"
    text = "account,object,kind,platform,at\n11,1001,like,instagram,2024-10-03T02:00:00Z\n"
    again.write_text(text + "11,1001,share,instagram,2024-10-06T02:00:00Z\n", encoding="utf-8")
    project.load(again)
    assert interactions(project, last) == [("instagram:11", "SHARED")]
    assert interactions(project, "2020-01-01", period=project.resolve_range("2024-10-04", "2024-10-04")) == [
        ("instagram:11", "COMMENTED")
    ]
    cut = project.changes("2020-01-01", limit=2)
    assert (cut.cut, len(cut.interactions)) == (True, 2)


def test_a_follow_of_a_campaigning_page_counts(project: Project, tmp_path: Path) -> None:
    belongs(project, {"account": "instagram:11", "asn": "a"})
    last = sources(project)["interactions.csv"]
    time.sleep(0.01)
    path = tmp_path / "follows.csv"
    path.write_text("account,object,kind,platform\n11,P1,ikuti,instagram\n12,P1,ikuti,instagram\n", encoding="utf-8")
    project.load(path)
    assert interactions(project, last) == [("instagram:11", "FOLLOWED")]


def test_complaints_and_clusters(project: Project, tmp_path: Path) -> None:
    ids = ["instagram:11", "instagram:12", "x:21", "x:22"]
    run_with(project, "R-1", 1000, ids[:3])
    run_with(project, "R-other", 2000, ids[:2], parameters='{"window_ms": 1}')
    assert project.changes("R-1").runs is None
    run_with(project, "R-2", 3000, ids)
    found = project.changes("R-1")
    assert found.runs == ("R-1", "R-2")
    assert [(r["change"], r["before"], r["after"], r["joined"]) for r in found.clusters] == [("grown", 1, 1, 1)]
    assert (found.clusters_since, project.changes("R-2").clusters_since) == (True, False)
    now = sources(project)["interactions.csv"]
    time.sleep(0.01)
    project.load(sheet(tmp_path / "aduan.csv", [{"number": "7", "account": "budi.s", "text": "x"}]), kind="complaints")
    found = project.changes(now)
    assert [row["complaint"] for row in found.complaints] == ["7"]
    assert found.findings == 1
    assert json.loads(json.dumps(found.as_json()))["complaints"][0]["account_ref"] == "budi.s"


def test_latest_is_the_latest_run_and_a_wrong_word_says_what_may_stand_there(project: Project) -> None:
    assert project.changes().since_ms == 0
    run_with(project, "R-1", 1000)
    assert project.changes().since_ms == 1001
    with pytest.raises(UsageError, match="no run, source, day or time"):
        project.changes("R-2")


def test_the_watchlist_is_for_the_roster_and_pages(project: Project) -> None:
    with pytest.raises(UsageError, match="not an account of the roster"):
        project.watch("budi.s", reason="aduan 1")
    belongs(project, {"account": "instagram:11", "asn": "a"}, {"account": "x:22", "asn": "b", "to_ms": 1000})
    with pytest.raises(UsageError, match="not an account of the roster"):
        project.watch("x:22", reason="aduan 2")
    with pytest.raises(UsageError, match="reason"):
        project.watch("budi.s", reason=" ")
    with pytest.raises(UsageError, match="Account:instagram:12, Account:x:21"):
        project.watch("sari", reason="aduan 3")
    with pytest.raises(NothingFound):
        project.watch("nobody", reason="aduan 4")
    assert project.watch("@Budi.S", reason="aduan 1", by="sari").changed
    assert not project.watch("instagram:11", reason="again").changed
    assert project.watch("paslon.satu", reason="patroli").kind == "page"
    assert [r["reason"] for r in project.watched().to_arrow().to_pylist()] == ["aduan 1", "patroli"]
    assert [row["watched"] for row in project.changes("2020-01-01").interactions] == [True, True]
    project.unwatch("instagram:11")
    assert project.watched().to_arrow()["id"].to_pylist() == ["instagram:p1"]
    with pytest.raises(NothingFound):
        project.unwatch("instagram:11")
    time.sleep(0.01)
    assert project.watch("instagram:11", reason="aduan 9").changed
    assert project.watched().to_arrow().num_rows == 2


CLUSTERS = st.lists(st.integers(0, 4), min_size=12, max_size=12).map(
    lambda of: {("all", number): {str(a) for a, n in enumerate(of) if n == number} for number in sorted(set(of) - {0})}
)


@given(CLUSTERS, CLUSTERS)
def test_lineage_agrees_with_every_pair_looked_at(before: Any, after: Any) -> None:
    def jaccard(a: set[str], b: set[str]) -> float:
        return len(a & b) / len(a | b)

    found = compared(before, after)
    by_number = {c.after: c for c in found if c.after is not None}
    for key, members in after.items():
        close = {old: jaccard(were, members) for old, were in before.items() if jaccard(were, members) >= LEAST_SHARED}
        change = by_number.get(key[1])
        if not close:
            assert change is not None
            assert change.change == "new"
        elif change is None:
            assert max(close.values()) == 1.0
        else:
            assert change.jaccard == max(close.values())
            assert change.size_before + change.joined - change.left == change.size_after
    for key, were in before.items():
        if all(jaccard(were, members) < LEAST_SHARED for members in after.values()):
            assert any(c.change == "gone" and c.before == key[1] for c in found)
