"""Load a file: check it, keep what is wrong aside, and write what is right as one batch."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphwatch.api.complaint_loading import complaint_tables
from graphwatch.api.provenance import Provenance, check_retention
from graphwatch.api.terms import check_terms
from graphwatch.api.whole import notes_on_graph
from graphwatch.errors import InputError, StoreError
from graphwatch.store import Written
from graphwatch.tables import GraphTable, node_table

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk
    from graphwatch.api.persons import Persons
    from graphwatch.ingest import Mapping_, Staged
    from graphwatch.ingest.complaints import ComplaintDoor

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
        others: ids of further Sources, where rows say several things: each kind of load is a Source of its own.
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
    others: list[str] = field(default_factory=list)


def load(
    self: "Desk",
    path: str | Path,
    *,
    kind: str | None = None,
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
        kind: interactions, posts, pages, paslon, roster, accounts-of-asn or complaints; when left out, all that the
            preset's rows say, or interactions.
        preset: a known export format, for example coortweet, or the path of a TOML file; generic when left out.
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

    check_retention(provenance)
    path = Path(path)
    mappings = ingest.mappings_for(
        kind,
        preset=preset,
        columns=columns,
        constants=constants,
        timezone=timezone,
        time_format=time_format,
    )
    file_sha256, stated = ingest.file_digest(path), self.provenance(provenance)
    how = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    with ExitStack() as open:
        # All is read and checked before anything is written.
        batches = [_batch(self, open, path, file_sha256, mapping, stated, how, progress) for mapping in mappings]
        if not any(batch.staged is None or batch.staged.taken for batch in batches):
            raise _nothing_said(path, batches)
        return _together([_kept(self, path, batch, stated, progress) for batch in batches if batch.says_something])


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a file says of one kind of load, read and checked."""

    mapping: "Mapping_"
    source: str
    sha256: str
    file_sha256: str
    staged: "Staged | None" = None
    persons: "Persons | None" = None
    complaints: "ComplaintDoor | None" = None

    @property
    def says_something(self) -> bool:
        return self.staged is None or bool(self.staged.taken or self.staged.refused or self.staged.forgotten)


def _batch(
    desk: "Desk",
    open: ExitStack,
    path: Path,
    file_sha256: str,
    mapping: "Mapping_",
    stated: Provenance,
    how: dict[str, str | None],
    progress: Progress,
) -> _Batch:
    from graphwatch import ingest
    from graphwatch.api.persons import Persons
    from graphwatch.ingest.complaints import ComplaintDoor
    from graphwatch.ingest.forgotten import Forgotten
    from graphwatch.privacy import Tombstones

    source, sha256 = ingest.source_key(file_sha256, mapping, how["sheet"])
    if _is_loaded(desk, source, sha256):
        return _Batch(mapping, source, sha256, file_sha256)
    persons = Persons(desk, mapping.load) if mapping.load.of_roster else None
    forgotten = Forgotten(Tombstones(desk.folder), mapping.load, persons.key if persons else None)
    complaints = ComplaintDoor() if mapping.kind == "complaints" else None
    size = path.stat().st_size
    quarantine = desk.folder / "quarantine" / f"{source}.csv"
    quarantine.parent.mkdir(parents=True, exist_ok=True)
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
    check_terms(desk, mapping.load, staged.platforms, stated)
    return _Batch(mapping, source, sha256, file_sha256, staged, persons, complaints)


def _kept(desk: "Desk", path: Path, batch: _Batch, stated: Provenance, progress: Progress) -> Loaded:
    """Write one batch."""
    staged, persons, complaints = batch.staged, batch.persons, batch.complaints
    if staged is None:
        return Loaded(batch.source, already=True, missing=stated.missing())
    about = _source(path, batch, stated, staged)
    if persons is None:
        tables = (
            complaint_tables(desk, staged, complaints, batch.source, path.parent) if complaints else staged.tables()
        )
        written = _written(desk, tables, about, progress)
    else:
        staged.notes += persons.keep()
        written = _written(desk, persons.counted(staged.tables()), about, progress)
        staged.notes += persons.remarks(batch.source)
    staged.notes += notes_on_graph(desk, batch.mapping.kind)
    return _loaded(batch.source, stated, staged, written)


def _together(parts: list[Loaded]) -> Loaded:
    """One account of the batches of one file; its source is that of the first that changed something."""
    if len(parts) == 1:
        return parts[0]
    new = [part for part in parts if not part.already]
    reasons: Counter[str] = Counter()
    for part in new:
        reasons.update(part.reasons)
    return Loaded(
        (new or parts)[0].source,
        already=not new,
        taken=sum(part.taken for part in new),
        refused=sum(part.refused for part in new),
        forgotten=sum(part.forgotten for part in new),
        reasons=dict(reasons),
        quarantine=next((part.quarantine for part in new if part.quarantine), None),
        notes=list(dict.fromkeys(note for part in new for note in part.notes)),
        written=[written for part in new for written in part.written],
        missing=parts[0].missing,
        others=[part.source for part in parts if part is not (new or parts)[0]],
    )


def _nothing_said(path: Path, batches: list[_Batch]) -> InputError:
    forgotten = sum(batch.staged.forgotten for batch in batches if batch.staged)
    if forgotten:
        remedy = "They were erased on request; `graphwatch log show` says when."
        what = f"no row is left: {forgotten} are of accounts or persons that were forgotten"
        return InputError(what, where=str(path), remedy=remedy)
    refused = next((b.staged.quarantine for b in batches if b.staged and b.staged.quarantine), None)
    if refused:
        remedy = f"Each refused row with its reason and remedy is in {refused}."
        return InputError("no row can be taken", where=str(path), remedy=remedy)
    remedy = "See what the preset reads, or try: graphwatch load FILE --guess"
    return InputError("no row says anything that this preset takes", where=str(path), remedy=remedy)


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


def _source(path: Path, batch: _Batch, stated: Provenance, staged: "Staged") -> GraphTable:
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
    schema = node_table("Source", []).schema
    return node_table("Source", [pa.RecordBatch.from_pylist([row], schema=schema)])
