"""The recorded cases of attacks and lost stores, which are beside the project: their files, and their scripts if asked.

The scripts take minutes. What each is about is tested on small inputs of our own by the files that docs/reliability.md
names.
"""

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import InputError, StoreError

CASES = Path(__file__).resolve().parents[2] / "shared"
# By folder: what is right to be said, and what is wrong. None is a fault of graphwatch, and none ends by a signal.
RIGHT: dict[str, tuple[str, str]] = {
    "cases-attack/03-glob-in-store-path": (r"a\.id\nx:bob\n(?s:.*)1 rows taken", "x:alice"),
    "cases-attack/04-lost-journal-wipes-graph": (
        r"2 entries of the journal were accepted(?s:.*)rc=1(?s:.*)rc=1",
        "rc=0",
    ),
    "cases-attack/06-shell-csv-raw-escapes": (r"u001b\]0;owned", r"\^\["),
    "cases-attack/07-path-raw-escapes-in-errors": (r"u001b\]0;owned", r"\^\["),
    "cases-attack/09-parquet-name-not-utf8": (r"found\.parquet: the Parquet file cannot be read", "rows taken"),
    "cases-attack/10-query-values-unexpected": (r"\A\Z", "."),
    "cases-attack/11-query-memory-and-timeout": (r"rc=1", "RSS"),
    "cases-attack/12-query-planning-ignores-timeout": (r"levenshtein rc=[01] ", r"rc=(?![01] )|after [1-9]\d s"),
    "cases-attack/13-devices-and-fifos": (r"this is not a file(?s:.*)rc=1", "RSS|rc=(?!1)"),
    "cases-attack/15-log-duplicate-key-not-found": (r"line 1: the line is not what was written(?s:.*)rc=1", "rc=0"),
    "cases-attack/16-readable-keys-accepted": ("others may read the key", "rows taken"),
    "cases-attack/19-pseudonyms-reversed-by-time": (
        r"posts \d+ found again 0\naccounts \d+ found again 0\n",
        r"again [1-9]",
    ),
    "cases-attack/21-encoding-idna": ("there is no text encoding 'idna'", "rows taken"),
    "cases-store/01-kill-in-commit": (r"(delay \d+: The journal is whole.*\s+)+", "rebuild rc"),
    # It is of an earlier model: brought over before it answers, with every row, once.
    "cases-store/01b-kill-in-checkpoint": (
        r"`graphwatch store rebuild`(?s:.*)COMMENTED: 4,000 before, 4,000 now(?s:.*)rc 0\n6 (?s:.*)4000,4000\nrc 0",
        r"(?s)5 rebuild.*rc [1-9]",
    ),
    "cases-store/02-xlsx-far-cell-abort": (r"farcell\.xlsx: the sheet cannot be read(?s:.*)rc 1", "rc 134"),
    "cases-store/04-wal-checkpoint-left": (r"rebuild rc=0(?s:.*)The journal is whole", "rebuild rc=[1-9]"),
    "cases-store/05-parquet-bad-column-name": (r"bad\.parquet: the Parquet file cannot be read(?s:.*)rc 1", "rc 0"),
    # The graph follows when it is asked, so there was none before the damage: every command names the damaged file.
    "cases-store/11-rebuild-deletes-good-graph": (
        r"(COMMENTED\S* is not the file that was written(?s:.*)){3}",
        r"rc 0|n\n\d",
    ),
}


# What a file of a case is, loaded here, and what is said of it.
FILES = {
    "cases-attack/09-parquet-name-not-utf8/found.parquet": "the Parquet file cannot be read",
    "cases-store/02-xlsx-far-cell-abort/farcell.xlsx": "the sheet cannot be read",
    "cases-store/05-parquet-bad-column-name/bad.parquet": "the Parquet file cannot be read",
}


@pytest.fixture(scope="module")
def folders() -> list[str]:
    found = sorted(str(script.parent.relative_to(CASES)) for script in CASES.glob("cases-*/*/cmd.sh"))
    if not found:
        pytest.skip(f"the recorded cases are not here: they belong in {CASES} beside the project")
    return found


def test_every_case_has_a_right_answer(folders: list[str]) -> None:
    assert folders == sorted(RIGHT)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("folders")
def test_its_file_is_refused_with_its_name(name: str, tmp_path: Path) -> None:
    path = CASES / name
    with (
        graphwatch.open(tmp_path / "s.gw", create=True) as project,
        pytest.raises(InputError, match=FILES[name]) as caught,
    ):
        project.load(path)
    assert caught.value.where == str(path)
    assert caught.value.remedy


@pytest.mark.usefixtures("folders")
def test_a_store_that_was_killed_in_a_checkpoint_is_brought_over_whole(tmp_path: Path) -> None:
    with tarfile.open(CASES / "cases-store" / "01b-kill-in-checkpoint" / "killed.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    (place,) = tmp_path.glob("*.gw")
    with graphwatch.open(place) as project:
        with pytest.raises(StoreError, match="model version"):
            project.query("MATCH (a:Account) RETURN a.id")
        project.rebuild()
        cypher = "MATCH ()-[r:COMMENTED]->() RETURN count(*) AS n, count(DISTINCT r.id) AS d"
        assert project.query(cypher).to_arrow().to_pylist() == [{"n": 4000, "d": 4000}]
        assert project.verify() == {}


@pytest.mark.skipif("GRAPHWATCH_TEST_CASES" not in os.environ, reason="takes minutes: set GRAPHWATCH_TEST_CASES=1")
@pytest.mark.parametrize("name", RIGHT)
def test_it_ends_as_it_should(name: str) -> None:
    script = CASES / name / "cmd.sh"
    if not script.is_file():
        pytest.skip(f"the recorded cases are not here: they belong in {CASES} beside the project")
    environment = {**os.environ, "GW": str(Path(sys.executable).parent / "graphwatch"), "PYTHONPATH": ""}
    done = subprocess.run(
        ["bash", str(script)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    right, wrong = RIGHT[name]
    assert "unexpected" not in said, said
    assert re.search(right, said), said
    assert not re.search(wrong, said), said
