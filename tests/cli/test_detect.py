from collections.abc import Callable
from pathlib import Path

import pytest

import graphwatch

Run = Callable[..., "object"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four accounts of which three act together on three posts; a fourth like has no time."""
    rows = ["account,object,kind,at,platform"]
    rows += [f"a{a},p{p},like,2024-10-0{p}T08:00:0{a}+07:00,x" for p in (1, 2, 3) for a in (1, 2, 3)]
    rows += ["a4,p1,share,2024-10-02T08:00:00+07:00,x", "a4,p2,like,,x"]
    file = tmp_path / "likes.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as desk:
        desk.load(file)
    return tmp_path / "s.gw"


def test_a_run_says_what_it_saw_and_found(run: Run, store: Path) -> None:
    outcome = run("detect", "--store", store)
    assert outcome.status == 0
    assert "10 timed interactions of 4 accounts with 3 posts; 1 without a time" in outcome.err
    assert "3 pairs acted within 60 s of each other on 3 or more posts; 1 clusters" in outcome.err
    assert "never verdicts" in outcome.err


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
        with graphwatch.open(tmp_path / name, create=True) as desk:
            desk.load(file)
            found = desk.detect(min_objects=2)
            pairs = "MATCH ()-[c:CO_INTERACTED]->() RETURN " + ", ".join(f"c.{c} AS {c}" for c in columns)
            answers.append((found.run, desk.query(pairs + " ORDER BY id", to="arrow").to_pylist()))
    assert answers[0] == answers[1]


def test_nothing_found_is_said_to_prove_nothing(run: Run, store: Path) -> None:
    outcome = run("detect", "--min-objects", 4, "--fail-on-findings", "--store", store)
    assert outcome.status == 0
    assert "not proof" in outcome.err


def test_findings_can_fail_a_nightly_job(run: Run, store: Path) -> None:
    assert run("detect", "--fail-on-findings", "--store", store).status == 1


def test_kinds_can_be_chosen(run: Run, store: Path) -> None:
    assert "1 timed interactions" in run("detect", "--kind", "shared", "--store", store).err


@pytest.mark.parametrize("words", [("--window", -1), ("--min-objects", 0), ("--kind", "WAVED")])
def test_wrong_use_has_status_2(run: Run, store: Path, words: tuple[object, ...]) -> None:
    assert run("detect", *words, "--store", store).status == 2


def test_no_store_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    outcome = run("detect", "--store", tmp_path / "none.gw")
    assert outcome.status == 1
    assert "graphwatch load" in outcome.err


def test_runs_are_found_by_id_and_latest_is_the_newest(store: Path) -> None:
    with graphwatch.open(store) as desk:
        first, second = desk.detect(min_objects=2), desk.detect(min_objects=3)
        assert len(first.pairs) == 3
        assert second.clusters["size"].tolist() == [3]
        assert desk.graph().graph["run"]["id"] == second.run
        assert desk.graph(run=first.run).graph["run"]["id"] == first.run
        with pytest.raises(graphwatch.GraphwatchError, match="no complete run R-none"):
            desk.graph(run="R-none")
