"""Count pairs within 60 s, beside one lexsort of the same columns; ten million rows for memory."""

import resource
import time

import made
import numpy as np

from graphwatch.detect.counting import arrange, count_pairs


def once(rows: int) -> None:
    account, object, at_ms = made.columns(rows)
    begin = time.perf_counter()
    np.lexsort((at_ms, object))
    floor = time.perf_counter() - begin
    begin = time.perf_counter()
    pairs = count_pairs(arrange(account, object, at_ms), 60_000, 3)
    ours = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{rows:,} interactions: count {ours:.2f} s, lexsort {floor:.2f} s, ratio {ours / floor:.2f}; "
        f"{pairs.visited:,} pairs of interactions looked at, {len(pairs):,} pairs found; peak {memory:.2f} GB"
    )


def main() -> None:
    count_pairs(arrange([0, 1], [0, 0], [0, 0]), 60_000, 1)  # compile
    for rows in (1_000_000, 1_000_000, 10_000_000):
        once(rows)


if __name__ == "__main__":
    main()
