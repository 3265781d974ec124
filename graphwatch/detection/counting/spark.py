"""Counting on an Apache Spark that an office has: acts are read and counted there, and numbered and tested here.

Spark reaches the files, and counts what is quadratic: which accounts are within the window of each other, each two
blocks of accounts a task. All else, which is linear or about few pairs, is done where graphwatch runs, by the same code
as without Spark.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.detection.counting.act_files import COLUMNS, PUBLISHED, check_columns, check_scope, read_acts, wanted
from graphwatch.detection.counting.blocks import Block, count_between, cut, tasks_of
from graphwatch.detection.counting.pairs import Asked, Counted
from graphwatch.detection.counting.spark_session import session_on, told
from graphwatch.detection.course import walked
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns

# Tasks for each that runs at once: the last ones to end are then short.
_TASKS_EACH: Final = 4
# Acts in a file that comes from Spark: some ten megabytes, which its driver holds at once.
_FILE_ROWS: Final = 1_000_000
_LOOK_SECONDS: Final = 0.5
_TYPES: Final = {"string": "VARCHAR", "bigint": "BIGINT"}


class Cluster:
    """A Spark session; `count` is a `Counting`."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def read(self, pattern: str, scope: Scope, memory: int | None, scratch: Path) -> InteractionColumns:
        """The acts in scope of Parquet files that Spark reaches, as `read_acts` has them of files that are here.

        They come as files, one after the other, so that Spark's driver never holds all.

        Args:
            memory, scratch: as for `read_acts`.

        Raises:
            InputError: there is no such file, one cannot be read or has other columns, or an id is none.
            StoreError: the disk has no room, or Spark gave up.
        """
        check_scope(scope)
        with told(pattern):
            files = self._session.read.option("mergeSchema", "true").parquet(pattern)
            check_columns({name: _TYPES.get(type, type) for name, type in files.dtypes}, pattern)
            names = [*COLUMNS, *({PUBLISHED} & set(files.columns))]
            # Words of the model; kinds that are none of them are refused where the files are read.
            unknown = f"kind IS NULL OR kind NOT IN {POST_INTERACTIONS}"
            acts = files.where(f"({wanted(scope)}) OR {unknown}").select(*names)
            parts = max(1, -(-files.count() // _FILE_ROWS))
            filed = acts.mapInArrow(_filed, "file binary").repartition(parts)
            with TemporaryDirectory(prefix="from-spark-", dir=scratch) as folder:
                pq.write_table(_none(names), Path(folder, "none.parquet"))
                for number, row in enumerate(filed.toLocalIterator()):
                    Path(folder, f"{number}.parquet").write_bytes(row["file"])
                return read_acts(f"{folder}/*.parquet", scope, memory, scratch, told_of=pattern)

    def count(self, asked: Asked, threads: int | None) -> Counted:  # noqa: ARG002
        """Pairs that are together on enough objects."""
        with told("Spark"):
            share = self._session.sparkContext.broadcast
            at_once = int(self._session.sparkContext.defaultParallelism)
            blocks = [share(tuple(block)) for block in cut(asked, at_once, _TASKS_EACH)]
            tasks = tasks_of(len(blocks))
            count = partial(_counted, blocks, tasks, asked.window_ms, asked.min_objects)
            each = self._session.range(0, len(tasks), 1, len(tasks))
            try:
                found = self._followed(each.mapInArrow(count, "first int, second int, n int").toArrow, len(tasks))
            finally:
                for block in blocks:
                    block.destroy()
        first, second, n = (found[name].to_numpy().astype(np.int32) for name in ("first", "second", "n"))
        return first, second, n

    def _followed(self, job: Callable[[], pa.Table], tasks: int) -> pa.Table:
        """What a job of so many tasks answers; meanwhile it is told how many of them are done."""
        context, group = self._session.sparkContext, f"graphwatch {uuid4()}"
        tracker, most = context.statusTracker(), 0

        def grouped() -> pa.Table:
            # Others may have jobs on this session, too.
            context.setJobGroup(group, "graphwatch counts pairs")
            return job()

        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(grouped)
            try:
                while wait([answer], _LOOK_SECONDS).not_done:
                    jobs = filter(None, map(tracker.getJobInfo, tracker.getJobIdsForGroup(group)))
                    stages = (tracker.getStageInfo(stage) for job in jobs for stage in job.stageIds)
                    done = [stage.numCompletedTasks for stage in stages if stage and stage.numTasks == tasks]
                    # A stage is forgotten before its answer is here.
                    most = min(max(most, *done, 0), tasks - 1)
                    walked(most / tasks)
                walked(1.0)
                return answer.result()
            except BaseException:
                context.cancelJobGroup(group)
                raise


@contextmanager
def connected(master: str | None) -> Iterator[Cluster]:
    """What Spark at that address counts; raises what `session_on` raises."""
    with session_on(master) as session:
        yield Cluster(session)


def _none(names: list[str]) -> pa.Table:
    """No acts, so that there is a file where no act is in scope."""
    return pa.table({name: pa.array([], pa.int64() if name.endswith("_ms") else pa.string()) for name in names})


# What follows runs on the machines of the cluster.


def _filed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows as Parquet files, each a row."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) >= _FILE_ROWS:
            yield _file(waiting)
            waiting = []
    if any(map(len, waiting)):
        yield _file(waiting)


def _file(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    out = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_batches(batches), out)
    return pa.RecordBatch.from_pydict({"file": pa.array([out.getvalue().to_pybytes()], pa.binary())})


def _counted(
    blocks: list[Any], tasks: list[tuple[int, int]], window_ms: int, least: int, numbers: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The pairs of a task."""
    for batch in numbers:
        for number in batch.column(0).to_pylist():
            one, other = (Block(*_value(blocks[place])) for place in tasks[number])
            columns = count_between(one, other, window_ms, least)
            yield pa.RecordBatch.from_arrays([*map(pa.array, columns)], ["first", "second", "n"])


def _value(shared: Any) -> Any:
    """What a machine was sent; read again each time, so that a worker holds two blocks and not all that it ever had."""
    return shared.value if getattr(shared, "_path", None) is None else shared.load_from_path(shared._path)
