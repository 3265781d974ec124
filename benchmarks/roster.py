"""Load a roster of 400,000 persons and 50,000 of their accounts, and ask for coverage beside a million interactions.

The floor of the loads is bare reading of the files and a bare COPY of the same tables, with nothing checked, hashed,
encrypted or kept. The floor of coverage is counting the interactions, which touches each of them once.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import ladybug
import made
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import graphwatch
from graphwatch.model import elements
from graphwatch.model.declaring import Relation
from graphwatch.store.embedded import slim
from graphwatch.store.embedded.graph import copy_rows, create_table

T = TypeVar("T")

AGENCIES = 600


def write_roster(path: Path, persons: int) -> pa.Array:
    """A roster with names that several share; the NIP of everybody on it."""
    random = np.random.default_rng(1)
    count = np.arange(persons)
    born = 19_600_101 + 10_000 * (count % 40)
    nips = pa.array([f"{b}{201_001 + n // 1000 % 12}1{n % 999 + 1:03}" for b, n in zip(born, count, strict=True)])
    nips = pa.array([f"{nip[:8]}{n:07}{nip[15:]}" for n, nip in enumerate(nips.to_pylist())])
    agency = random.integers(0, AGENCIES, persons)
    table = pa.table(
        {
            "nip": nips,
            "name": [f"Pegawai {a} {b}" for a, b in random.integers(0, 700, (persons, 2))],
            "agency": [f"OPD-{a}" for a in agency],
            "agency_name": [f"Dinas {a}" for a in agency],
            "kind": ["pns" if n % 4 else "pppk" for n in count],
            "valid_from": ["1 Januari 2020"] * persons,
        }
    )
    pa.csv.write_csv(table, path, pa.csv.WriteOptions(quoting_style="none"))
    return nips


def write_accounts(path: Path, nips: pa.Array, accounts: int) -> None:
    """Accounts that also act in the interactions of `made`."""
    holders = np.random.default_rng(2).choice(len(nips), accounts, replace=False)
    table = pa.table(
        {
            "platform": ["x"] * accounts,
            "account": [f"account-{n}" for n in range(accounts)],
            "nip": nips.take(pa.array(holders)),
            "basis": ["verified" if n % 2 else "self-declared" for n in range(accounts)],
        }
    )
    pa.csv.write_csv(table, path, pa.csv.WriteOptions(quoting_style="none"))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    outcome = work()
    return outcome, time.perf_counter() - begin


def bare(files: list[Path], journal: Path, database: Path, entries: slice) -> float:
    """Read the files, and copy the tables that came of them."""
    folders = sorted(journal.iterdir())[entries]
    parts = [(file.stem.split("-"), file) for folder in folders for file in sorted(folder.glob("*-insert.parquet"))]
    tables = [(name, ends, pq.read_table(file)) for (_, name, *ends, _), file in parts if name != "Source"]
    with ladybug.Database(database) as opened, ladybug.Connection(opened) as connection:
        for element in elements():
            connection.execute(create_table(element))
        begin = time.perf_counter()
        for file in files:
            pa.csv.read_csv(file)
        for element in elements():
            for name, ends, rows in tables:
                if name == element.name:
                    start, end = ends if isinstance(element, Relation) else (None, None)
                    connection.execute(copy_rows(element, start, end), {"t": slim.rows(element, rows)})
        return time.perf_counter() - begin


def main() -> None:
    persons, accounts, rows = (int(word) for word in sys.argv[1:4] or (400_000, 50_000, 1_000_000))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = [folder / name for name in ("roster.csv", "accounts.csv", "acts.csv")]
        write_accounts(files[1], write_roster(files[0], persons), accounts)
        made.write_csv(files[2], made.columns(rows))
        with graphwatch.open(folder / "s.gw", create=True) as project:
            first, of_roster = timed(lambda: project.load(files[0], kind="roster"))
            second, of_accounts = timed(lambda: project.load(files[1], kind="accounts-of-asn"))
            assert (first.taken, second.taken) == (persons, accounts), (first.reasons, second.reasons)
            floor = bare(files[:2], folder / "s.gw" / "journal", folder / "bare.lbug", slice(0, 2))
            project.load(files[2], constants={"platform": "x"})
            found, of_coverage = timed(project.coverage)
            count = "MATCH (:Account)-[r:LIKED]->(:Post) RETURN count(r.id) AS n"
            _, counting = timed(lambda: project.store.read(count))
            vault = (folder / "s.gw" / "vault" / "persons.vault").stat().st_size / 1e6
    assert found.interactions == rows
    ours = of_roster + of_accounts
    print(
        f"{persons:,} persons in {of_roster:.1f} s and {accounts:,} accounts in {of_accounts:.1f} s; "
        f"bare reading and COPY {floor:.1f} s, ratio {ours / floor:.1f}; vault {vault:.1f} MB"
    )
    print(f"coverage beside {rows:,} interactions {of_coverage:.2f} s; counting them alone {counting:.2f} s")


if __name__ == "__main__":
    main()
