"""Load a file: check it, keep what is wrong aside, and write what is right."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from graphwatch.common.files import working_folder
from graphwatch.common.notes import Note
from graphwatch.common.progress import Progress, silent
from graphwatch.errors import InputError
from graphwatch.ingest.act_times import settled
from graphwatch.ingest.batches import Batch, Loaded, read_batch, rehearsed_batch, together, write_batch
from graphwatch.ingest.config import LoadConfig
from graphwatch.ingest.day_order import day_order, has_days_among_times
from graphwatch.ingest.files import Format, file_digest, look_at
from graphwatch.ingest.guessing import Peek, peek, peek_for
from graphwatch.ingest.heading import binds, wanted_columns
from graphwatch.ingest.loads import Check
from graphwatch.ingest.mapping import Mapping_, mappings_for
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
    refused: Path | None = None,
    progress: Progress = silent,
) -> Loaded:
    """What loading a file would do; see `Project.rehearse`."""
    check_retention(provenance)
    path, stated = Path(path), provenance_of(workspace, provenance)
    with ExitStack() as open:
        folder = refused or open.enter_context(working_folder())
        batches = _read(workspace, open, path, config, stated, progress, folder)
        done = together([rehearsed_batch(workspace, path, batch, stated, progress) for batch in batches])
    return done if refused else replace(done, quarantine=None)


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
    seen: list[Peek] = []
    ordered, orders = zip(*(_ordered(mapping, path, how, seen) for mapping in mappings_of(config)), strict=True)
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


def _ordered(
    mapping: Mapping_, path: Path, how: dict[str, str | None], looked: list[Peek]
) -> tuple[Mapping_, str | None]:
    """The mapping with what the first rows of the file show of its days, and what is told of it.

    That is whether day or month comes first, and whether some times are days alone: where all are, the times of day
    are elsewhere or were lost, and it is for a person to say that days are all that is known.

    Args:
        mapping: what a row says.
        path, how: the file, and how it is read.
        looked: what was seen of the file for other mappings, which mostly serves for this one; takes what is seen here.
    """
    timed = [f.name for f in mapping.load.fields if f.type in (Check.TIME, Check.MOMENT, Check.DAY)]
    if mapping.time_format is not None or mapping.day_order is not None or not timed:
        return mapping, None
    seen = next((peek for peek in looked if binds(mapping, peek.header, "")), None)
    if seen is None:
        looked.append(seen := _peeked(mapping, path, how))
    texts = {property: list(seen.texts(columns)) for property, columns in _columns(mapping, seen, timed).items()}
    found, example = day_order(text for of_property in texts.values() for text in of_property)
    if found == "day" and not any(mapping.load.field(property).type is not Check.DAY for property in texts):
        return mapping, None  # as days are read where nothing shows it
    with_days = mapping.kind == "interactions" and has_days_among_times(texts.get("at", []), found)
    mapping = replace(mapping, day_order=found, with_days=with_days)
    return mapping, Note(f"load.{found}_first", example=example) if found else None


def _peeked(mapping: Mapping_, path: Path, how: dict[str, str | None]) -> Peek:
    """The first rows of a file, in a workbook those of the sheet that will be read."""
    look = look_at(path)
    if look.format is Format.SHEETS and how["sheet"] is None:
        return peek_for(look, mapping)
    return peek(path, **how)


def _columns(mapping: Mapping_, seen: Peek, timed: list[str]) -> dict[str, tuple[str, ...]]:
    """Of each property that is a time, the columns that give it together."""
    columns: dict[str, tuple[str, ...]] = {p: (column,) for p, column in wanted_columns(mapping, seen.header).items()}
    columns |= {p: cell.parts or cell.names[:1] for p, cell in mapping.layout.cells if cell.parts or cell.names}
    return {property: columns[property] for property in timed if property in columns}


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
