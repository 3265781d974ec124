"""Seeded interactions for benchmarks: popular and forgotten posts, bursts after publication."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import graphwatch
from graphwatch.project import Project

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


def viral(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same with 8 % of the rows on one object, and with planted groups.

    Of each thousand accounts ten are a group, which acts on twelve posts, each time within half a minute.
    """
    account, object, at_ms = columns(rows, seed)
    random = np.random.default_rng((seed, 1))
    groups, members, posts = max(1, rows // 20_000), 10, 12
    to_the_viral = random.random(rows) < (0.08 - np.mean(object == 0)) / np.mean(object != 0)
    at_ms[to_the_viral] = random.choice(at_ms[object == 0], int(to_the_viral.sum())) + random.integers(
        0, 60_000, int(to_the_viral.sum())
    )
    object[to_the_viral] = 0
    planted = random.choice(rows, groups * members * posts, replace=False).reshape(groups, members, posts)
    account[planted] = random.permutation(rows // 20)[: groups * members].reshape(groups, members, 1)
    object[planted] = random.integers(1, rows // 50, (groups, 1, posts))
    moment = START + random.integers(86_400, 40 * 86_400, (groups, 1, posts))
    at_ms[planted] = 1000 * moment + random.integers(0, 30_000, planted.shape)
    return account, object, at_ms


def heavy_tailed(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Few accounts and few objects have most of the rows (Zipf, 1.3 and 1.4), hours after publication."""
    random = np.random.default_rng((seed, 2))
    accounts, objects = rows // 20, rows // 50
    ranks = (np.arange(1, of + 1) ** -power for of, power in ((accounts, 1.3), (objects, 1.4)))
    account, object = (random.choice(len(w), rows, p=w / w.sum()).astype(np.int32) for w in ranks)
    published = START + random.integers(0, 30 * 86_400, objects)
    delay = np.exp(np.log(9_000) + 1.5 * random.standard_normal(rows))
    return account, object, ((published[object] + delay) * 1000).astype(np.int64)


def write_csv(path: Path, made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Such columns as a file that `graphwatch load` reads as it is."""
    account, object, at_ms = made
    rows = len(account)
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


def write_acts(folder: Path, rows: int, a_file: int = 5_000_000) -> None:
    """Such acts, with a viral post and planted groups, as Parquet files that `detect --acts` reads."""
    for number, begin in enumerate(range(0, rows, a_file)):
        account, object, at_ms = viral(min(a_file, rows - begin), number)
        # Each file has its share of the accounts, and the same popular posts.
        account += begin // 20
        names = {"account": account, "object": object}
        ids = {
            name: pa.DictionaryArray.from_arrays(code, pa.array([f"x:{name[0]}{i:09}" for i in range(code.max() + 1)]))
            for name, code in names.items()
        }
        kind = pa.DictionaryArray.from_arrays(np.zeros(len(account), np.int8), pa.array(["LIKED"]))
        pq.write_table(pa.table(ids | {"kind": kind, "at_ms": at_ms}), folder / f"acts-{number:03}.parquet")


@contextmanager
def loaded(rows: int) -> Iterator[Project]:
    """A project with so many of these interactions, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_csv(folder / "likes.csv", columns(rows))
        with graphwatch.open(folder / "s.gw", create=True) as project:
            project.load(folder / "likes.csv", constants={"platform": "x"})
            yield project
