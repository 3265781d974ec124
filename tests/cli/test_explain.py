"""`graphwatch explain`: words on a terminal, numbers as JSON, hostile handles tamed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three accounts, one with a hostile handle, together on three posts; counted, not tested."""
    folder = tmp_path_factory.mktemp("explain")
    rows = ["account,account_handle,object,kind,at,platform"]
    handles = ("ani", '"\x1b[2J\u202egnp"', "=1+1")
    rows += [f"a{a},{h},p{p},like,2024-10-0{p}T08:00:0{a}+07:00,x" for p in (1, 2, 3) for a, h in enumerate(handles)]
    (folder / "likes.csv").write_text("\n".join(rows), encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(folder / "likes.csv")
        project.detect(fdr=None)
    return folder / "s.gw"


def test_a_cluster_in_words_says_when_and_that_it_is_a_lead(run: Run, store: Path) -> None:
    outcome = run("explain", 1, "--lang", "en", "--store", store)
    assert outcome.status == 0
    assert "2024-10-01 08:00:00 WIB: 3 of 3 accounts in 2 seconds, x:p1" in outcome.out
    assert "a lead – not a verdict" in outcome.out
    assert "\x1b" not in outcome.out
    assert "\u202e" not in outcome.out
    assert "Handles are as in the store" in outcome.err


def test_indonesian_is_the_language_unless_told(run: Run, store: Path) -> None:
    assert "dugaan – bukan putusan" in run("explain", "ani", "x:a2", "--store", store).out


def test_json_has_all_bursts_whatever_is_told(run: Run, store: Path) -> None:
    told = run("explain", 1, "--bursts", 1, "--lang", "en", "--store", store)
    assert told.out.count("WIB: ") == 1
    assert "and 2 more" in told.out
    answer = json.loads(run("explain", 1, "--json", "--store", store).out)
    assert (answer["kind"], len(answer["bursts"]), answer["reading"]) == ("cluster", 3, "untested")


@pytest.mark.parametrize(
    ("lead", "missing", "remedy"), [(["9"], "9", "graphwatch query"), (["ani", "budi"], "'budi'", "handle")]
)
def test_what_is_not_there_fails_with_a_remedy(
    run: Run, store: Path, lead: list[str], missing: str, remedy: str
) -> None:
    outcome = run("explain", *lead, "--store", store)
    assert outcome.status == 1
    said, mended = outcome.err.strip().splitlines()
    assert missing in said
    assert remedy in mended
