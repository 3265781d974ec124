import json
import os
import subprocess
import sys
from pathlib import Path

import portalocker
import pytest

from graphwatch.common import locks
from graphwatch.errors import StoreDamaged, StoreError, StoreLocked
from graphwatch.privacy.access_log import AccessLog


@pytest.fixture
def log(tmp_path: Path) -> AccessLog:
    log = AccessLog(tmp_path / "access.jsonl")
    for number in range(4):
        log.record("unmask", f"klarifikasi kasus {number}\nbaris dua\u2028", "sari", {"run": f"R-{number}"})
    return log


def lines(log: AccessLog) -> list[str]:
    return log.path.read_text("ascii").splitlines(keepends=True)


def test_what_was_recorded_can_be_read(log: AccessLog) -> None:
    entries = [json.loads(line) for line in lines(log)]
    assert log.verify() == 4
    assert [entry["details"]["run"] for entry in entries] == ["R-0", "R-1", "R-2", "R-3"]
    assert entries[0]["reason"] == "klarifikasi kasus 0\nbaris dua\u2028"
    assert entries[0]["who"] == "sari"
    assert entries[0]["at"].endswith("+00:00")
    assert [e["previous"] for e in entries[1:]] == [e["sha256"] for e in entries[:-1]]
    assert log.head() == entries[-1]["sha256"]


def test_a_log_that_does_not_exist_has_no_lines(tmp_path: Path) -> None:
    assert AccessLog(tmp_path / "none").verify() == 0


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("field", ["at", "who", "action", "reason", "details", "previous", "sha256"])
def test_a_changed_line_is_named(log: AccessLog, place: int, field: str) -> None:
    changed = lines(log)
    entry = json.loads(changed[place])
    entry[field] = {"run": "R-9"} if field == "details" else f"{entry[field]}0"
    changed[place] = json.dumps(entry) + "\n"
    log.path.write_text("".join(changed))
    with pytest.raises(StoreDamaged, match=f"line {place + 1}"):
        log.verify()


def test_a_field_that_was_added_is_found(log: AccessLog) -> None:
    changed = lines(log)
    changed[1] = json.dumps({**json.loads(changed[1]), "note": "x"}) + "\n"
    log.path.write_text("".join(changed))
    with pytest.raises(StoreDamaged, match="line 2"):
        log.verify()


@pytest.mark.parametrize(
    ("written", "forged"),
    [
        ('"reason": ', '"reason": "nobody asked", "reason": '),
        ('"reason": ', '"reason":  '),
        ('"who": "sari"', '"who": "\\u0073ari"'),
    ],
)
def test_a_change_that_leaves_the_values_is_found(log: AccessLog, written: str, forged: str) -> None:
    changed = lines(log)
    assert written in changed[1]
    changed[1] = changed[1].replace(written, forged)
    log.path.write_text("".join(changed))
    with pytest.raises(StoreDamaged, match="line 2"):
        log.verify()


@pytest.mark.parametrize("change", ["remove", "swap", "repeat", "garbage", "blank"])
def test_lines_that_went_or_came_are_found(log: AccessLog, change: str) -> None:
    one, two, three, four = lines(log)
    texts = {
        "remove": [one, three, four],
        "swap": [one, three, two, four],
        "repeat": [one, one, two, three, four],
        "garbage": [one, "[1, 2]\n", two, three, four],
        "blank": [one, "\n", two, three, four],
    }
    log.path.write_text("".join(texts[change]))
    with pytest.raises(StoreDamaged, match="line 2"):
        log.verify()
    with pytest.raises(StoreDamaged, match="line 2"):
        log.record("unmask", "more", "sari", {})


def test_a_line_cut_off_by_a_crash_is_named_and_the_next_record_says_so(log: AccessLog) -> None:
    with log.path.open("a") as file:
        file.write('{"at": "2024-')
    with pytest.raises(StoreDamaged, match="line 5"):
        log.verify()
    log.record("unmask", "after", "sari", {})
    assert log.verify() == 5
    assert json.loads(lines(log)[-1])["details"] == {"unfinished_bytes_dropped": 13}


WRITER = """
import sys
from pathlib import Path
from graphwatch.privacy.access_log import AccessLog
for number in range(20):
    AccessLog(Path(sys.argv[1])).record("export", "rutin", sys.argv[2], {"number": number})
"""


def test_two_writers_at_once_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "access.jsonl"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], env=environment) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert AccessLog(path).verify() == 40


def test_a_held_lock_is_reported(log: AccessLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCK_WAIT_SECONDS", 0.0)
    with portalocker.Lock(f"{log.path}.lock"), pytest.raises(StoreLocked):
        log.record("export", "rutin", "sari", {})
    assert log.verify() == 4


def test_the_first_line_makes_the_folder(tmp_path: Path) -> None:
    log = AccessLog(tmp_path / "none" / "log")
    log.record("export", "rutin", "sari", {})
    assert log.verify() == 1


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "none").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError):
        AccessLog(tmp_path / "none" / "log").record("export", "rutin", "sari", {})
