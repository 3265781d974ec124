"""Counts of the last long runs are kept in `last_run.json`, for docs/reliability.md."""

import json
from pathlib import Path


def keep(name: str, value: object) -> None:
    """Keep what a run has shown, for the page that tells it."""
    path = Path(__file__).with_suffix(".json")
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**known, name: value}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
