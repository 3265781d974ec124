import json
from collections.abc import Callable
from pathlib import Path

from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]


def loaded(folder: Path) -> Path:
    """Three accounts that act together on three posts; the id of one would move a terminal's cursor."""
    rows = ["account,object,kind,at,platform"]
    rows += [f"a{a},p{p},like,2024-10-0{p}T08:00:0{a}+07:00,x" for p in (1, 2, 3) for a in (1, 2, 3)]
    file = folder / "likes.csv"
    file.write_text("\n".join([*rows, "a4,p1,like,,x"]), encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(file)
    return folder / "s.gw"


def test_a_dry_run_says_what_there_is_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    store = loaded(tmp_path)
    before = sorted((store / "journal").iterdir())
    outcome = run("detect", "--dry-run", "--fdr", 0.05, "--store", store)
    assert outcome.status == 0
    lines = [line.rsplit("  ", 1) for line in outcome.out.splitlines()]
    shown = {words[0].strip(): words[1].strip() for words in lines if len(words) == 2}
    assert shown["timed interactions"] == "9"
    assert shown["without a time, left out"] == "1"
    assert shown["opportunities within the coarse window"] == "9"
    assert shown["pairs that reach the count"] == "3"
    assert "x:p1" in outcome.out
    assert "orders of magnitude" in outcome.err
    assert sorted((store / "journal").iterdir()) == before


def test_a_dry_run_for_programs(run: Run, tmp_path: Path) -> None:
    store = loaded(tmp_path)
    said = json.loads(run("detect", "--dry-run", "--json", "--fdr", 0.05, "--store", store).out)
    assert said["tests"] == {"number": 3, "relative_error": 0.0}
    assert [b["interactions"] for b in said["busiest"]] == [3, 3, 3]
    assert said["seconds"] > 0


def test_the_numbers_of_a_run_for_programs(run: Run, tmp_path: Path) -> None:
    store = loaded(tmp_path)
    said = json.loads(run("detect", "--json", "--store", store).out)
    assert said["denominators"]["accounts"] == 3
    assert said["power"] is None
    again = json.loads(run("detect", "--json", "--lang", "id", "--store", store).out)
    assert again == {**said, "already": True}
