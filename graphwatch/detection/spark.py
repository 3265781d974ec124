"""Counting on an Apache Spark that an office has: acts are read, coded and counted there, and tested here.

Spark keeps the acts, and counts what is quadratic: which accounts are within the window of each other. The rows are cut
into pieces of equal work in order of object and time, so that an object on which everybody acted is in several, each
with the acts a window before and after it; pairs are added up inside a piece before they travel. All else, which is
linear or about few pairs, is done where graphwatch runs, by the same code as without Spark.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.detection import counting_kernels as kernels
from graphwatch.detection import spark_kernels
from graphwatch.detection.act_files import (
    ID_PATTERN,
    PUBLISHED,
    check_columns,
    check_ids,
    check_kinds,
    check_scope,
    code_of_kind,
    columns_of,
    filled,
    wanted,
)
from graphwatch.detection.clusters import Mask
from graphwatch.detection.counting import Actions, Counted, Ints, Longs, indexed
from graphwatch.detection.spark_session import session_on, told
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns

# Pieces for each task that runs at once: the last ones to end are then short.
_PIECES_A_TASK: Final = 4
# So many ids and their codes take some 200 MB of each executor, a fifth of what one has where nothing was settled.
_IDS_EVERYWHERE: Final = 2_000_000
_TYPES: Final = {"string": "VARCHAR", "bigint": "BIGINT"}
_ROWS: Final = "account int, object int, kind tinyint, at_ms bigint"
_PACKED: Final = "account binary, object binary, kind binary, at_ms binary"
_PLACED: Final = "piece int, own boolean, account int, object int, at_ms bigint"
_PARTS: Final = "first int, second int, object int, n int, left int"


# Object and time of the first row of each piece but the first.
Cuts = tuple[Ints, Longs]
Finding = Callable[[Actions, Ints, Cuts, int, int], tuple[Ints, Ints, Ints]]


class Cluster:
    """A Spark session and the acts that it keeps; `count` is a `Counting` of them."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._acts: Any = None

    def read(self, pattern: str, scope: Scope) -> InteractionColumns:
        """The acts in scope of Parquet files that Spark reaches; it keeps them, and here they are columns.

        Raises:
            InputError: there is no such file, one cannot be read or has other columns, or an id is none.
        """
        from pyspark.sql import functions as f

        check_scope(scope)
        with told(pattern):
            files = self._session.read.option("mergeSchema", "true").parquet(pattern)
            check_columns({name: _TYPES.get(type, type) for name, type in files.dtypes}, pattern)
            published = f.col(PUBLISHED) if PUBLISHED in files.columns else f.lit(None).cast("bigint")
            found = files.groupBy("kind").agg(f.count_if(f.col("at_ms").isNull())).collect()
            untimed: dict[str | None, int] = dict(map(tuple, found))
            check_kinds(next((str(kind) for kind in untimed if kind not in POST_INTERACTIONS), None), pattern)
            acts = files.where(wanted(scope)).select(
                "account", "object", f.expr(code_of_kind(scope)).alias("kind"), "at_ms", published.alias(PUBLISHED)
            )
            accounts, objects = (_named(acts, name, pattern) for name in ("account", "object"))
            acts = acts.where("at_ms IS NOT NULL")
            self._keep(self._coded(acts, accounts["id"], objects["id"]))
            columns = self._columns()
        counted = {code: untimed.get(kind, 0) for code, kind in enumerate(scope.kinds)}
        published_ms = objects[PUBLISHED].fill_null(-1)
        return columns_of(columns, accounts["id"], objects["id"], published_ms, counted, scope)

    def share(self, columns: InteractionColumns | Actions) -> None:
        """Have Spark keep acts that were read here."""
        names = ("account", "object", "kind", "at_ms")
        with told("the acts of the store"):
            self._keep(self._session.createDataFrame(pa.table({name: getattr(columns, name) for name in names})))

    def count(self, left: Actions, window_ms: int, least: int, threads: int | None) -> Counted:  # noqa: ARG002
        """Pairs that are together on `least` objects, among the accounts that `left` has."""
        with told("Spark"):
            return in_pieces(left, window_ms, least, self._pieces(), self._found)

    def _found(self, left: Actions, heavy: Ints, cuts: Cuts, window_ms: int, least: int) -> tuple[Ints, Ints, Ints]:
        from pyspark.sql import functions as f

        share = self._session.sparkContext.broadcast
        shared = share((np.diff(left.start) > 0, heavy, *cuts))
        kinds = np.unique(left.kind)
        pieces = len(cuts[0]) + 1
        parts = (
            self._acts.mapInArrow(partial(_placed, shared, kinds, window_ms), _PLACED)
            .repartitionById(pieces, "piece")
            .mapInArrow(partial(_counted, shared, window_ms), _PARTS)
            # Both sums find their rows in one place, so that pairs travel once.
            .repartition(pieces, "first", "second")
            .groupBy("first", "second", "object")
            .agg(f.max("n").alias("n"), f.max("left").alias("left"))
            .groupBy("first", "second")
            .agg(f.sum("n").cast("int").alias("n"), f.max("left").alias("left"))
            .where(f"n + left >= {least:d}")
            .select("first", "second", "n")
        )
        found = parts.toArrow()
        shared.destroy()
        first, second, n = (found[name].to_numpy().astype(np.int32) for name in ("first", "second", "n"))
        return first, second, n

    def _pieces(self) -> int:
        return max(2, _PIECES_A_TASK * int(self._session.sparkContext.defaultParallelism))

    def _coded(self, acts: Any, accounts: pa.ChunkedArray, objects: pa.ChunkedArray) -> Any:
        from pyspark.sql import functions as f

        for name, ids in (("account", accounts), ("object", objects)):
            codes = self._session.createDataFrame(
                pa.table({name: ids, f"{name}_code": np.arange(len(ids), dtype=np.int32)})
            )
            # Where the ids are everywhere, no act has to travel to meet its own.
            acts = acts.join(f.broadcast(codes) if len(ids) <= _IDS_EVERYWHERE else codes, name)
        return acts.selectExpr("account_code AS account", "object_code AS object", "kind", "at_ms")

    def _keep(self, acts: Any) -> None:
        from pyspark import StorageLevel

        self._acts = acts.persist(StorageLevel.MEMORY_AND_DISK)

    def _columns(self) -> dict[str, Any]:
        """What is kept, in order; a part of it after the other, so that Spark's driver never holds all."""
        rows = self._acts.count()
        packed = self._acts.orderBy("object", "at_ms", "account", "kind").mapInArrow(_packed, _PACKED)
        return filled(rows, map(_unpacked, packed.toLocalIterator()))


