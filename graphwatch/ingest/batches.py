"""A batch: what a file says of one kind of load, read and checked, then written as one Source."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphwatch.common.clock import now_ms
from graphwatch.common.files import working_folder
from graphwatch.common.notes import Note
from graphwatch.common.progress import Progress
from graphwatch.common.table import card
from graphwatch.errors import StoreError
from graphwatch.ingest.act_times import remarks_on_times
from graphwatch.ingest.complaints import complaint_tables, relink
from graphwatch.ingest.forgotten import Forgotten
from graphwatch.ingest.learned import LearnedHandles, known_handles
from graphwatch.ingest.mapping import Mapping_, source_key
from graphwatch.ingest.provenance import Provenance, check_terms
from graphwatch.ingest.staging import Staged, stage
from graphwatch.ingest.uniting import united, would_be_united
from graphwatch.model import INTERACTIONS
from graphwatch.model.tables import GraphTable, node_rows
from graphwatch.privacy.redaction import Tombstones
from graphwatch.repository.paslon import registered_beyond
from graphwatch.repository.sources import source_sha256
from graphwatch.settings import MOST_REGISTERED
from graphwatch.store.base import Written
from graphwatch.store.workspace import Workspace, WritableWorkspace

if TYPE_CHECKING:
    from graphwatch.ingest.complaints import ComplainantFilter
    from graphwatch.ingest.persons import Persons


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes:
        source: id of the Source; empty changes mean that the same file had been loaded before.
        already: the same file was loaded in the same way before; nothing was changed.
        taken, refused: rows accepted, rows in the quarantine file.
        forgotten: rows left out because their account or person was forgotten.
        made: rows accepted that made something new: an act, or what a row of another kind is about.
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
    made: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    notes: list[str] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows that were read: each made something new, was merged, refused or left out."""
        return self.taken + self.refused + self.forgotten

    @property
    def merged(self) -> int:
        """Rows accepted that say again what another row, or the store, says already."""
        return self.taken - self.made

    def _repr_html_(self) -> str:
        counts = [("rows taken", self.taken), ("rows refused", self.refused), *self.reasons.items()]
        changes = [(f"new in {w.element}", w.new) for w in self.written if w.new]
        missing = f"Nobody has stated: {', '.join(self.missing)}" if self.missing else ""
        return card(f"load {self.source}{' (loaded before)' if self.already else ''}", [*counts, *changes], missing)


