from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four accounts of which three act together on three posts; a fourth like has no time."""
    rows = ["account,object,kind,at,platform"]
    rows += [f"a{a},p{p},like,2024-10-0{p}T08:00:0{a}+07:00,x" for p in (1, 2, 3) for a in (1, 2, 3)]
    rows += ["a4,p1,share,2024-10-02T08:00:00+07:00,x", "a4,p2,like,,x"]
    file = tmp_path / "likes.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(file)
    return tmp_path / "s.gw"


def test_a_run_says_what_it_saw_and_found(run: Run, store: Path) -> None:
    outcome = run("detect", "--count-only", "--store", store)
    assert outcome.status == 0
    assert "10 timed interactions of 4 accounts with 3 posts; 1 without a time" in outcome.err
    assert "3 pairs acted within 60 s of each other on 3 or more posts; 1 clusters" in outcome.err
    assert "never verdicts" in outcome.err
    assert "counts, not a test" in outcome.err


def test_pairs_are_tested_unless_they_are_only_to_be_counted(run: Run, store: Path) -> None:
    outcome = run("detect", "--window", "60", "--store", store)
    assert "3 pairs acted within" in outcome.err
    assert "0 of the pairs are beyond what chance explains" in outcome.err  # all there is, is how fast this audience is
    assert [line.split(":")[0] for line in outcome.err.splitlines() if line.startswith("  ")] == [
        "  at 30 s",
        "  at 120 s",
    ]
    several = [line.split(":")[0] for line in run("detect", "--store", store).err.splitlines() if line[:1] == " "]
    assert several == ["  Within 10 s", "  Within 15 minutes", "  at 30 s", "  at 120 s"]
    assert "  at " not in run("detect", "--no-sensitivity", "--store", store).err


def test_the_same_question_is_the_same_run_and_writes_nothing(run: Run, store: Path) -> None:
    run("detect", "--store", store)
    before = sorted((store / "journal").iterdir())
    assert "asked before" in run("detect", "--store", store).err
    assert sorted((store / "journal").iterdir()) == before


def test_a_run_is_a_function_of_data_and_parameters(tmp_path: Path, store: Path) -> None:
    columns = ["id", "n", "first_ms", "kinds"]
    answers = []
    for name, reverse in (("one.gw", False), ("two.gw", True)):
        lines = (tmp_path / "likes.csv").read_text(encoding="utf-8").splitlines()
        file = tmp_path / f"{name}.csv"
        file.write_text("\n".join([lines[0], *(reversed(lines[1:]) if reverse else lines[1:])]), encoding="utf-8")
        with graphwatch.open(tmp_path / name, create=True) as project:
            project.load(file)
            found = project.detect(min_objects=2)
            pairs = "MATCH ()-[c:CO_INTERACTED]->() RETURN " + ", ".join(f"c.{c} AS {c}" for c in columns)
            answers.append((found.run, project.query(pairs + " ORDER BY id").to_arrow().to_pylist()))
    assert answers[0] == answers[1]


def test_nothing_found_is_said_to_prove_nothing(run: Run, store: Path) -> None:
    outcome = run("detect", "--min-objects", 4, "--fail-on-findings", "--store", store)
    assert outcome.status == 0
    assert "not proof" in outcome.err


def test_findings_can_fail_a_nightly_job(run: Run, store: Path) -> None:
    assert run("detect", "--count-only", "--fail-on-findings", "--store", store).status == 1


def test_kinds_can_be_chosen(run: Run, store: Path) -> None:
    assert "1 timed interactions" in run("detect", "--kind", "shared", "--store", store).err


@pytest.mark.parametrize(
    "words",
    [
        ("--window", -1),
        ("--window", 86_401),
        ("--window", "nan"),
        ("--min-objects", 0),
        ("--min-objects", 10**20),
        ("--kind", "WAVED"),
        ("--object", "account"),
        ("--fdr", 1),
        ("--fdr", 0.1, "--count-only"),
        ("--from", "2024-10-02", "--to", "2024-10-01"),
        ("--from", "tomorrow"),
        ("--seed", -1),
        ("--table", "pairs"),
        ("--min-weight", 2),
        ("--compat", "coortweet", "--kind", "liked"),
        ("--compat", "toolkit", "--fdr", 0.1),
        ("--compat", "gephi"),
    ],
)
def test_wrong_use_has_status_2(run: Run, store: Path, words: tuple[object, ...]) -> None:
    assert run("detect", *words, "--store", store).status == 2


def test_no_store_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    outcome = run("detect", "--store", tmp_path / "none.gw")
    assert outcome.status == 1
    assert "graphwatch load" in outcome.err


def test_runs_are_found_by_id_and_latest_is_the_newest(store: Path) -> None:
    with graphwatch.open(store) as project:
        first, second = project.detect(min_objects=2, fdr=None), project.detect(min_objects=3, fdr=None)
        assert len(first.pairs) == 3
        assert second.clusters.to_pandas()["size"].tolist() == [3]
        assert project.graph().graph["run"]["id"] == second.run
        assert project.graph(run=first.run).graph["run"]["id"] == first.run
        with pytest.raises(graphwatch.GraphwatchError, match="no complete run R-none"):
            project.graph(run="R-none")


def test_each_kind_alone_is_reported(run: Run, store: Path) -> None:
    outcome = run("detect", "--layers", "--count-only", "--store", store)
    assert "LIKED alone: 3 pairs; 1 clusters." in outcome.err
    assert "SHARED alone: 0 pairs; 0 clusters." in outcome.err


def test_a_range_of_days_is_in_jakarta_and_includes_both(run: Run, store: Path) -> None:
    outcome = run("detect", "--count-only", "--from", "2024-10-01", "--to", "2024-10-02", "--store", store)
    assert "7 timed interactions of 4 accounts with 2 posts" in outcome.err


def test_nothing_in_scope_names_the_scope(run: Run, store: Path) -> None:
    outcome = run("detect", "--kind", "shared", "--to", "2020-01-01", "--store", store)
    assert outcome.status == 1
    assert "SHARED; posts; to 2020-01-01T23:59:59.999" in outcome.err
    outcome = run("detect", "--object", "hashtag", "--store", store)
    assert outcome.status == 1
    assert "no post in scope has a hashtag" in outcome.err
