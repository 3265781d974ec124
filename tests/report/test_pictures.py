"""Pictures of a summary and an account: everything inside, no text over another, hostile names as text."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from graph_rows import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from report import case_store as made_of

import graphwatch
from graphwatch.common.clock import beginning_ms, day_of
from graphwatch.project import Project
from graphwatch.report.aggregate_cases import overview
from graphwatch.report.canvas import WIDTH, Days, fitted
from graphwatch.report.case_model import Ego, Overview, Tie
from graphwatch.report.lead_cases import ego
from graphwatch.report.names import Names
from graphwatch.report.pictures import strip, surroundings, ties
from graphwatch.repository.clusters import clusters_of_run
from graphwatch.repository.paslon import paslon_of_pages
from graphwatch.repository.runs import partners_of
from graphwatch.rights.unmasking import Unmasking

KINDS = "LIKED|COMMENTED|SHARED|MENTIONED"


@pytest.fixture(scope="module")
def demo(demo_store: Path) -> Iterator[Project]:
    with graphwatch.open(demo_store) as project:
        yield project


def rows(project: Project, cypher: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project.store.read(cypher).to_pylist()
    return found


def latest(project: Project) -> dict[str, Any]:
    return max(rows(project, "MATCH (r:Run) RETURN r.id AS id, r.window_ms AS window_ms, r.created_at_ms AS at"),
               key=lambda r: r["at"])  # fmt: skip


def clusters(project: Project, run: str) -> list[dict[str, Any]]:
    found = rows(project, "MATCH (k:Cluster) RETURN k.id AS id, k.run AS run, k.number AS number, k.size AS size")
    return sorted((k for k in found if k["run"] == run), key=lambda k: k["number"])


def of_run(project: Project) -> Overview:
    run = latest(project)
    return overview(project.workspace, clusters_of_run(project.store, run["id"]), run["window_ms"])


def acting(project: Project) -> dict[tuple[int, str], set[str]]:
    """Members who acted on posts of each paslon, or of each page that supports none, by number of the cluster."""
    member = rows(project, "MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster) RETURN a.id AS a, k.id AS k")
    acts = rows(project, f"MATCH (a:Account)-[:{KINDS}]->(o:Post) RETURN DISTINCT a.id AS a, o.id AS o")
    page = {r["o"]: r["p"] for r in rows(project, "MATCH (p:Page)-[:PUBLISHED]->(o:Post) RETURN p.id AS p, o.id AS o")}
    paslon = {
        r["p"]: r["s"] for r in rows(project, "MATCH (p:Page)-[:SUPPORTS]->(s:Paslon) RETURN p.id AS p, s.id AS s")
    }
    number = {k["id"]: k["number"] for k in clusters(project, latest(project)["id"])}
    by_account: dict[str, set[str]] = {}
    for act in acts:
        if act["o"] in page:
            by_account.setdefault(act["a"], set()).add(paslon.get(page[act["o"]], page[act["o"]]))
    found: dict[tuple[int, str], set[str]] = {}
    for m in member:
        for target in by_account.get(m["a"], ()):
            found.setdefault((number[m["k"]], target), set()).add(m["a"])
    return found


def test_a_summary_ties_clusters_to_those_on_whose_posts_five_members_act(demo: Project) -> None:
    found = of_run(demo)
    expected = acting(demo)
    assert len(found.ties) == sum(len(members) >= 5 for members in expected.values())
    assert found.withheld == sum(len(members) < 5 for members in expected.values()) > 0
    assert [c[:2] for c in found.clusters] == [(k["number"], k["size"]) for k in clusters(demo, latest(demo)["id"])]
    assert [is_paslon for _, is_paslon in found.targets] == sorted((p for _, p in found.targets), reverse=True)
    told = {
        (r["k"], r["n"])
        for r in rows(demo, "MATCH (k:Cluster)-[t:TARGETS]->() RETURN k.number AS k, t.interactions AS n")
    }
    assert {(found.clusters[t.cluster][0], t.n) for t in found.ties} <= told


def test_a_summary_has_on_which_days_pairs_of_each_cluster_met(demo: Project) -> None:
    run = latest(demo)
    members = {}
    for r in rows(demo, "MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster) RETURN a.id AS a, k.number AS k"):
        members[r["a"]] = r["k"]
    times: dict[int, set[int]] = {}
    for pair in rows(
        demo,
        "MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) RETURN a.id AS a, b.id AS b, c.run AS run, c.layer AS layer, "
        "c.window_ms AS window, c.first_ms AS f, c.last_ms AS l",
    ):
        same = members.get(pair["a"]) == members.get(pair["b"]) is not None
        if same and (pair["run"], pair["layer"], pair["window"]) == (run["id"], "all", run["window_ms"]):
            days = (beginning_ms(day_of(pair[at])) for at in "fl")
            times.setdefault(members[pair["a"]], set()).update(days)
    assert {number: set(met) for number, _, met in of_run(demo).clusters} == times


def ego_of(project: Project, account: str, acts: list[dict[str, Any]], **opening: Any) -> Ego:
    run = latest(project)
    partners = partners_of(project.store, account, run["id"], run["window_ms"])
    names = Names(
        project.workspace,
        {account: []},
        Unmasking(**opening),
        {p.id: [p.first_ms] if p.first_ms is not None else [] for p in partners},
    )
    return ego(project.workspace, (act["post"] for act in acts), partners, names)


def test_an_account_stands_with_its_pages_and_partners(demo: Project) -> None:
    member = rows(
        demo, "MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster) WHERE k.number = 2 RETURN a.id AS account ORDER BY account"
    )
    account, fellows = member[3]["account"], {m["account"] for m in member}
    acts = [r for r in rows(demo, f"MATCH (a:Account)-[:{KINDS}]->(o:Post) RETURN a.id AS a, o.id AS post")
            if r["a"] == account]  # fmt: skip
    found = ego_of(demo, account, acts, unmask=True, off_roster=True, reason="why")
    run = latest(demo)
    pairs = Counter({
        (r["b"] if r["a"] == account else r["a"]): r["n"]
        for r in rows(demo, "MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) RETURN a.id AS a, b.id AS b, c.n AS n, "
                            "c.run AS run, c.window_ms AS window")
        if account in (r["a"], r["b"]) and {r["a"], r["b"]} <= fellows
        and (r["run"], r["window"]) == (run["id"], run["window_ms"])
    })  # fmt: skip
    assert found.partners_in_all == len(pairs)
    assert {name.partition("(")[2].rstrip(")") or name: n for name, _, n in found.partners} == dict(pairs)
    published = rows(demo, "MATCH (p:Page)-[:PUBLISHED]->(o:Post) RETURN o.id AS post, p.name AS name")
    page = {r["post"]: r["name"] for r in published}
    counts = Counter(page[act["post"]] for act in acts if act["post"] in page)
    assert {name: n for name, _, n in found.pages} == dict(counts)
    assert [n for _, _, n in found.pages] == sorted((n for _, _, n in found.pages), reverse=True)


def test_pages_and_followed_pages_on_both_engines(fill_project: Callable[[Any], Project], tmp_path: Path) -> None:
    project = fill_project(made_of.fill)
    follows = tmp_path / "follows.csv"
    follows.write_text("account,object,kind,platform,at\n900000000,pg1,follow,x,2024-10-01T08:00:00+07:00\n")
    project.load(follows)
    project.report("account", made_of.ACCOUNTS[0], path=tmp_path / "a.html", lang="en")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    # Six comments and a follow.
    assert ">7×<" in text
    assert text.count(">6×<") == 7
    assert paslon_of_pages(project.store) == {"x:pg1": [("p1", "1 · Wiloka – Mirasih")]}
    found = of_run(project)
    assert [(c[0], c[1], len(c[2])) for c in found.clusters] == [(1, 8, 2)]  # on two days
    assert found.targets == (("1 · Wiloka – Mirasih", True),)
    assert [(t.cluster, t.target, t.n, t.beyond) for t in found.ties] == [(0, 0, 48, False)]
    project.report("summary", path=tmp_path / "s.html", lang="en")
    summary = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert "Cluster 1: 48 interactions with 1 · Wiloka – Mirasih." in summary


def test_what_was_erased_since_is_said_on_both_engines(fill_project: Callable[[Any], Project], tmp_path: Path) -> None:
    project = fill_project(made_of.fill)
    run = latest(project)["id"]

    def said(subject: Any, id: str | None, language: str = "en") -> str:
        project.report(subject, id, path=tmp_path / "out.md", to="md", lang=language)
        return (tmp_path / "out.md").read_text(encoding="utf-8")

    asked: tuple[Any, ...] = (("cluster", f"{run}:1"), ("summary", None), ("account", made_of.ACCOUNTS[0]))
    assert not [subject for subject, id in asked if "were erased" in said(subject, id)]
    project.forget(account=made_of.ACCOUNTS[7], reason="request 3/2025")
    assert "among them 1 member of 8 in clusters. Its counts are of the detection" in said("cluster", f"{run}:1")
    # One person who asked to be forgotten is somebody.
    assert "among them fewer than 5 members of 8 in clusters" in said("summary", None)
    assert "among them" not in said("account", made_of.ACCOUNTS[0])
    assert "Since this detection records were erased" in said("account", made_of.ACCOUNTS[0])
    assert "di antaranya 1 dari 8 anggota klaster" in said("cluster", f"{run}:1", "id")


NAMES = (HOSTILE, made_of.LONG, made_of.RTL, made_of.FORMULA, "\u202egnp.exe", "W" * 60, "漢" * 60, "Tim]]>&amp;")
DAY = 86_400_000
_SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Left, right, height and content of each text; letters are taken to be 5.2 units wide, which is about the mean."""
    found = []
    for element in ET.fromstring(svg).iter(f"{_SVG}text"):
        content = "".join(element.itertext())
        x, y, wide = float(element.attrib["x"]), float(element.attrib["y"]), 5.2 * len(content)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.attrib.get("text-anchor", "start")]
        found.append((left, left + wide, y, content))
    return found