def together(parts: Sequence[Loaded]) -> Loaded:
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
        made=sum(part.made for part in new),
        reasons=dict(reasons),
        quarantine=next((part.quarantine for part in new if part.quarantine), None),
        notes=list(dict.fromkeys(note for part in new for note in part.notes)),
        written=[written for part in new for written in part.written],
        missing=parts[0].missing,
        others=[part.source for part in parts if part is not (new or parts)[0]],
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """What a file says of one kind of load, read and checked; nothing is staged where it was loaded before."""

    mapping: Mapping_
    source: str
    sha256: str
    file_sha256: str
    staged: Staged | None = None
    persons: "Persons | None" = None
    complaints: "ComplainantFilter | None" = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to write or to tell."""
        return self.staged is None or bool(self.staged.taken or self.staged.refused or self.staged.forgotten)


def read_batch(
    workspace: Workspace,
    open: ExitStack,
    path: Path,
    file_sha256: str,
    mapping: Mapping_,
    stated: Provenance,
    how: dict[str, str | None],
    progress: Progress,
    rehearsed: Path | None = None,
) -> Batch:
    """Read and check a batch; its working files are there until `open` ends.

    In a rehearsal nothing is kept in the project: `rehearsed` is the folder for refused rows instead of its own.
    """
    from graphwatch.ingest.complaints import ComplainantFilter
    from graphwatch.ingest.persons import Persons

    source, sha256 = source_key(file_sha256, mapping, how["sheet"])
    if _is_loaded(workspace, source, sha256):
        return Batch(mapping, source, sha256, file_sha256)
    quarantine = (rehearsed or workspace.made_folder("quarantine")) / f"{source}.csv"
    persons = Persons(workspace, mapping.load, rehearsed=rehearsed is not None) if mapping.load.of_roster else None
    forgotten = Forgotten(Tombstones(workspace.folder), mapping.load, persons.key if persons else None)
    complaints = ComplainantFilter() if mapping.kind == "complaints" else None
    size = path.stat().st_size
    staged = open.enter_context(
        stage(
            path,
            mapping,
            source=source,
            folder=open.enter_context(working_folder()),
            quarantine=quarantine,
            now_ms=now_ms(),
            progress=lambda done: progress(Note("progress.reading", file=path.name), done, size),
            pii_filter=persons.pii_filter if persons else complaints,
            forgotten=forgotten,
            learned=LearnedHandles(mapping.kind, mapping.layout.as_written, partial(known_handles, workspace)),
            **how,
        )
    )
    check_terms(workspace, mapping.load, staged.platforms, stated)
    return Batch(mapping, source, sha256, file_sha256, staged, persons, complaints)


def write_batch(
    workspace: WritableWorkspace, path: Path, batch: Batch, stated: Provenance, progress: Progress
) -> Loaded:
    """Write one batch."""
    staged, persons, complaints = batch.staged, batch.persons, batch.complaints
    if staged is None:
        return Loaded(batch.source, already=True, missing=stated.missing())
    about, of = _source(path, batch, stated, staged), f"{path.name} (source {batch.source})"
    if persons is None:
        if complaints:
            complaints.keep(workspace.folder)
        written = _written(workspace, of, _tables(workspace, path, batch, staged), about, progress)
    else:
        staged.notes += persons.keep()
        written = _written(workspace, of, persons.counted(staged.tables()), about, progress)
        staged.notes += persons.remarks(batch.source)
    staged.notes += united(workspace, batch.mapping.kind, staged)
    staged.notes += remarks_on_times(staged.retimed, written)
    staged.notes += _notes_on_graph(workspace, batch.mapping.kind)
    return _loaded(batch, stated, staged, written)


def rehearsed_batch(workspace: Workspace, path: Path, batch: Batch, stated: Provenance, progress: Progress) -> Loaded:
    """What writing one batch would do; nothing is written, and who would come into a vault stays outside."""
    staged = batch.staged
    if staged is None:
        return Loaded(batch.source, already=True, missing=stated.missing())
    tables = _tables(workspace, path, batch, staged)
    written = [workspace.store.compared(_counted(table, progress, "progress.comparing")) for table in tables]
    staged.notes += would_be_united(workspace, batch.mapping.kind, staged)
    staged.notes += remarks_on_times(staged.retimed, written)
    return _loaded(batch, stated, staged, written)


def _tables(workspace: Workspace, path: Path, batch: Batch, staged: Staged) -> Iterable[GraphTable]:
    if batch.complaints is None:
        return staged.tables()
    return complaint_tables(workspace, staged.rows(), staged.notes, batch.source, path.parent)


def _written(
    workspace: WritableWorkspace, of: str, tables: Iterable[GraphTable], about: GraphTable, progress: Progress
) -> list[Written]:
    """Write the batch; its Source comes last, so that a store which knows the Source has all of its rows."""
    with workspace.store.write("load", of=of) as writing:
        written = [writing.add(_counted(table, progress, "progress.writing")) for table in tables]
        writing.add(about)
    return written


# What one row of each kind of load makes, where it says something new.
_MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "interactions": tuple(INTERACTIONS),
    "posts": ("Post",),
    "pages": ("Page",),
    "paslon": ("Paslon",),
    "roster": ("WORKS_AT",),
    "accounts-of-asn": ("BELONGS_TO", "OPERATED_BY"),
    "complaints": ("Complaint",),
}


def _loaded(batch: Batch, stated: Provenance, staged: Staged, written: list[Written]) -> Loaded:
    made = sum(table.new for table in written if table.element in _MADE[batch.mapping.kind])
    return Loaded(
        batch.source,
        already=False,
        taken=staged.taken,
        refused=staged.refused,
        forgotten=staged.forgotten,
        made=made,
        reasons=staged.reasons,
        quarantine=staged.quarantine,
        notes=staged.notes,
        written=written,
        missing=stated.missing(),
    )


def _counted(table: GraphTable, progress: Progress, key: str) -> GraphTable:
    """The table; it counts how many of its rows have been taken."""
    doing = Note(key, element=table.element.name)

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in table.batches:
            yield batch
            done += batch.num_rows
            progress(doing, done, None)

    return replace(table, batches=batches())


def _is_loaded(workspace: Workspace, source: str, sha256: str) -> bool:
    if not workspace.store.exists:
        return False
    known = source_sha256(workspace.store, source)
    if known is not None and known != sha256:
        raise StoreError(
            "another source has the same short id",
            where=source,
            remedy="Load the file with one more --set constant, for example a batch name, to tell them apart.",
        )
    return known is not None


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
        "loaded_at_ms": now_ms(),
        "rows_taken": staged.taken,
        "rows_refused": staged.refused,
    }
    return node_rows("Source", [row])


def _notes_on_graph(workspace: WritableWorkspace, kind: str) -> Iterator[str]:
    """Complaints that can be linked now, and pairs with more registered pages than they may have."""
    if kind == "pages":
        for found in registered_beyond(workspace.store, MOST_REGISTERED):
            told = {"paslon": found.paslon, "pages": str(found.pages), "platform": found.platform}
            yield Note("load.many_registered", **told, most=str(MOST_REGISTERED))
    elif kind != "complaints" and (links := relink(workspace)):
        yield Note("load.relinked", n=links)
