"""A file on its way into a store: checked, and made into graph tables."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from graphwatch.errors import InputError
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Quarantine

if TYPE_CHECKING:
    from graphwatch.ingest.forgotten import Forgotten
    from graphwatch.ingest.learned import LearnedHandles
    from graphwatch.ingest.persons import PiiFilter
    from graphwatch.ingest.sql import LoadTables
    from graphwatch.model.acts import Retimed
    from graphwatch.model.tables import GraphTable


# The file of accepted rows in the working folder.
FLAT: Final = "flat.parquet"


@dataclass(slots=True)
class Staged:
    """A checked file, as a context manager; its working files go when it closes.

    Attributes:
        taken: rows accepted.
        forgotten: rows left out because their account or person was forgotten.
        reasons: reason to number of rows refused for it.
        notes: what was assumed about the file.
        quarantine: the quarantine file, None if no row was refused.
        platforms: short names of the platforms that occur, sorted.
        all_relative: whether times are there, and all count back from when somebody looked.
    """

    taken: int
    reasons: dict[str, int]
    notes: list[str]
    quarantine: Path | None
    platforms: tuple[str, ...]
    forgotten: int
    all_relative: bool
    _folder: Path = field(repr=False)
    _load_tables: LoadTables = field(repr=False)

    @property
    def refused(self) -> int:
        """Rows in the quarantine file."""
        return sum(self.reasons.values())

    def tables(self) -> Iterator[GraphTable]:
        """The graph tables that are not empty, nodes before relations, each to be read once and in order.

        Keys are unique within a table; nodes come sorted by id, relations by their ends and id.

        Raises:
            InputError: if the disk or the memory limit does not suffice.
        """
        return self._load_tables.tables()

    @property
    def retimed(self) -> dict[str, Retimed]:
        """By kind, the acts to which rows give times that contradict each other; whole once all tables were read."""
        return self._load_tables.retimed

    def rows(self, columns: list[str] | None = None) -> Any:
        """The accepted rows as one Arrow table, or these columns of them; all only of loads that are small."""
        import pyarrow.parquet as pq

        return pq.read_table(self._folder / FLAT, columns=columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._load_tables.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def _written_in(folder: Path) -> Iterator[Path]:
    """A new working folder, which goes if anything fails."""
    try:
        working = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
        try:
            yield working
        except BaseException:
            shutil.rmtree(working, ignore_errors=True)
            raise
    except OSError as error:
        remedy = "Make room on the disk, or choose a folder that you may write to."
        raise InputError(f"working files cannot be written: {error}", where=str(folder), remedy=remedy) from None


def _silent(_position: int) -> None:
    """No progress is shown."""


def stage(
    path: Path | str,
    mapping: Mapping_,
    *,
    source: str,
    folder: Path,
    quarantine: Path,
    now_ms: int,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    progress: Callable[[int], None] | None = None,
    pii_filter: PiiFilter | None = None,
    forgotten: Forgotten | None = None,
    learned: LearnedHandles | None = None,
) -> Staged:
    """Read and check a file, and prepare its rows as graph tables.

    Args:
        path: CSV, TSV, JSON lines (plain, gzip or zstd), Parquet, .xlsx, .xls or .ods; content decides.
        mapping: which column gives which property.
        source: name of the import, put before the row number in `sources` of every interaction.
        folder: for working files; at least the size of the file unpacked should be free.
        quarantine: where refused rows go; written only if there is one.
        now_ms: the present, UTC epoch milliseconds; later times are refused.
        encoding: of text; found out if None.
        delimiter: of text, one of , ; tab | ; found out if None.
        sheet: of a spreadsheet; the first if None.
        progress: called after each batch with the bytes of the file read so far.
        pii_filter: for loads of persons, which cannot do without: what says who somebody is stays behind there.
        forgotten: leaves out rows of accounts and persons that were forgotten.
        learned: gives accounts that are named by handle the native ids that the store knows.

    Raises:
        InputError: if the file cannot be read or no row of it can be taken; refused rows stay in the quarantine.
        UsageError: for an unknown encoding or delimiter.
    """
    from graphwatch.ingest.sql import LoadTables
    from graphwatch.ingest.validate import Reading, validate

    path = Path(path)
    assert (pii_filter is not None) == mapping.load.of_persons, "persons come in through a PII filter"
    with _written_in(folder) as working:
        flat = working / FLAT
        with Quarantine(quarantine, path.name, withheld=mapping.load.of_persons) as refused:
            reading = Reading(encoding, delimiter, sheet)
            told = progress or _silent
            done = validate(path, mapping, reading, flat, refused, now_ms, told, pii_filter, forgotten, learned)
        load_tables = LoadTables(flat, mapping.kind, done.properties, source, done.times)
    return Staged(
        done.taken,
        dict(refused.reasons),
        done.notes,
        refused.path,
        done.platforms,
        forgotten.rows if forgotten else 0,
        done.all_relative,
        working,
        load_tables,
    )
