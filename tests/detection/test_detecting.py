"""What a detection is asked, and what it says of it; the store's side of a scope is in tests/store/test_scope.py."""

import json
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_rows import HOSTILE

import graphwatch
from graphwatch.common.notes import said
from graphwatch.errors import NothingFound, UsageError
from graphwatch.project import Project

pytestmark = pytest.mark.long

COUNT: dict[str, object] = {"fdr": None}
CSV_HOSTILE = HOSTILE.replace('"', '""')
# A handle has no blanks.
PAGE = HOSTILE.replace(" ", "_")


def load(project: Project, folder: Path, kind: str, *lines: str, name: str | None = None) -> None:
    file = folder / f"{name or kind}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    project.load(file, kind=kind, constants={} if kind == "paslon" else {"platform": "x"})


def acts(accounts: str, post: str, day: int, kind: str = "like") -> list[str]:
    return [f"{a},{post},{kind},2024-10-{day:02}T08:00:{n:02}+07:00" for n, a in enumerate(accounts)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Accounts a, b, c like the posts of one page together; c, d, e share those of another, which supports nobody."""
    tmp_path = tmp_path_factory.mktemp("filled")
    with graphwatch.open(tmp_path / "s.gw", create=True) as opened:
        load(opened, tmp_path, "paslon", "paslon,number,name", "1,1,A & B", f'"{CSV_HOSTILE}",2,C & D')
        load(opened, tmp_path, "pages", "page,paslon", "red,1", "news,", f'"{CSV_HOSTILE.replace(" ", "_")}",1')
        rows = ["post,page,links,hashtags,images"]
        rows += [f"r{n},red,https://r.id/{n % 2},Merah,{n % 2}f" for n in range(1, 4)]
        rows += [f"n{n},news,https://n.id,berita,C0FFEE" for n in range(1, 4)]
        load(opened, tmp_path, "posts", *rows)
        rows = ["account,object,kind,at"]
        for n in range(1, 4):
            rows += [*acts("abc", f"r{n}", n), *acts("cde", f"n{n}", n + 10, "share")]
        load(opened, tmp_path, "interactions", *rows)
    return tmp_path / "s.gw"


@pytest.fixture
def project(filled: Path, tmp_path: Path) -> Iterator[Project]:
    """A store of its own with these rows."""
    with graphwatch.open(shutil.copytree(filled, tmp_path / "s.gw")) as opened:
        yield opened


def pairs(project: Project, **asked: object) -> set[str]:
    found = project.detect(**(COUNT | asked)).pairs.to_pandas()  # type: ignore[arg-type]
    return {f"{a[2:]}{b[2:]}" for a, b in zip(found["account_a"], found["account_b"], strict=True)}


RED, NEWS = {"ab", "ac", "bc"}, {"cd", "ce", "de"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, RED | NEWS),
        ({"pages": ["x:red"]}, RED),
        ({"pages": "x:news"}, NEWS),
        ({"pages": ("x:news", "x:red", "x:red")}, RED | NEWS),
        ({"paslon": "1"}, RED),
        ({"paslon_pages": True}, RED),
        ({"kinds": "shared"}, NEWS),
        ({"to": "2024-10-03"}, RED),
        ({"from_": "2024-10-11", "to": "2024-10-13"}, NEWS),
        ({"from_": "2024-10-02"}, NEWS),
        ({"object": "page"}, set()),
        ({"object": "page", "min_objects": 1}, RED | NEWS),
        ({"object": "link", "min_objects": 2}, RED),
        ({"object": "hashtag", "min_objects": 1}, RED | NEWS),
    ],
)
def test_only_what_is_in_scope_counts(project: Project, asked: dict[str, object], expected: set[str]) -> None:
    assert pairs(project, **asked) == expected


def test_the_same_question_in_other_words_is_the_same_run(project: Project) -> None:
    asked: list[dict[str, object]] = [
        {"pages": ["x:red", "x:news"], "kinds": ["LIKED", "SHARED"], "from_": "2024-10-01"},
        {"pages": ["x:news", "x:red", "x:red"], "kinds": ["shared", "liked"], "from_": "2024-10-01T00:00+07:00"},
        {"pages": ["x:news", "x:red"], "kinds": ["shared", "liked"], "from_": "2024-09-30T17:00Z"},
    ]
    found = [project.detect(**words) for words in asked]  # type: ignore[arg-type]
    assert len({f.run for f in found}) == 1
    assert [f.already for f in found] == [False, True, True]


def test_another_question_is_another_run_even_where_the_answer_is_the_same(project: Project) -> None:
    asked: list[dict[str, object]] = [
        {},
        {"paslon_pages": True},
        {"paslon": "1"},
        {"pages": ["x:red"]},
        {"object": "page"},
        {"to": "2024-12-01"},
        {"seed": 7},
        {"layers": True},
        {"fdr": None},
        {"sensitivity": False},
    ]
    runs = {project.detect(**words).run for words in asked}  # type: ignore[arg-type]
    assert len(runs) == len(asked)


def test_a_run_carries_all_that_it_was_asked(project: Project) -> None:
    found = project.detect(pages=["x:red"], paslon="1", from_="2024-10-01", seed=5, layers=True)
    row = project.query("runs").to_arrow().to_pylist()[0]
    assert row["run"] == found.run
    assert row["seed"] == 5
    asked = json.loads(row["parameters"])
    assert list(asked) == sorted(asked)
    assert asked == {
        "begin_ms": 1_727_715_600_000,
        "end_ms": None,
        "fdr": 0.05,
        "kinds": ["LIKED", "COMMENTED", "SHARED", "MENTIONED"],
        "layers": True,
        "min_objects": 3,
        "object": "post",
        "pages": ["x:red"],
        "paslon": "1",
        "paslon_pages": False,
        "seed": 5,
        "sensitivity": True,
        "window_ms": 60_000,
        "windows": [10_000, 900_000, 86_400_000],
    }


def test_each_kind_alone_is_a_layer_with_clusters_of_its_own(project: Project, tmp_path: Path) -> None:
    load(project, tmp_path, "interactions", "account,object,kind,at", "q,r1,comment,", name="more")
    found = project.detect(fdr=None, layers=True)
    assert set(found.layers) == {"LIKED", "SHARED"}
    assert {k: found.layers["LIKED"][k] for k in ("interactions", "accounts", "objects", "pairs", "untimed")} == {
        "interactions": 9,
        "accounts": 3,
        "objects": 3,
        "pairs": 3,
        "untimed": 0,
    }
    assert found.denominators["untimed"] == 1
    sizes = {
        layer: project.query("clusters", {"run": found.run, "layer": layer}).to_pandas()["size"].tolist()
        for layer in ("all", "LIKED", "SHARED", "COMMENTED")
    }
    assert sizes == {"all": [5], "LIKED": [3], "SHARED": [3], "COMMENTED": []}
    assert sorted(project.query("cluster-members", {"cluster": 1, "layer": "SHARED"}).to_pandas()["account"]) == [
        "x:c",
        "x:d",
        "x:e",
    ]
    alone = project.detect(fdr=None, kinds=["LIKED"])
    assert alone.denominators == found.layers["LIKED"]
    assert len(project.query("co-interactions", {"run": found.run, "layer": "LIKED"})) == 3
    assert (
        project.graph(run=found.run).number_of_nodes()
        == project.graph(run=project.detect(fdr=None).run).number_of_nodes()
    )


def test_metrics_of_a_run_with_layers_are_of_all_kinds_together(project: Project) -> None:
    with_layers, without = project.detect(fdr=None, layers=True), project.detect(fdr=None)
    for cluster in (None, 1):
        measured = [project.metrics(["degree"], run=run.run, cluster=cluster) for run in (with_layers, without)]
        assert len(measured[0].scores) == 5
        assert measured[0].scores == measured[1].scores
        assert measured[0].structure == measured[1].structure


def test_one_kind_only_is_no_layer_of_its_own(project: Project) -> None:
    assert project.detect(kinds=["SHARED"], layers=True).layers == {}


def test_half_and_twice_the_window_are_what_detection_at_those_windows_finds(project: Project) -> None:
    found = project.detect(window=2, min_objects=2)
    assert [at["window_ms"] for at in found.sensitivity] == [1000, 4000]
    for at in found.sensitivity:
        there = project.detect(window=(at["window_ms"] or 0) / 1000, min_objects=2, sensitivity=False)
        members = there.clusters.to_pandas()["size"].sum()
        told = (at["pairs"], at["coordinated"], at["clusters"], at["accounts"])
        assert told == (there.denominators["pairs"], there.coordinated, there.denominators["clusters"], members)
    assert found.sensitivity[0]["pairs"] == 4
    assert project.detect(window=2, min_objects=2).sensitivity == found.sensitivity  # read back from the run


def continues(project: Project, run: str, layer: str = "all") -> list[tuple[int, str | None, float | None]]:
    rows = project.query("clusters", {"run": run, "layer": layer}).to_arrow().to_pylist()
    return [(row["cluster"], row["continues"], row["jaccard"]) for row in rows]


def test_a_cluster_continues_that_of_the_latest_earlier_run_of_the_same_question(
    project: Project, tmp_path: Path
) -> None:
    first = project.detect(fdr=None, kinds=["LIKED"], to="2024-10-05")
    other = project.detect(fdr=None, kinds=["LIKED"], min_objects=2)
    assert (first.continued, other.continued) == (0, 0)
    rows = [row for n in range(1, 4) for row in acts("abcf", f"m{n}", n + 20)]
    load(project, tmp_path, "interactions", "account,object,kind,at", *rows, name="later")
    second = project.detect(fdr=None, kinds=["LIKED"])
    assert second.continued == 1
    assert continues(project, second.run) == [(1, f"{first.run}:1", 0.75)]
    third = project.detect(fdr=None, kinds=["LIKED"], from_="2024-10-20")
    assert continues(project, third.run) == [(1, f"{second.run}:1", 1.0)]
    again = project.detect(fdr=None, kinds=["LIKED"], from_="2024-10-20")
    assert (again.already, again.continued) == (True, 1)


def test_a_layer_continues_the_same_layer(project: Project) -> None:
    first = project.detect(fdr=None, layers=True, from_="2024-10-01")
    project.detect(fdr=None)  # knows no layers, and is passed over for them
    second = project.detect(fdr=None, layers=True)
    assert continues(project, second.run, "SHARED") == [(1, f"{first.run}:SHARED:1", 1.0)]
    assert second.continued == 3


def test_where_nothing_is_tested_nothing_is_said_of_tests(project: Project) -> None:
    found = project.detect(fdr=None)
    assert found.coordinated is None
    assert found.sensitivity == []
    assert found.clusters.to_pandas()["passed"].isna().all()
    assert found.pairs.to_pandas()["passed"].isna().all()


def test_which_tests_pairs_and_clusters_passed(demo_store: Path) -> None:
    with graphwatch.open(demo_store) as project:
        found = project.detect()
        pairs, clusters = found.pairs.to_pandas(), found.clusters.to_pandas()
        both = pairs["coordinated"].astype(bool), pairs["shared_interest"].astype(bool)
        words = {(True, True): "acted together and common interest", (True, False): "acted together"}
        words |= {(False, True): "common interest", (False, False): "neither"}
        assert pairs["passed"].tolist() == [words[t] for t in zip(*both, strict=True)]
        of = {
            account: number
            for number in clusters["cluster"]
            for account in project.query("cluster-members", {"cluster": int(number)}).to_pandas()["account"]
        }
        number = pairs["account_a"].map(of)
        inside = pairs[number == pairs["account_b"].map(of)]
        share = inside["shared_interest"].astype(float).groupby(number).mean()
        assert clusters["interest_share"].tolist() == pytest.approx(share.loc[clusters["cluster"]].tolist())
        expected = ["acted together and common interest" if s >= 0.5 else "acted together" for s in share]
        assert clusters["passed"].tolist() == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"pages": ["x:rad"]}, r"no page called 'x:rad'[\s\S]*Nearest: x:red"),
        ({"pages": ["rad"]}, r"no page called 'rad'[\s\S]*x:red"),
        ({"paslon": "9"}, r"no paslon called '9'[\s\S]*Known are 1"),
        ({"paslon": HOSTILE}, r"no timed interactions in scope[\s\S]*pages of paslon <script>"),
        ({"kinds": ["COMMENTED"]}, "no timed interactions in scope .COMMENTED; posts; at any time"),
        ({"pages": [f"x:{PAGE}"], "object": "link"}, "no post in scope has a link"),
        ({"from_": "2030-01-01"}, "from 2030-01-01T00:00:00"),
    ],
)
def test_a_scope_that_holds_nothing_says_what_it_was(project: Project, asked: dict[str, object], said: str) -> None:
    before = project.info().counts["Run"]
    with pytest.raises(NothingFound, match=said):
        project.detect(**asked)  # type: ignore[arg-type]
    assert project.info().counts["Run"] == before


def test_unknown_ids_where_none_are_loaded_say_how_to_load_them(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        load(project, tmp_path, "interactions", "account,object,kind,at", *acts("ab", "p", 1))
        with pytest.raises(NothingFound, match="--as pages"):
            project.detect(pages=["x:red"])
        with pytest.raises(NothingFound, match="--as posts"):
            project.detect(object="page")


@pytest.mark.parametrize(
    "asked",
    [
        {"window": -1},
        {"window": 86_401},
        {"window": float("nan")},
        {"min_objects": 0},
        {"kinds": []},
        {"kinds": ["FOLLOWED"]},
        {"object": "account"},
        {"fdr": 0},
        {"fdr": float("nan")},
        {"seed": -1},
        {"from_": "2024-10-02", "to": "2024-10-01"},
    ],
)
def test_words_that_do_not_fit_are_refused(project: Project, asked: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        project.detect(**asked)  # type: ignore[arg-type]


def test_a_phase_of_the_calendar_is_a_time_range(project: Project) -> None:
    by_phase = project.detect(phase="kampanye", calendar="pilkada-2024", fdr=None)
    assert project.detect(from_="2024-09-25", to="2024-11-23", fdr=None).run == by_phase.run
    with pytest.raises(UsageError, match="kampanye"):
        project.detect(phase="kampanya", calendar="pilkada-2024")


def test_a_window_that_no_test_can_judge_is_refused_with_the_longest(project: Project) -> None:
    for ask in (project.detect, project.power):
        with pytest.raises(UsageError, match="3600 s is the longest"):
            ask(window=3600.001)
    assert project.detect(window=3600, fdr=None).coordinated is None


def test_sensitivity_leaves_out_a_window_that_no_test_can_judge(project: Project) -> None:
    assert [at["window_ms"] for at in project.detect(window=120).sensitivity] == [60_000]
    assert [at["window_ms"] for at in project.detect(window=60).sensitivity] == [30_000, 120_000]


def test_what_is_under_way_is_told_in_its_order_and_by_its_share(project: Project):
    told: list[tuple[str, int, int | None]] = []
    project.detect(progress=lambda *words: told.append(words))
    shares = [done for _, done, _ in told]
    assert shares == sorted(shares)
    assert {whole for *_, whole in told} == {1000}
    doing = list(dict.fromkeys(said(what, "id") for what, *_ in told))
    assert [" ".join(what.split()[-2:]) for what in doing] == [
        *("60 detik", "10 detik", "900 detik", "30 detik", "120 detik"),
        *("yang sama", "yang sama", "Menyimpan temuan"),
    ]
    assert pickle.loads(pickle.dumps(told)) == told


def test_who_stops_a_detection_finds_the_store_as_it_was(project: Project):
    def stop(what: str, done: int, whole: int | None) -> None:
        raise KeyboardInterrupt

    before = project.info()
    with pytest.raises(KeyboardInterrupt):
        project.detect(progress=stop)
    assert project.info() == before
    assert not project.detect().already
