"""Load a file: check it, keep what is wrong aside, and write what is right."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from graphwatch.errors import InputError
from graphwatch.ingest.act_times import settled
from graphwatch.ingest.batches import Batch, Loaded, Progress, read_batch, rehearsed_batch, together, write_batch
from graphwatch.ingest.config import LoadConfig, silent
from graphwatch.ingest.day_order import day_order
from graphwatch.ingest.files import file_digest
from graphwatch.ingest.guessing import Peek, peek
from graphwatch.ingest.heading import wanted_columns
from graphwatch.ingest.loads import Check
from graphwatch.ingest.mapping import Mapping_, mappings_for
from graphwatch.ingest.notes import Note
from graphwatch.ingest.provenance import Provenance, check_retention, provenance_of
from graphwatch.store.workspace import Workspace, WritableWorkspace


def load(
    workspace: WritableWorkspace,
    path: str | Path,
    config: LoadConfig,
    *,
    provenance: Provenance | None = None,
    progress: Progress = silent,
) -> Loaded:
    """Load a file into the store; see `Project.load`."""
    check_retention(provenance)
    path, stated = Path(path), provenance_of(workspace, provenance)
    with ExitStack() as open:
        # All is read and checked before anything is written.
        batches = _read(workspace, open, path, config, stated, progress)
        loaded = together([write_batch(workspace, path, batch, stated, progress) for batch in batches])
    if config.graph:
        workspace.store.catch_up()
    return loaded


def rehearse(
    workspace: Workspace,
    path: str | Path,
    config: LoadConfig,
    *,
    provenance: Provenance | None = None,
    progress: Progress = silent,
) -> Loaded:
    """What loading a file would do; see `Project.rehearse`."""
    check_retention(provenance)
    path, stated = Path(path), provenance_of(workspace, provenance)
    with ExitStack() as open:
        folder = Path(open.enter_context(TemporaryDirectory(prefix="graphwatch-")))
        batches = _read(workspace, open, path, config, stated, progress, folder)
        return together([rehearsed_batch(workspace, path, batch, stated, progress) for batch in batches])


def _read(
    workspace: Workspace,
    open: ExitStack,
    path: Path,
    config: LoadConfig,
    stated: Provenance,
    progress: Progress,
    rehearsed: Path | None = None,
) -> list[Batch]:
    """The batches of a file that say something, read and checked, with what was assumed of their times."""
    how = {"encoding": config.encoding, "delimiter": config.delimiter, "sheet": config.sheet}
    ordered, orders = zip(*(_ordered(mapping, path, how) for mapping in mappings_of(config)), strict=True)
    mappings, remarks = zip(*(settled(mapping, path) for mapping in ordered), strict=True)
    file_sha256 = file_digest(path)
    batches = [
        read_batch(workspace, open, path, file_sha256, mapping, stated, how, progress, rehearsed)
        for mapping in mappings
    ]
    if not any(batch.staged is None or batch.staged.taken for batch in batches):
        raise _nothing_said(path, batches)
    for batch, remark, order in zip(batches, remarks, orders, strict=True):
        if batch.staged is not None and batch.staged.taken and order:
            batch.staged.notes.insert(0, order)
        if batch.staged is not None and batch.staged.taken and remark and not batch.staged.all_relative:
            batch.staged.notes.insert(0, remark)
    return [batch for batch in batches if batch.says_something]


def mappings_of(config: LoadConfig) -> list[Mapping_]:
    """The mappings that a config asks for, one for each thing that a row says.

    Raises:
        UsageError: for an unknown kind, preset, property, time zone or format.
        InputError: a preset cannot be read.
    """
    return mappings_for(
        config.kind,
        preset=config.preset,
        columns=config.columns,
        constants=config.constants,
        timezone=config.timezone,
        time_format=config.time_format,
        time=config.time,
    )


def _ordered(mapping: Mapping_, path: Path, how: dict[str, str | None]) -> tuple[Mapping_, str | None]:
    """The mapping with the order of day and month that the first rows of the file show, and what is told of it."""
    timed = [f.name for f in mapping.load.fields if f.type in (Check.TIME, Check.MOMENT)]
    if mapping.time_format is not None or not timed:
        return mapping, None
    seen = peek(path, **how)
    found, example = day_order(_cells(mapping, seen, timed))
    if found is None:
        return mapping, None
    return replace(mapping, day_order=found), Note(f"load.{found}_first", example=example)


def _cells(mapping: Mapping_, seen: Peek, timed: list[str]) -> Iterator[str]:
    columns = wanted_columns(mapping, seen.header)
    columns |= {p: name for p, cell in mapping.layout.cells for name in (cell.parts or cell.names)[:1]}
    for column in dict.fromkeys(columns[property] for property in timed if property in columns):
        yield from seen.words(column)


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
