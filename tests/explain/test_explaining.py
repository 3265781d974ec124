"""What a reviewer is told, from a store with planted clusters and a roster."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import graph_rows
import pytest

import graphwatch
from graphwatch.errors import NothingFound, UsageError
from graphwatch.explain.model import Explanation
from graphwatch.explain.words import sections
from graphwatch.project import Project
from graphwatch.scenarios.pilkada import pilkada

SCENARIO = pilkada(accounts=300, posts=300, groups=2)
PLANTED = SCENARIO.truth[1]
AGENCY = "dinas-irigasi"
# All but two of a planted cluster work at one agency, and some others of the audience elsewhere.
ROSTER = dict.fromkeys(PLANTED[:-2], (AGENCY, "verified"))


def write(
    project: Project, people: dict[str, tuple[str, str]], valid: tuple[int | None, int | None] = (None, None)
) -> None:
    with project.store.write("load") as writing:
        for table in graph_rows.roster(people, valid=valid):
            writing.add(table)


def others(project: Project, count: int) -> list[str]:
    accounts = project.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id").to_arrow()["id"].to_pylist()
    planted = {a for members in SCENARIO.truth.values() for a in members}
    return [a for a in accounts if a not in planted][:count]


def made(folder: Path) -> Project:
    project = graphwatch.open(folder / "s.gw", create=True)
    files = SCENARIO.write(folder / "files")
    for kind in ("paslon", "pages", "posts", "interactions"):
        project.load(files[kind], kind=kind)
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with made(tmp_path_factory.mktemp("explain")) as project:
        elsewhere = dict.fromkeys(others(project, 10), ("dinas-pasar", "self-declared"))
        project.detect(fdr=0.05)
        write(project, ROSTER | elsewhere)
        project.detect(fdr=0.05)
        yield project


@pytest.fixture(scope="module")
def planted(project: Project) -> Explanation:
    """The found cluster that holds the members of the first planted one."""
    found = project.explain_clusters()
    return max(found, key=lambda e: len({m.account for m in e.members} & set(PLANTED)))


def words(explanation: Explanation, language: str) -> str:
    return "\n".join(line for section in sections(explanation, language) for line in (section.heading, *section.lines))


def test_a_cluster_is_told_with_its_denominators(planted: Explanation) -> None:
    size, ties = len(planted.members), planted.ties
    assert {m.account for m in planted.members} <= set(PLANTED)
    assert planted.reading in ("together", "both")
    assert ties.opportunities is not None
    assert ties.expected is not None
    assert ties.expected < ties.n / 2 <= ties.opportunities
    assert ties.coordinated == ties.pairs
    assert planted.pace.interactions >= sum(len(b.acts) for b in planted.bursts) == sum(planted.pace.hours)
    assert all(b.most <= b.members <= size for b in planted.bursts)
    assert max(b.most for b in planted.bursts) >= 3
    assert planted.bursts == tuple(sorted(planted.bursts, key=lambda b: (b.first_ms, b.object)))
    assert not planted.question.changed


def test_a_cluster_keeps_in_the_graph_what_is_told(project: Project, planted: Explanation) -> None:
    rows = project.query("cluster-evidence", {"limit": 100}).to_arrow().to_pylist()
    row = next(r for r in rows if r["cluster"] == planted.number)
    assert row["bursts"] == len(planted.bursts)
    assert row["bursts_of_three"] == sum(b.most > 2 for b in planted.bursts)
    assert row["days"] == planted.pace.days
    assert [int(n) for n in row["hours"]] == list(planted.pace.hours)
    assert row["burst_share"] == pytest.approx(planted.pace.burst_share)
    assert (row["n_sum"], row["opportunities_sum"]) == (planted.ties.n, planted.ties.opportunities)
    assert row["expected_sum"] == pytest.approx(planted.ties.expected)
    assert row["q_min"] == planted.ties.q


def test_bursts_are_those_of_the_named_query(project: Project, planted: Explanation) -> None:
    rows = project.query("cluster-bursts", {"cluster": planted.number}).to_arrow().to_pylist()
    most: dict[str, int] = {}
    for burst in planted.bursts:
        most[burst.object] = max(burst.most, most.get(burst.object, 0))
    assert {row["post"]: row["together"] for row in rows} == most


def test_members_on_the_roster_stand_beside_chance(planted: Explanation) -> None:
    roster, size = planted.roster, len(planted.members)
    assert roster is not None
    on_roster = {m.account for m in planted.members} & set(ROSTER)
    assert (roster.n, roster.verified, roster.self_declared) == (len(on_roster), len(on_roster), 0)
    assert roster.active == len(ROSTER) + 10
    assert roster.expected == pytest.approx(size * roster.active / planted.question.accounts)
    assert roster.q is not None
    assert roster.q < 1e-3
    assert [(a.id, a.n) for a in roster.agencies] == [(AGENCY, len(on_roster))]
    assert planted.innocent[0].text == "explain.innocent.pressure"
    text = words(planted, "en")
    assert f"{roster.n} of {size} members are on the roster" in text
    assert "may be victims" in text
    assert "mungkin justru korban" in words(planted, "id")


def test_a_run_before_the_roster_says_that_there_was_none(project: Project) -> None:
    first = project.query("runs").to_arrow().to_pylist()[-1]["run"]
    told = project.explain(1, run=first)
    assert told.roster is None
    assert "No roster was loaded" in words(told, "en")


def test_another_roster_is_another_run_and_the_same_one_is_the_same(project: Project) -> None:
    runs = project.query("runs").to_arrow().num_rows
    assert runs == 2
    assert project.detect(fdr=0.05).already


def test_targets_stand_beside_others_of_like_activity(project: Project, planted: Explanation) -> None:
    assert planted.targets is not None
    paslon = [t for t in planted.targets if t.kind == "paslon"]
    assert sum(t.share for t in paslon) <= 1
    assert max(paslon, key=lambda t: t.share / t.expected).share > 0.3
    rows = project.query("cluster-targets", {"cluster": planted.number}).to_arrow().to_pylist()
    assert [(r["kind"], r["target"], r["interactions"]) for r in rows] == [
        (t.kind, t.id, t.interactions) for t in planted.targets
    ]


def test_a_pair_is_told_by_its_accounts_in_any_order_and_by_its_id(project: Project, planted: Explanation) -> None:
    pair = project.query("cluster-pairs", {"cluster": planted.number, "limit": 1}).to_arrow().to_pylist()[0]
    told = project.explain(pair["account_a"], pair["account_b"])
    assert (told.kind, told.ties.n, told.ties.pairs) == ("pair", pair["n"], 1)
    assert told.ties.opportunities == pair["opportunities"]
    assert told.reading in ("together", "both")
    assert len({b.object for b in told.bursts}) == pair["n"]
    assert told == project.explain(pair["handle_b"], pair["handle_a"]) == project.explain(told.id)
    assert told.roster is not None
    assert told.roster.n == len({pair["account_a"], pair["account_b"]} & set(ROSTER))
    assert told.targets is None
    assert f"on {pair['n']} posts" in words(told, "en")


def test_fans_who_share_an_interest_only_are_told_so(project: Project) -> None:
    asked = "MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND c.layer = 'all' "
    asked += "AND NOT c.coordinated AND c.shared_interest "
    asked += "RETURN a.id AS one, b.id AS other ORDER BY c.n DESC, one, other LIMIT 1"
    row = project.query(asked, {"run": project.explain(1).question.run}).to_arrow().to_pylist()[0]
    told = project.explain(row["one"], row["other"])
    assert told.reading == "interest"
    assert "Fans of one page look exactly like this" in words(told, "en")


def test_everything_is_told_in_both_languages_and_called_a_lead(planted: Explanation) -> None:
    for language, lead in (("id", "dugaan – bukan putusan"), ("en", "a lead – not a verdict")):
        text = words(planted, language)
        assert lead in text
        assert "WIB" in text
        assert "{" not in text
    assert json.loads(json.dumps(asdict(planted)))["number"] == planted.number


@pytest.mark.parametrize(
    "lead", [("99",), ("R-0:1",), ("nobody", "nobody else"), ("f" * 32,), ("'; DROP TABLE Account --",)]
)
def test_what_is_not_there_is_said(project: Project, lead: tuple[str, ...]) -> None:
    with pytest.raises(NothingFound):
        project.explain(*lead)


def test_a_handle_of_several_accounts_is_no_pair(tmp_path: Path) -> None:
    rows = ["account,account_handle,object,kind,at,platform"]
    rows += [f"{a},{h},p{p},like,2024-10-0{p}T08:00:0{a}+07:00,x" for p in (1, 2, 3) for a, h in enumerate("aab")]
    (tmp_path / "likes.csv").write_text("\n".join(rows), encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(tmp_path / "likes.csv")
        project.detect(fdr=None)
        with pytest.raises(UsageError, match="x:0 and x:2; x:1 and x:2"):
            project.explain("a", "b")
        told = project.explain("x:0", "x:2")
        assert told.reading == "untested"
        assert "tested nothing" in words(told, "en")
        cluster = project.explain(1)
        assert (cluster.ties.pairs, cluster.ties.n, cluster.ties.expected) == (3, 9, None)
        # Three more likes came in after the run: what is told is no longer what it saw.
        more = [rows[0], *(f"{a},{h},p9,like,2024-10-09T08:00:0{a}+07:00,x" for a, h in enumerate("aab"))]
        (tmp_path / "more.csv").write_text("\n".join(more), encoding="utf-8")
        project.load(tmp_path / "more.csv")
        changed = project.explain(1)
        assert changed.question.changed
        assert "have changed since" in words(changed, "en")


def test_a_link_out_of_force_is_no_link(tmp_path: Path) -> None:
    with made(tmp_path) as project:
        write(project, ROSTER, valid=(None, 1_000_000))
        project.detect(fdr=0.05)
        found = project.explain_clusters()
        assert found
        assert {e.roster.n if e.roster else None for e in found} == {0}
