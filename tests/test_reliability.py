"""Every test that docs/reliability.md names for a promise is there; vulnerabilities are found without a network."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_every_promise_names_a_test_that_is_there() -> None:
    pages = [(ROOT / name).read_text(encoding="utf-8") for name in ("SECURITY.md", "docs/reliability.md")]
    pages[1] = re.sub(r"<!-- the last runs -->.*<!-- to here -->", "", pages[1], flags=re.DOTALL)
    rows = [line for page in pages for line in page.splitlines() if "|" in line]
    told = [line for line in rows if not set(line) <= set("|-: ") and not line.rstrip().endswith("tested by |")]
    assert len(told) > 40
    for line in told:
        named = re.findall(r"`(tests/[\w/]+\.py)`", line)
        assert named, line
        for name in named:
            assert re.search(r"^def test_|^    def test_", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE), (
                name
            )


LOCKED = re.search(r"^jinja2==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    ("events", "versions", "concerned"),
    [
        ([{"introduced": "0"}, {"fixed": "99"}], [], True),
        ([{"introduced": "0"}, {"fixed": "2.0"}], [], False),
        ([{"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "3.0"}], [], True),
        ([{"introduced": "0"}, {"last_affected": "2.0"}], [], False),
        ([], [LOCKED and LOCKED[1]], True),
        ([], ["2.0"], False),
    ],
)
def test_a_database_in_a_file_tells_what_is_vulnerable(
    tmp_path: Path, events: list[dict[str, str]], versions: list[str], concerned: bool
) -> None:
    about = {"package": {"ecosystem": "PyPI", "name": "Jinja2"}, "versions": versions}
    advisory = {"id": "X-1", "affected": [about | {"ranges": [{"type": "ECOSYSTEM", "events": events}]}]}
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("X-1.json", json.dumps(advisory))
    command = [sys.executable, str(ROOT / "tools" / "supply.py"), "audit", str(tmp_path / "all.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == concerned, done.stderr
    assert ("jinja2" in done.stdout) == concerned
