"""What counting on Spark sends between machines, and how even its tasks are: simulated here, without Spark.

    python benchmarks/blocks.py 3000000 64
    python benchmarks/blocks.py 3000000 64 heavy

The acts are cut into blocks for so many tasks at once, and each two blocks are counted, by the functions that run on a
cluster's machines. Beside what was counted it prints what the formulas of docs/scale.md say of it, and the same acts
counted at once, on one thread.
"""

import pickle
import sys
import time

import made
import numpy as np

from graphwatch.detection.counting import kernels
from graphwatch.detection.counting.blocks import count_between, cut, tasks_of
from graphwatch.detection.counting.pairs import Asked, Counted, arrange, count_pairs, counting_by

WINDOW_MS, LEAST = 60_000, 3
ACT_BYTES, PAIR_BYTES, EACH = 16, 12, 4


def main() -> None:
    rows, at_once = int(sys.argv[1]), int(sys.argv[2])
    actions = arrange(*(made.heavy_tailed if sys.argv[3:] else made.viral)(rows), accounts=rows // 20)

    def counted(asked: Asked, threads: int | None) -> Counted:  # noqa: ARG001
        blocks = list(cut(asked, at_once, EACH))
        tasks = tasks_of(len(blocks))
        sent = sum(len(pickle.dumps(tuple(block), protocol=5)) for block in blocks)
        found, seconds = [], []
        for one, other in tasks:
            begun = time.process_time()
            found.append(count_between(blocks[one], blocks[other], WINDOW_MS, LEAST))
            seconds.append(time.process_time() - begun)
        first, second, n = np.concatenate(found, axis=1)
        side = asked.left.side
        begun = time.process_time()
        kernels.count_range(side, side, 0, asked.low, asked.high, 0, asked.left.accounts, LEAST, WINDOW_MS)
        once = time.process_time() - begun
        left, visits, median = len(asked.left.account), int((asked.high - asked.low).sum()), float(np.median(seconds))
        print(
            f"{rows:,} acts, {left:,} left, {at_once} tasks at once: {len(blocks)} blocks, {len(tasks)} tasks\n"
            f"  sent to each machine at most {sent / 1e6:.1f} MB; by the formula {left * ACT_BYTES / 1e6:.1f} MB\n"
            f"  pairs sent back {len(first):,} ({len(first) * PAIR_BYTES / 1e6:.2f} MB), of {visits:,} pairs of acts "
            f"within the window\n"
            f"  seconds of processor of all tasks {sum(seconds):.2f}, of the count at once {once:.2f}; the largest "
            f"{max(seconds):.3f}, which is {max(seconds) / median:.2f} times the median"
        )
        return first, second, n

    expected = count_pairs(actions, WINDOW_MS, LEAST)
    with counting_by(counted):
        found = count_pairs(actions, WINDOW_MS, LEAST)
    assert np.array_equal(expected.first, found.first)
    assert np.array_equal(expected.second, found.second)
    assert np.array_equal(expected.n, found.n)


if __name__ == "__main__":
    main()