@contextmanager
def connected(master: str | None) -> Iterator[Cluster]:
    """What Spark at that address counts; raises what `session_on` raises."""
    with session_on(master) as session:
        yield Cluster(session)


def _named(acts: Any, name: str, pattern: str) -> pa.Table:
    """Columns `id` and `published_ms` of the accounts or objects of timed acts, sorted; all are checked."""
    from pyspark.sql import functions as f

    each = acts.groupBy(f.col(name).alias("id")).agg(
        f.bool_or(f.col("at_ms").isNotNull()).alias("is_timed"),
        f.max(f.when(f.col("at_ms").isNotNull(), f.col(PUBLISHED))).alias(PUBLISHED),
    )
    found = each.toArrow()
    wrong = found["id"].filter(pc.invert(pc.fill_null(pc.match_substring_regex(found["id"], ID_PATTERN), False)))
    check_ids(str(wrong[0].as_py()) if len(wrong) else None, pattern)
    return found.filter(found["is_timed"]).sort_by("id")


def in_pieces(left: Actions, window_ms: int, least: int, pieces: int, found: Finding) -> Counted:
    """Have pairs counted apart but for each account's heaviest objects, and complete those that may be enough.

    Args:
        found: gives first, second and number of objects of the pairs that reach `least` with the heavy objects.
    """
    low, high = kernels.windows(left.object, left.at_ms, window_ms)
    most = kernels.left_for_the_end(least)
    heavy, visited = spark_kernels.heavy_objects(left.account, left.object, low, high, left.accounts, most)
    work = spark_kernels.work_of_rows(left.account, left.object, low, high, heavy)
    cuts = _cuts(left, spark_kernels.cuts(work, pieces))
    first, second, n = found(left, heavy, cuts, window_ms, least)
    sides = (left.object, left.at_ms, left.position, left.start)
    n = n + spark_kernels.met_on_heavy(first, second, heavy, *sides, window_ms)
    enough = n >= least
    return first[enough], second[enough], n[enough], int(visited)


