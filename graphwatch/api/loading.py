"""Load a file: check it, keep what is wrong aside, and write what is right as one batch."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphwatch.api.complaint_loading import complaint_tables
from graphwatch.api.provenance import Provenance, check_retention
from graphwatch.api.terms import check_terms
from graphwatch.api.whole import notes_on_graph
from graphwatch.errors import StoreError
from graphwatch.store import Written
from graphwatch.tables import GraphTable, node_table

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk
    from graphwatch.ingest import Mapping_, Staged

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
# What is being done, how much of it is done, and the whole where it is known.
Progress = Callable[[str, int, int | None], None]


def _silent(what: str, done: int, whole: int | None) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes:
        source: id of the Source; empty changes mean that the same file had been loaded before.
        already: the same file was loaded in the same way before; nothing was changed.
        taken, refused: rows accepted, rows in the quarantine file.
        forgotten: rows left out because their account or person was forgotten.
        reasons: rows refused, by reason.
        quarantine: the file with the refused rows, if there are any.
        notes: what was assumed about the file.
        written: new, changed and unchanged rows of each table of the graph.
        missing: provenance that nobody has stated.
    """

    source: str
    already: bool
    taken: int = 0
    refused: int = 0
    forgotten: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    notes: list[str] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def load(
    self: "Desk",
    path: str | Path,
    *,
    kind: str = "interactions",
    preset: str | None = None,
    columns: Mapping[str, str] = _NONE,
    constants: Mapping[str, str] = _NONE,
    timezone: str | None = None,
    time_format: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    provenance: Provenance | None = None,
    progress: Progress = _silent,
) -> Loaded:
    """Load a file into the store: interactions, posts, pages, paslon, complaints, a roster or accounts of its persons.

    Args:
        path: CSV, JSON lines, Parquet or Excel, plain or compressed.
        kind: interactions, posts, pages, paslon, roster, accounts-of-asn or complaints.
        preset: a known export format, for example coortweet; generic when left out.
        columns: column of the file → property.
        constants: property → value, the same for every row.
        timezone, time_format: for times without an offset, for example Asia/Jakarta and %d/%m/%Y %H:%M.
        encoding, delimiter, sheet: where they are not found by looking.
        provenance: how the file was obtained, where that differs from the store's defaults.
        progress: called with what is being done, how much of it is done, and the whole where it is known: bytes of
            the file while reading, rows of each table while writing.

    Raises:
        InputError: the file cannot be read, lacks a column, or has no good row; nothing is changed.
        TermsConflict: a platform's terms forbid roster and data in one store, and nobody has approved it.
        KeyMissing, KeyWrong: the key of the roster, the vault or the tombstones is not the one they were made with.
        UsageError: the last day of retention is not a day.
        StoreLocked: another process holds the store.
    """
    from graphwatch import ingest
    from graphwatch.api.persons import Persons
    from graphwatch.ingest.complaints import ComplaintDoor
    from graphwatch.ingest.forgotten import Forgotten
    from graphwatch.privacy import Tombstones

    check_retention(provenance)
    path = Path(path)
    mapping = ingest.mapping_for(
        kind,
        preset=preset,
        columns=columns,
        constants=constants,
        timezone=timezone,
        time_format=time_format,
    )
    file_sha256 = ingest.file_digest(path)
    source, sha256 = ingest.source_key(file_sha256, mapping, sheet)
    stated = self.provenance(provenance)
    if _is_loaded(self, source, sha256):
        return Loaded(source, already=True, missing=stated.missing())
    persons = Persons(self, mapping.load) if mapping.load.of_roster else None
    forgotten = Forgotten(Tombstones(self.folder), mapping.load, persons.key if persons else None)
    complaints = ComplaintDoor() if kind == "complaints" else None
    now_ms, size = time.time_ns() // 1_000_000, path.stat().st_size
    quarantine = self.folder / "quarantine" / f"{source}.csv"
    quarantine.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="graphwatch-") as scratch,
        ingest.stage(
            path,
            mapping,
            source=source,
            folder=Path(scratch),
            quarantine=quarantine,
            now_ms=now_ms,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
            progress=lambda done: progress(f"Reading {path.name}", done, size),
            door=persons.door if persons else complaints,
            forgotten=forgotten,
        ) as staged,
    ):
        check_terms(self, mapping.load, staged.platforms, stated)
        key = persons.fingerprint if persons else None
        about = _source(path, source, sha256, file_sha256, mapping, stated, staged, now_ms, key)
        if persons is None:
            tables = complaint_tables(self, staged, complaints, source, path.parent) if complaints else staged.tables()
            written = _written(self, tables, about, progress)
            staged.notes += notes_on_graph(self, kind)
            return _loaded(source, stated, staged, written)
        staged.notes += persons.keep()
        written = _written(self, persons.counted(staged.tables()), about, progress)
        staged.notes += [*persons.remarks(source), *notes_on_graph(self, kind)]
        return _loaded(source, stated, staged, written)


def _written(desk: "Desk", tables: Iterable[GraphTable], about: GraphTable, progress: Progress) -> list[Written]:
    """Write the batch; its Source comes last, so that a store which knows the Source has all of its rows."""
    with desk.store.write("load") as writing:
        written = [writing.add(_counted(table, progress)) for table in tables]
        writing.add(about)
    return written


def _loaded(source: str, stated: Provenance, staged: "Staged", written: list[Written]) -> Loaded:
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


def _is_loaded(desk: "Desk", source: str, sha256: str) -> bool:
    if not desk.store.exists:
        return False
    found = desk.store.read("MATCH (s:Source) WHERE s.id = $id RETURN s.sha256 AS sha256", {"id": source})
    if found.num_rows and found["sha256"][0].as_py() != sha256:
        raise StoreError(
            "another source has the same short id",
            where=source,
            remedy="Load the file with one more --set constant, for example a batch name, to tell them apart.",
        )
    return bool(found.num_rows)


def _source(
    path: Path,
    source: str,
    sha256: str,
    file_sha256: str,
    mapping: "Mapping_",
    stated: Provenance,
    staged: "Staged",
    now_ms: int,
    roster_key: str | None,
) -> GraphTable:
    row = {
        "id": source,
        "sha256": sha256,
        "file": path.name,
        "file_sha256": file_sha256,
        "kind": mapping.kind,
        "mapping": mapping.as_json(),
        "platforms": list(staged.platforms),
        **asdict(stated),
        "roster_key": roster_key,
        "loaded_at_ms": now_ms,
        "rows_taken": staged.taken,
        "rows_refused": staged.refused,
    }
    schema = node_table("Source", []).schema
    return node_table("Source", [pa.RecordBatch.from_pylist([row], schema=schema)])
