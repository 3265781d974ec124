"""What counting on Spark would send between machines, and how even its pieces are: simulated here, without Spark.

    python benchmarks/shuffle.py 1000000 64

The rows are cut into so many pieces and each is counted, by the functions that run on a cluster's machines. Beside what
was counted it prints what the formulas of docs/scale.md say of it: rows that are sent are those that are left and, at
each cut, those of the same object a window before and after it; pairs that are sent are at most the pairs of rows
within the window.
"""

import sys
import time
from types import SimpleNamespace

import made
import numpy as np
import pyarrow as pa

from graphwatch.detection import spark, spark_kernels
from graphwatch.detection.counting import Actions, Ints, arrange, count_pairs, counting_by
from graphwatch.detection.counting_kernels import windows

WINDOW_MS, LEAST = 60_000, 3
# Of a placed row and of a pair as they are sent: the widths of their columns.
ROW_BYTES, PAIR_BYTES = 21, 20


def main() -> None:
    rows, pieces = int(sys.argv[1]), int(sys.argv[2])
    account, object, at_ms = made.viral(rows)
    actions = arrange(account, object, at_ms, accounts=rows // 20)

    def found(left: Actions, heavy: Ints, cuts: spark.Cuts, window_ms: int, _: int) -> tuple[Ints, Ints, Ints]:
        shared = SimpleNamespace(value=(np.diff(left.start) > 0, heavy, *cuts))
        columns = {name: pa.array(getattr(left, name)) for name in ("account", "object", "kind", "at_ms")}
        batch = pa.RecordBatch.from_pydict(columns)
        placed = pa.Table.from_batches(list(spark._placed(shared, np.unique(left.kind), window_ms, iter([batch]))))
        row, piece, own = spark_kernels.places(left.object, left.at_ms, *cuts, window_ms)
        low, high = windows(left.object, left.at_ms, window_ms)
        work = spark_kernels.work_of_rows(left.account, left.object, low, high, heavy)
        work = np.bincount(piece[own], weights=work[row[own]], minlength=pieces)
        sent, seconds = np.zeros(pieces, np.int64), np.zeros(pieces)
        for number, some in enumerate(np.split(np.argsort(piece, kind="stable"), np.cumsum(np.bincount(piece))[:-1])):
            batches = placed.take(pa.array(some)).to_batches()
            begun = time.process_time()
            sent[number] = sum(part.num_rows for part in spark._counted(shared, window_ms, iter(batches)))
            seconds[number] = time.process_time() - begun
        around = sum(
            int(((left.object == o) & (np.abs(left.at_ms - t) <= window_ms)).sum()) for o, t in zip(*cuts, strict=True)
        )
        visits = int((high - low).sum())
        print(
            f"{rows:,} acts, {len(left.account):,} left, {pieces} pieces\n"
            f"  rows sent {placed.num_rows:,} ({placed.num_rows * ROW_BYTES / 1e6:.1f} MB); by the formula at most "
            f"{len(left.account) + around:,}\n"
            f"  pairs sent {sent.sum():,} ({sent.sum() * PAIR_BYTES / 1e6:.1f} MB); by the formula at most {visits:,}, "
            f"a share of {sent.sum() / visits:.3f}\n"
            f"  work of the largest piece {work.max() / np.median(work):.2f} times the median, its time "
            f"{seconds.max() / np.median(seconds):.2f} times (median {np.median(seconds):.3f} s of processor)"
        )
        return (np.empty(0, np.int32),) * 3

    with counting_by(lambda left, window_ms, least, _: spark.in_pieces(left, window_ms, least, pieces, found)):
        count_pairs(actions, WINDOW_MS, LEAST)


if __name__ == "__main__":
    main()
