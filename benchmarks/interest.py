"""Fit the BiCM and test ten thousand pairs, beside the sort that makes the matrix of the same columns binary."""

import time

import made
import numpy as np

from graphwatch.detection.counting.pairs import arrange
from graphwatch.detection.families.bicm import fit, shared_interest

PAIRS = 10_000


def once(rows: int) -> None:
    account, object, at_ms = made.columns(rows)
    actions = arrange(account, object, at_ms)
    random = np.random.default_rng(1)
    first = account[random.integers(0, rows, PAIRS)]
    second = account[random.integers(0, rows, PAIRS)]
    second = np.where(first == second, (second + 1) % actions.accounts, second)
    begin = time.perf_counter()
    found = shared_interest(actions, first, second)
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    sorted_keys = np.sort(account.astype(np.int64) * (int(object.max()) + 1) + object)
    distinct = 1 + np.count_nonzero(np.diff(sorted_keys))
    floor = time.perf_counter() - begin
    print(
        f"{rows:,} interactions ({distinct:,} distinct), {PAIRS:,} pairs: {ours:.2f} s, sort {floor:.2f} s, "
        f"ratio {ours / floor:.2f}; largest error of a degree {found.error:.1e}"
    )


def heavy_tails() -> None:
    """Thousands of distinct degrees on both sides, where the fit itself is the work."""
    random = np.random.default_rng(2)
    account, object = (
        random.choice(size, 10_000_000, p=weights / weights.sum()).astype(np.int64)
        for size, weights in ((n, np.arange(1, n + 1) ** -0.7) for n in (300_000, 100_000))
    )
    account, object = np.divmod(np.unique(account * 100_000 + object), 100_000)
    accounts, objects = np.bincount(account), np.bincount(object)
    begin = time.perf_counter()
    model = fit(accounts, objects)
    print(
        f"{len(account):,} distinct interactions, {len(model.row)} × {len(model.column)} distinct degrees: fit "
        f"{time.perf_counter() - begin:.2f} s, largest error of a degree {model.error:.1e}"
    )


def main() -> None:
    shared_interest(arrange([0, 1], [0, 1], [0, 0]), [0], [1])  # compile
    heavy_tails()
    for rows in (1_000_000, 10_000_000):
        once(rows)


if __name__ == "__main__":
    main()
