"""Seeded interactions for benchmarks: popular and forgotten posts, bursts after publication."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

START = 1_727_000_000  # September 2024, in epoch seconds


def columns(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Account codes, object codes and times in milliseconds; the most popular object has about 2 % of the rows."""
    random = np.random.default_rng(seed)
    objects = rows // 50
    weights = 1 / np.arange(1, objects + 1) ** 0.9
    object = random.choice(objects, rows, p=weights / weights.sum()).astype(np.int32)
    published = START + random.integers(0, 30 * 86_400, objects)
    at_ms = ((published[object] + random.exponential(6 * 3600, rows)) * 1000).astype(np.int64)
    return random.integers(0, rows // 20, rows).astype(np.int32), object, at_ms


def write_csv(path: Path, rows: int) -> None:
    """The same as a file that `graphwatch load` reads as it is."""
    account, object, at_ms = columns(rows)
    table = pa.table(
        {
            "account": np.char.add("account-", account.astype(str)),
            "object": np.char.add("post-", object.astype(str)),
            "kind": pa.array(["like"] * rows),
            "at": at_ms,
            "content_id": np.arange(rows).astype(str),
        }
    )
    pyarrow.csv.write_csv(table, path, pyarrow.csv.WriteOptions(quoting_style="none"))