def check(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root[0].tag == f"{_SVG}title"
    assert root[0].text
    height = float(root.attrib["viewBox"].split()[3])
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx", "y", "y1", "y2", "cy"):
            value = float(element.attrib.get(name, 1))
            assert 0 <= value <= (WIDTH if "x" in name else height)
    shown = texts(svg)
    assert all(left >= 0 and right <= WIDTH for left, right, _, _ in shown)
    for n, (left, right, y, _) in enumerate(shown):
        for other_left, other_right, other_y, _ in shown[n + 1 :]:
            assert right <= other_left or other_right <= left or abs(y - other_y) >= 9
    assert not re.search(r"<(script|style|image|a)\b", svg)


@pytest.mark.parametrize("pages", [0, 1, 12])
@pytest.mark.parametrize("partners", [0, 1, 18])
def test_an_account_with_hostile_names_around_it(pages: int, partners: int) -> None:
    if not pages + partners:
        return
    of = Ego(
        tuple((NAMES[n % len(NAMES)], None if n % 3 else NAMES[-n % len(NAMES)], 10**n % 99_991) for n in range(pages)),
        pages,
        tuple((NAMES[n % len(NAMES)], ("none", "duty", "verified")[n % 3], n + 1) for n in range(partners)),
        partners,
    )
    check(surroundings(of, "duty", NAMES[0], "akun ini", NAMES))


@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=15),
    st.integers(0, 12),
    st.lists(st.integers(0, 400), max_size=6),
)
def test_a_run_of_any_size(sizes: list[int], targets: int, days: list[int]) -> None:
    clusters = tuple(
        (n, size, tuple(sorted(1_726_000_000_000 + day * DAY for day in days))) for n, size in enumerate(sizes, 1)
    )
    lines = tuple(Tie(c, t, 1 + c * t, c > t) for c in range(len(sizes)) for t in range(targets))
    of = Overview(
        clusters, len(sizes), tuple((NAMES[t % len(NAMES)], t % 2 == 0) for t in range(targets)), targets, lines, 0
    )
    check(ties(of, "clusters", [f"{size} accounts" for size in sizes], ["told"]))
    if days:
        check(strip(of, (1_726_000_000_000 + 3 * DAY, "determination of candidates"), "when"))


