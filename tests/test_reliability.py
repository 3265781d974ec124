"""Every test that docs/reliability.md names for a promise is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_promise_names_a_test_that_is_there() -> None:
    rows = [line for line in (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").splitlines() if "|" in line]
    told = [line for line in rows if not set(line) <= set("|-: ") and not line.rstrip().endswith("tested by |")]
    assert len(told) > 20
    for line in told:
        named = re.findall(r"`(tests/[\w/]+\.py)`", line)
        assert named, line
        for name in named:
            assert re.search(r"^def test_|^    def test_", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE), (
                name
            )
