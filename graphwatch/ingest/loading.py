"""Load a file: check it, keep what is wrong aside, and write what is right."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graphwatch.errors import InputError
from graphwatch.ingest.batches import Batch, Progress, read_batch, write_batch
from graphwatch.ingest.files import file_digest
from graphwatch.ingest.loaded import Loaded, together
from graphwatch.ingest.mapping import mappings_for
from graphwatch.ingest.provenance import Provenance, check_retention, provenance_of
from graphwatch.store.workspace import WritableWorkspace

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def silent(what: str, done: int, whole: int | None) -> None:
    """No progress is shown."""


def load(
    workspace: WritableWorkspace,
    path: str | Path,
    *,
    kind: str | None = None,
    preset: str | None = None,
    columns: Mapping[str, str] = NOTHING,
    constants: Mapping[str, str] = NOTHING,
    timezone: str | None = None,
    time_format: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    provenance: Provenance | None = None,
    progress: Progress = silent,
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
    check_retention(provenance)
    path = Path(path)
    mappings = mappings_for(
        kind,
        preset=preset,
        columns=columns,
        constants=constants,
        timezone=timezone,
        time_format=time_format,
    )
    file_sha256, stated = file_digest(path), provenance_of(workspace, provenance)
    how = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    with ExitStack() as open:
        # All is read and checked before anything is written.
        batches = [
            read_batch(workspace, open, path, file_sha256, mapping, stated, how, progress) for mapping in mappings
        ]
        if not any(batch.staged is None or batch.staged.taken for batch in batches):
            raise _nothing_said(path, batches)
        return together(
            [write_batch(workspace, path, batch, stated, progress) for batch in batches if batch.says_something]
        )


def _nothing_said(path: Path, batches: list[Batch]) -> InputError:
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
