"""The recorded cases of attacks and lost stores, each by its own script; they are beside the project, and take minutes.

What each is about is tested on small inputs of our own by the files that docs/reliability.md names.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).resolve().parents[2] / "shared"
# By folder: what is right to be said, and what is wrong. None is a fault of graphwatch, and none ends by a signal.
RIGHT: dict[str, tuple[str, str]] = {
    "cases-attack/03-glob-in-store-path": (r"a\.id\nx:bob\n(?s:.*)1 rows taken", "x:alice"),
    "cases-attack/04-lost-journal-wipes-graph": (
        r"2 entries of the journal were accepted(?s:.*)rc=1(?s:.*)rc=1",
        "rc=0",
    ),
    "cases-attack/07-path-raw-escapes-in-errors": (r"u001b\]0;owned", r"\^\["),
    "cases-attack/09-parquet-name-not-utf8": (r"found\.parquet: the Parquet file cannot be read", "rows taken"),
    "cases-attack/10-query-values-unexpected": (r"\A\Z", "."),
    "cases-attack/11-query-memory-and-timeout": (r"rc=1", "RSS"),
    "cases-attack/12-query-planning-ignores-timeout": (r"levenshtein rc=[01] ", r"rc=(?![01] )|after [1-9]\d s"),
    "cases-attack/13-devices-and-fifos": (r"this is not a file(?s:.*)rc=1", "RSS|rc=(?!1)"),
    "cases-attack/15-log-duplicate-key-not-found": (r"line 1: the line is not what was written(?s:.*)rc=1", "rc=0"),
    "cases-attack/16-readable-keys-accepted": ("others may read the key", "rows taken"),
    "cases-attack/21-encoding-idna": ("there is no text encoding 'idna'", "rows taken"),
    "cases-store/01-kill-in-commit": (r"(delay \d+: The journal is whole.*\s+)+", "rebuild rc"),
    "cases-store/01b-kill-in-checkpoint": (r"4000,4000(?s:.*)4000,4000", "rc [1-9]"),
    "cases-store/02-xlsx-far-cell-abort": (r"farcell\.xlsx: the sheet cannot be read(?s:.*)rc 1", "rc 134"),
    "cases-store/04-wal-checkpoint-left": (r"rebuild rc=0(?s:.*)The journal is whole", "rebuild rc=[1-9]"),
    "cases-store/05-parquet-bad-column-name": (r"bad\.parquet: the Parquet file cannot be read(?s:.*)rc 1", "rc 0"),
    "cases-store/11-rebuild-deletes-good-graph": (r"2000(?s:.*)rc 1\nn\n2000", "rc 0"),
}


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
