"""One way to stage a small file and look at everything that came of it."""

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from graphwatch.ingest.files import _zstd
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.persons import PersonFilter
from graphwatch.ingest.staging import stage
from graphwatch.model.tables import schema_of

NOW_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
KEY = b"k" * 32


@dataclass
class Outcome:
    taken: int
    refused: int
    reasons: dict[str, int]
    notes: list[str]
    platforms: tuple[str, ...]
    quarantine: list[dict[str, str]]
    tables: dict[str, list[dict[str, Any]]]
    order: list[str]


def _tables(staged: Any) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    order = []
    for table in staged.tables():
        rows = []
        for batch in table.batches:
            assert batch.schema == schema_of(table.element)
            rows += batch.to_pylist()
        assert rows
        order.append(table.element.name)
        tables.setdefault(table.element.name, []).extend(rows)
    return tables, order


@pytest.fixture
def stage_file(tmp_path: Path) -> Callable[..., Outcome]:
    """Stage a file, given by path or as (name, bytes); keywords go to mapping_for and stage."""

    def run(
        file: Path | bytes | str,
        kind: str = "interactions",
        *,
        name: str = "data.csv",
        encoding: str | None = None,
        delimiter: str | None = None,
        sheet: str | None = None,
        pii_filter: PersonFilter | None = None,
        **mapping: Any,
    ) -> Outcome:
        if not isinstance(file, Path):
            path = tmp_path / name
            path.write_bytes(file.encode() if isinstance(file, str) else file)
            file = path
        quarantine = tmp_path / "quarantine.csv"
        quarantine.unlink(missing_ok=True)
        working = tmp_path / "working [1]"
        working.mkdir(exist_ok=True)
        chosen = mapping_for(kind, **mapping)
        if chosen.load.of_persons and pii_filter is None:
            pii_filter = PersonFilter(KEY)
        with stage(
            file,
            chosen,
            source="s0",
            folder=working,
            quarantine=quarantine,
            now_ms=NOW_MS,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
            pii_filter=pii_filter,
        ) as staged:
            tables, order = _tables(staged)
        assert list(working.iterdir()) == []
        assert (staged.quarantine is not None) == quarantine.exists() == (staged.refused > 0)
        assert sum(staged.reasons.values()) == staged.refused
        bad = []
        if quarantine.exists():
            with quarantine.open(encoding="utf-8", newline="") as lines:
                bad = list(csv.DictReader(lines))
        return Outcome(
            staged.taken,
            staged.refused,
            staged.reasons,
            staged.notes,
            staged.platforms,
            bad,
            tables,
            order,
        )

    return run


@pytest.fixture
def packed() -> Callable[[bytes, str], bytes]:
    """Compress bytes as 'none', 'gzip' or 'zstd'."""
    zstd = partial(_zstd().compress, options={_zstd().CompressionParameter.checksum_flag: 1})
    packers: dict[str, Callable[[bytes], bytes]] = {"none": bytes, "gzip": gzip.compress, "zstd": zstd}
    return lambda content, how: packers[how](content)
