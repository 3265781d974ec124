"""What is one act: whatever rows, files and times speak of it, in whatever order they come."""

import csv
import io
import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import graphwatch as gw
from graphwatch.project import Project

FIELDS = ["account", "object", "at", "kind", "platform", "content_id", "text"]

STATES = ("LIKED", "FOLLOWED")


def csv_of(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def row(account: str, object: str, kind: str, at: str = "", content_id: str = "", text: str = "") -> dict[str, str]:
    return dict(zip(FIELDS, (account, object, at, kind, "x", content_id, text), strict=True))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with gw.open(tmp_path / "s.gw", create=True) as opened:
        yield opened


def load(project: Project, name: str, content: str, **how: Any) -> list[str]:
    """Load a small file; the notes."""
    path = Path(project.folder).parent / name
    path.write_text(content, encoding="utf-8")
    return project.load(path, **how).notes


def acts(project: Project, kind: str) -> list[dict[str, Any]]:
    cypher = (
        f"MATCH (a:Account)-[r:{kind}]->(p) RETURN a.id AS account, p.id AS object, r.at_ms AS at_ms, "
        "r.basis AS basis, r.precision_ms AS precision_ms, size(r.sources) AS sources ORDER BY account, object, at_ms"
    )
    found: list[dict[str, Any]] = project.store.read(cypher).to_pylist()
    return found


def known_by(cells: dict[str, str]) -> tuple[object, ...]:
    """The oracle: what makes a row speak of an act, in plain Python."""
    whom = (cells["kind"], cells["account"], cells["object"])
    if cells["kind"] in STATES:
        return whom
    words = " ".join(cells["text"].lower().split())
    if cells["content_id"]:
        return (*whom, "content", cells["content_id"])
    return (*whom, "text", words) if words else (*whom, "at", cells["at"])


def drawn(pick: random.Random) -> dict[str, str]:
    return row(
        pick.choice("ab"),
        pick.choice("pq"),
        pick.choice(["LIKED", "COMMENTED", "SHARED", "FOLLOWED"]),
        pick.choice(["", "2024-10-08T01:00:00Z", "2024-10-08T01:00:07Z"]),
        pick.choice(["", "", "c1", "c2"]),
        pick.choice(["", "Hai semua", "hai  SEMUA", "lain"]),
    )


def test_any_order_of_files_gives_the_same_acts(tmp_path: Path) -> None:
    pick = random.Random(11)
    files = [[drawn(pick) for _ in range(40)] for _ in range(3)]
    expected = {known_by(cells) for rows in files for cells in rows}
    found = []
    for number, order in enumerate(((0, 1, 2), (2, 0, 1))):
        with gw.open(tmp_path / f"{number}.gw", create=True) as project:
            for at in order:
                load(project, f"{at}.csv", csv_of(files[at]))
            rows = project.store.read(
                "MATCH ()-[r]->() WHERE r.kind IS NOT NULL RETURN r.id AS id, size(r.sources) AS n ORDER BY id"
            )
        found.append(rows.to_pylist())
    assert found[0] == found[1]
    assert len(found[0]) == len(expected)
    assert sum(act["n"] for act in found[0]) == 120  # every row is a source of one act


def test_a_like_noted_found_again_in_a_list_and_corrected_is_one(project: Project) -> None:
    load(project, "a.csv", csv_of([row("u0", "p0", "like", "2024-10-08T01:00:05Z"), row("u1", "p0", "like")]))
    assert not any("another time" in note for note in load(project, "b.csv", csv_of([row("u0", "p0", "like")])))
    notes = load(project, "c.csv", csv_of([row("u0", "p0", "like", "2024-10-08T02:00:05Z")]))
    assert "1 time corrected: 1 like has another time than before, by 1 hour" in notes
    assert [(a["account"], a["at_ms"], a["sources"]) for a in acts(project, "LIKED")] == [
        ("x:u0", 1_728_352_805_000, 3),
        ("x:u1", None, 1),
    ]


def test_the_same_comments_read_with_another_zone_are_noticed(project: Project) -> None:
    comments = [
        row(f"u{u}", f"p{p}", "comment", f"2024-10-08T0{p + 1}:00:0{u}Z", f"c{u}{p}", "hai")
        for u in range(3)
        for p in range(3)
    ]
    load(project, "a.csv", csv_of(comments))
    local = [c | {"at": c["at"].replace("T", " ").rstrip("Z"), "text": "hai disunting"} for c in comments[:6]]
    notes = load(project, "b.csv", csv_of(local), timezone="Asia/Jakarta")
    wrong_zone = "6 comments have another time than before, by 7 hours: one of the two zones is wrong"
    assert f"6 times corrected: {wrong_zone}" in notes
    found = acts(project, "COMMENTED")
    assert len(found) == 9
    assert [a["at_ms"] for a in found if a["account"] == "x:u0"] == [
        1_728_349_200_000 + p * 3_600_000 - 7 * 3_600_000 for p in range(3)
    ]


def test_rows_of_one_file_that_contradict_each_other_are_told(project: Project) -> None:
    rows = [row("u0", "p0", "like", "2024-10-08T01:00:05Z"), row("u0", "p0", "like", "2024-10-08T01:10:06Z")]
    assert any("1 like has rows with different times, by 10 minutes" in n for n in load(project, "a.csv", csv_of(rows)))
    assert [a["at_ms"] for a in acts(project, "LIKED")] == [1_728_349_806_000]


@pytest.mark.parametrize("first", ["acted", "observed"])
def test_the_time_of_the_act_beats_the_time_when_somebody_looked(project: Project, first: str) -> None:
    """In either order; a look after the act contradicts nothing."""
    times = {"acted": "2024-10-08T01:00:05Z", "observed": "2024-10-09T03:00:00Z"}
    notes = []
    for basis in (first, {"acted": "observed", "observed": "acted"}[first]):
        notes += load(project, f"{basis}.csv", csv_of([row("u0", "p0", "like", times[basis])]), time=basis)
    assert not any("another time" in note for note in notes)
    assert acts(project, "LIKED") == [
        {
            "account": "x:u0",
            "object": "x:p0",
            "at_ms": 1_728_349_205_000,
            "basis": None,
            "precision_ms": None,
            "sources": 2,
        }
    ]


def test_a_look_before_the_act_is_told(project: Project) -> None:
    load(project, "a.csv", csv_of([row("u0", "p0", "like", "2024-10-08T01:00:05Z")]))
    notes = load(project, "b.csv", csv_of([row("u0", "p0", "like", "2024-10-07T01:00:05Z")]), time="observed")
    assert any(
        n.startswith("1 like has another time than before, by 1 day") and "the known one stays" in n for n in notes
    )


@pytest.mark.parametrize("order", list(permutations(["2024-10-08T01:00:05Z", "2024-10-08T00:30:09Z"])))
def test_of_two_looks_the_earlier_stays(project: Project, order: tuple[str, str]) -> None:
    for number, at in enumerate(order):
        load(project, f"{number}.csv", csv_of([row("u0", "p0", "like", at)]), time="observed")
    [found] = acts(project, "LIKED")
    assert (found["at_ms"], found["basis"]) == (1_728_347_409_000, "observed")


def test_a_precise_time_beats_the_day(project: Project) -> None:
    days = [row("u0", f"p{d}", "like", f"2024-10-0{d} 00:00:00") for d in range(1, 4)]
    notes = load(project, "a.csv", csv_of(days), timezone="Asia/Jakarta")
    assert any("they are days, not times" in note for note in notes)
    assert {a["precision_ms"] for a in acts(project, "LIKED")} == {86_400_000}
    notes = load(project, "b.csv", csv_of([row("u0", "p1", "like", "2024-10-01T03:00:05Z")]))
    assert not any("another time" in note for note in notes)
    assert next((a["precision_ms"], a["at_ms"]) for a in acts(project, "LIKED")) == (None, 1_727_751_605_000)
    load(project, "c.csv", csv_of([*days, row("u9", "p9", "like", "2024-10-01 00:00:00")]), timezone="Asia/Jakarta")
    assert acts(project, "LIKED")[0]["precision_ms"] is None


def test_every_row_made_something_or_was_merged_or_refused(project: Project) -> None:
    path = Path(project.folder).parent / "a.csv"
    likes = [row("ani", f"p{n}", "LIKED") for n in range(3)]
    path.write_text(csv_of([*likes, likes[0], row("ani", "", "LIKED"), row("ani", "page", "FOLLOWED")]))
    loaded = project.load(path)
    assert (loaded.rows, loaded.made, loaded.merged, loaded.refused) == (6, 4, 1, 1)
    path.write_text(csv_of([*likes, row("budi", "p0", "LIKED")]))
    loaded = project.load(path)
    assert (loaded.rows, loaded.made, loaded.merged, loaded.refused) == (4, 1, 3, 0)
    path.write_text("post,platform,text\np0,x,a\np9,x,b\np9,x,b\n")
    loaded = project.load(path, kind="posts")
    assert (loaded.rows, loaded.made, loaded.merged, loaded.refused) == (3, 1, 2, 0)


def test_a_row_of_totals_is_no_act_whichever_column_says_so(project: Project) -> None:
    path = Path(project.folder).parent / "a.csv"
    for total in ("Jumlah", '" TOTAL : "'):
        path.write_text(f"No,account,object,kind,platform\n1,ani,p,like,x\n{total},1,1,1,x\n")
        loaded = project.rehearse(path)
        assert (loaded.taken, loaded.reasons) == (1, {"a row of totals instead of an id": 1})
