"""`graphwatch demo`: what it says, and that everything it tells to go on with has something to show."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_outcome import Outcome
from complaint_files import files_that_hold

import graphwatch
from graphwatch.cli.demo import report
from graphwatch.demonstration import Demo
from graphwatch.scenarios.pilkada import pilkada

Run = Callable[..., Outcome]


def test_it_says_what_was_planted_and_found(demo_made: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    report(demo_made, "en")
    said = capsys.readouterr().out
    assert all(f"planted {p.number}: {p.members} accounts, {p.found} found" in said for p in demo_made.planted)
    assert str(demo_made.store) in said
    for words, _ in demo_made.next:
        assert f"  graphwatch {shlex.join(words)} " in said
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    cited = readme.partition("```text\n")[2].partition("```")[0].splitlines()
    assert [line for line in cited if "…" not in line and line not in said] == []
    assert len(cited) > 3


def test_every_command_to_go_on_with_shows_something(
    run: Run, demo_made: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHWATCH_STORE", str(demo_made.store))
    for words, _ in demo_made.next:
        outcome = run(*words)
        assert (outcome.status, outcome.out.count("\n") > 1) == (0, True), words
    assert len({words[0] for words, _ in demo_made.next}) == len(demo_made.next) == 9


def test_every_part_has_something_to_show(demo_made: Demo) -> None:
    with graphwatch.open(demo_made.store) as project:
        covered, found = project.coverage(), project.changes("2024-09-24")
        explained = project.explain(1, run=demo_made.detected.run)
        assert covered.roster is not None
        assert len(covered.roster.disputed) == 1
        assert covered.roster.namesakes == 4
        assert covered.roster.seen < covered.roster.with_account < covered.roster.persons
        assert len(found.interactions) > 0
        assert explained.roster is not None
        assert explained.roster.n == 6
        agencies = project.query("cluster-agencies", {"cluster": 1}).to_arrow().to_pylist()
        assert agencies[0]["members"] == 5
        assert agencies[0]["q"] < 0.05
        assert len(project.watched()) == 2
        assert len(project.metrics().assortativity) == 2


def test_a_file_for_each_load_and_the_page_are_left(demo_made: Demo) -> None:
    kinds = ("paslon", "pages", "posts", "interactions", "roster", "accounts-of-asn", "complaints")
    assert {f.stem for f in (demo_made.folder / "data-2024").iterdir()} == set(kinds)
    assert demo_made.exported.path.is_file()


def test_who_is_on_the_roster_and_who_complained_is_in_no_file_of_the_store(demo_made: Demo) -> None:
    nips = set(pilkada(2024).roster["nip"].to_pylist())
    assert files_that_hold(demo_made.store, [*nips, "Pelapor "]) == []


def test_the_tour_cites_what_the_commands_print(run: Run, demo_made: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHWATCH_STORE", str(demo_made.store))
    text = (Path(__file__).parents[2] / "docs" / "tour.md").read_text(encoding="utf-8")
    said, cited = "", 0
    for line in "".join(text.split("```console\n")[1:]).splitlines():
        if line.startswith("$ graphwatch "):
            outcome = run(*shlex.split(line.removeprefix("$ graphwatch ")))
            assert outcome.status == 0, line
            # How wide the terminal is does not matter.
            said = " ".join((outcome.out + outcome.err).split())
        elif line.startswith("```"):
            said = ""
        elif said:
            cited += 1
            assert " ".join(line.split()) in said
    assert cited > 10


def test_a_seed_below_zero_is_wrong_use(run: Run, tmp_path: Path) -> None:
    outcome: Any = run("demo", "--seed", -1, "--folder", tmp_path)
    assert outcome.status == 2
    assert "--seed" in outcome.err


def test_a_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome: Any = run("demo", "--folder", tmp_path / "file")
    assert outcome.status == 1
    assert "cannot be written" in outcome.err
    assert "unexpected" not in outcome.err