def _cuts(left: Actions, bounds: Longs) -> Cuts:
    """Object and time of the first row of each piece but the first."""
    rows = np.unique(bounds[1:-1])
    rows = rows[(rows > 0) & (rows < len(left.object))]
    return left.object[rows], left.at_ms[rows]


# What follows runs on the machines of the cluster.


def _packed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A batch as one row of its columns' bytes."""
    for batch in batches:
        yield pa.RecordBatch.from_pydict(
            {name: pa.array([batch.column(name).to_numpy().tobytes()], pa.binary()) for name in batch.schema.names}
        )


def _unpacked(row: Any) -> pa.RecordBatch:
    types = {"account": np.int32, "object": np.int32, "kind": np.int8, "at_ms": np.int64}
    return pa.RecordBatch.from_pydict({name: pa.array(np.frombuffer(row[name], type)) for name, type in types.items()})


def _placed(shared: Any, kinds: Any, window_ms: int, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows that count, in the piece whose they are, and in those that need them beside their own."""
    keep, _, cut_object, cut_ms = shared.value
    for batch in batches:
        account, object, kind, at_ms = (
            batch.column(name).to_numpy() for name in ("account", "object", "kind", "at_ms")
        )
        counts = keep[account] & np.isin(kind, kinds)
        account, object, at_ms = account[counts], object[counts], at_ms[counts]
        row, piece, own = spark_kernels.places(object, at_ms, cut_object, cut_ms, window_ms)
        columns = {"piece": piece, "own": own, "account": account[row], "object": object[row], "at_ms": at_ms[row]}
        yield pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()})


def _counted(shared: Any, window_ms: int, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pairs of a piece: of its whole objects added up, and for each object that is cut, on which they are once."""
    _, heavy, cut_object, _ = shared.value
    rows = [batch for batch in batches if len(batch)]
    if not rows:
        return
    table = pa.Table.from_batches(rows)
    piece = table["piece"][0].as_py()
    account, object, at_ms = (table[name].to_numpy() for name in ("account", "object", "at_ms"))
    own = table["own"].to_numpy(zero_copy_only=False)
    order = np.lexsort((at_ms, object))
    account, object, at_ms, own = account[order], object[order], at_ms[order], own[order]
    is_cut = np.isin(object, cut_object)
    whole = np.flatnonzero(~is_cut)
    cut = np.flatnonzero(is_cut)
    ends = np.flatnonzero(np.diff(object[cut], prepend=-1, append=-1))
    stretches = [(whole, -1 - piece), *((cut[a:b], int(object[cut[a]])) for a, b in pairwise(ends.tolist()))]
    for chosen, of in stretches:
        if len(chosen):
            yield _pairs(account[chosen], object[chosen], at_ms[chosen], own[chosen], heavy, window_ms, of)


def _pairs(
    account: Ints, object: Ints, at_ms: Longs, own: Mask, heavy: Ints, window_ms: int, of: int
) -> pa.RecordBatch:
    """The pairs in which the account that comes first acts in the piece itself, and not on one of its heavy objects."""
    codes, inverse = np.unique(account, return_inverse=True)
    local: Ints = inverse.astype(np.int32)
    low, high = kernels.windows(object, at_ms, window_ms)
    looks = own & ~(heavy[account] == object[:, None]).any(axis=1)
    places = np.flatnonzero(looks)
    begun = indexed(local[places], object[places], at_ms[places], np.zeros(len(places), np.int8), len(codes))
    (first, second, n), _ = kernels.count_range(
        local, object, at_ms, low, high, places[begun.position], begun.start, 0, len(codes), len(codes), 1, window_ms
    )
    first, second = codes[first], codes[second]
    columns = {
        "first": first,
        "second": second,
        "object": np.full(len(first), of, np.int32),
        "n": n,
        "left": (heavy[first] >= 0).sum(axis=1).astype(np.int32),
    }
    return pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()})
