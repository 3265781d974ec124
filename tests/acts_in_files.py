"""Acts in Parquet files for tests, what is found in them, and whether two findings are the same."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.run import Ran, run_question
from graphwatch.model.tables import InteractionColumns

ASKED = Parameters(60_000, 3, fdr=0.05, layers=True, sensitivity=True)
START_MS = 1_727_000_000_000


def made_acts(rows: int = 6_000) -> pa.Table:
    """Chance, one post that half of all acts are on, and three groups of five on twelve posts each."""
    random = np.random.default_rng(3)
    account, post = random.integers(0, rows // 20, rows), random.integers(1, rows // 40, rows)
    at_ms = START_MS + 1000 * random.integers(0, 20 * 86_400, rows)
    post[::2], at_ms[::2] = 0, START_MS + random.integers(0, 6 * 3_600_000, rows // 2)
    for group in range(3):
        for n in range(12):
            places = 1 + 2 * (60 * group + 5 * n + np.arange(5))
            account[places], post[places] = 5 * group + np.arange(5), 1 + 12 * group + n
            at_ms[places] = START_MS + 86_400_000 * n + 1000 * random.integers(0, 30, 5)
    kinds = np.where(random.random(rows) < 0.7, "LIKED", "SHARED")
    table = pa.table(
        {
            "account": [f"x:a{a:05}" for a in account.tolist()],
            "object": [f"x:p{p:05}" for p in post.tolist()],
            "kind": kinds.tolist(),
            "at_ms": at_ms,
        }
    )
    # A like is a state: one of each account and post.
    first = table.append_column("row", pa.array(np.arange(rows))).group_by(["account", "object", "kind"])
    return table.take(pa.array(sorted(first.aggregate([("row", "min")])["row_min"].to_pylist())))


def written(folder: Path, acts: pa.Table, parts: int = 2) -> str:
    size = -(-acts.num_rows // parts)
    for part in range(parts):
        pq.write_table(acts.slice(part * size, size), folder / f"acts-{part}.parquet")
    return str(folder / "acts-*.parquet")


def asked_of(columns: InteractionColumns) -> Ran:
    run, data = identify(columns, ASKED, "")
    return run_question(columns, ASKED, run=run, data=data, version="")


def check_same(one: Any, other: Any, where: str = "") -> None:
    """Equal to the last digit, in all that a run holds."""
    if is_dataclass(one):
        for field in fields(one):
            check_same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            check_same(a, b, f"{where}[{n}]")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), where
    else:
        assert one == other, where
