"""A batch: what a file says of one kind of load, read and checked, then written as one Source."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from graphwatch import ingest
from graphwatch.api.incoming.complaints import complaint_tables
from graphwatch.api.incoming.loaded import Loaded
from graphwatch.api.incoming.provenance import Provenance
from graphwatch.api.incoming.terms import check_terms
from graphwatch.api.incoming.whole import notes_on_graph
from graphwatch.api.project import Project
from graphwatch.errors import StoreError
from graphwatch.ingest import Mapping_, Staged
from graphwatch.ingest.forgotten import Forgotten
from graphwatch.privacy import Tombstones
from graphwatch.store import Written
from graphwatch.tables import GraphTable, node_rows

if TYPE_CHECKING:
    from graphwatch.api.incoming.persons import Persons
    from graphwatch.ingest.complaints import ComplaintDoor

# What is being done, how much of it is done, and the whole where it is known.
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a file says of one kind of load, read and checked; nothing is staged where it was loaded before."""

    mapping: Mapping_
    source: str
    sha256: str
    file_sha256: str
    staged: Staged | None = None
    persons: "Persons | None" = None
    complaints: "ComplaintDoor | None" = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to write or to tell."""
        return self.staged is None or bool(self.staged.taken or self.staged.refused or self.staged.forgotten)


def read_batch(
    project: Project,
    open: ExitStack,
    path: Path,
    file_sha256: str,
    mapping: Mapping_,
    stated: Provenance,
    how: dict[str, str | None],
    progress: Progress,
) -> Batch:
    """Read and check a batch; its working files are there until `open` ends."""
    from graphwatch.api.incoming.persons import Persons
    from graphwatch.ingest.complaints import ComplaintDoor

    source, sha256 = ingest.source_key(file_sha256, mapping, how["sheet"])
    if _is_loaded(project, source, sha256):
        return Batch(mapping, source, sha256, file_sha256)
    quarantine = project.made_folder("quarantine") / f"{source}.csv"
    persons = Persons(project, mapping.load) if mapping.load.of_roster else None
    forgotten = Forgotten(Tombstones(project.folder), mapping.load, persons.key if persons else None)
    complaints = ComplaintDoor() if mapping.kind == "complaints" else None
    size = path.stat().st_size
    staged = open.enter_context(
        ingest.stage(
            path,
            mapping,
            source=source,
            folder=Path(open.enter_context(tempfile.TemporaryDirectory(prefix="graphwatch-"))),
            quarantine=quarantine,
            now_ms=time.time_ns() // 1_000_000,
            progress=lambda done: progress(f"Reading {path.name}", done, size),
            door=persons.door if persons else complaints,
            forgotten=forgotten,
            **how,
        )
    )
    check_terms(project, mapping.load, staged.platforms, stated)
    return Batch(mapping, source, sha256, file_sha256, staged, persons, complaints)


def write_batch(project: Project, path: Path, batch: Batch, stated: Provenance, progress: Progress) -> Loaded:
    """Write one batch."""
    staged, persons, complaints = batch.staged, batch.persons, batch.complaints
    if staged is None:
        return Loaded(batch.source, already=True, missing=stated.missing())
    about = _source(path, batch, stated, staged)
    if persons is None:
        tables = (
            complaint_tables(project, staged, complaints, batch.source, path.parent) if complaints else staged.tables()
        )
        written = _written(project, tables, about, progress)
    else:
        staged.notes += persons.keep()
        written = _written(project, persons.counted(staged.tables()), about, progress)
        staged.notes += persons.remarks(batch.source)
    staged.notes += notes_on_graph(project, batch.mapping.kind)
    return _loaded(batch.source, stated, staged, written)


def _written(project: Project, tables: Iterable[GraphTable], about: GraphTable, progress: Progress) -> list[Written]:
    """Write the batch; its Source comes last, so that a store which knows the Source has all of its rows."""
    with project.store.write("load") as writing:
        written = [writing.add(_counted(table, progress)) for table in tables]
        writing.add(about)
    return written


def _loaded(source: str, stated: Provenance, staged: Staged, written: list[Written]) -> Loaded:
    return Loaded(
        source,
        already=False,
        taken=staged.taken,
        refused=staged.refused,
        forgotten=staged.forgotten,
        reasons=staged.reasons,
        quarantine=staged.quarantine,
        notes=staged.notes,
        written=written,
        missing=stated.missing(),
    )


def _counted(table: GraphTable, progress: Progress) -> GraphTable:
    """The table, which tells how many of its rows have been taken as they are."""

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in table.batches:
            yield batch
            done += batch.num_rows
            progress(f"Writing {table.element.name}", done, None)

    return replace(table, batches=batches())


def _is_loaded(project: Project, source: str, sha256: str) -> bool:
    if not project.store.exists:
        return False
    found = project.store.read("MATCH (s:Source) WHERE s.id = $id RETURN s.sha256 AS sha256", {"id": source})
    if found.num_rows and found["sha256"][0].as_py() != sha256:
        raise StoreError(
            "another source has the same short id",
            where=source,
            remedy="Load the file with one more --set constant, for example a batch name, to tell them apart.",
        )
    return bool(found.num_rows)


def _source(path: Path, batch: Batch, stated: Provenance, staged: Staged) -> GraphTable:
    row = {
        "id": batch.source,
        "sha256": batch.sha256,
        "file": path.name,
        "file_sha256": batch.file_sha256,
        "kind": batch.mapping.kind,
        "mapping": batch.mapping.as_json(),
        "platforms": list(staged.platforms),
        **asdict(stated),
        "roster_key": batch.persons.fingerprint if batch.persons else None,
        "loaded_at_ms": time.time_ns() // 1_000_000,
        "rows_taken": staged.taken,
        "rows_refused": staged.refused,
    }
    return node_rows("Source", [row])