def test_areas_are_like_numbers_of_members() -> None:
    of = Overview(((1, 400, ()), (2, 100, ())), 2, (), 0, (), 0)
    root = ET.fromstring(ties(of, "clusters", ["", ""], []))
    one, two = (float(circle.attrib["r"]) for circle in root.iter(f"{_SVG}circle"))
    assert (one / two) ** 2 == pytest.approx(4, rel=0.01)


def test_what_is_told_is_the_description() -> None:
    root = ET.fromstring(surroundings(Ego((("Tim", None, 2),), 1, (), 0), "none", "title", "own", ["2 <b> & c."]))
    assert [(element.tag, element.text) for element in root[:2]] == [
        (f"{_SVG}title", "title"), (f"{_SVG}desc", "2 <b> & c."),
    ]  # fmt: skip


@given(st.text(max_size=200), st.floats(0, 300))
def test_text_that_fits_is_whole_and_other_is_cut(text: str, room: float) -> None:
    shown = fitted(text, room)
    assert shown.endswith("…") or len(shown) * 3.6 <= room or not shown or any(c in shown for c in ("⟨", "\u0300"))
    assert fitted(shown, 10_000) == shown


def test_days_begin_at_midnight_in_wib() -> None:
    days = Days(1_726_000_000_000, 1_726_000_000_000 + DAY)
    assert (days.first + 7 * 3_600_000) % DAY == 0
    assert days.last - days.first == 2 * DAY
    assert days.x(days.first) < days.x(1_726_000_000_000) < days.x(days.last) <= WIDTH
