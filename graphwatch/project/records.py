"""What goes into a project, and what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.calendar.phases import Calendar
from graphwatch.calendar.timerange import Moment, TimeRange
from graphwatch.common.i18n import catalogue
from graphwatch.common.progress import Progress, silent
from graphwatch.common.table import Table
from graphwatch.ingest.config import LoadConfig
from graphwatch.privacy.keys import fingerprint, has_project_key, project_key
from graphwatch.project.opened import Late, Opened
from graphwatch.repository.calendars import DEFAULT_CALENDAR, calendar_of, resolve_range
from graphwatch.settings import READERS_LANGUAGE
from graphwatch.store.base import StoreInfo, Written
from graphwatch.store.bringing_over import Rebuilt
from graphwatch.store.opening import rebuilt, recorded
from graphwatch.store.workspace import Language

if TYPE_CHECKING:
    from graphwatch.calendar.provisions import Weighed
    from graphwatch.casework import calendars
    from graphwatch.casework.calendars import CalendarLoaded
    from graphwatch.ingest import loading, provenance
    from graphwatch.ingest.batches import Loaded
    from graphwatch.ingest.provenance import Provenance
    from graphwatch.store import copying
    from graphwatch.store.server import import_files
else:
    calendars = Late("graphwatch.casework.calendars")
    copying = Late("graphwatch.store.copying")
    import_files = Late("graphwatch.store.server.import_files")
    loading = Late("graphwatch.ingest.loading")
    provenance = Late("graphwatch.ingest.provenance")


class Records(Opened):
    """What goes into a project, and what it holds."""

    def load(
        self,
        path: str | Path,
        config: LoadConfig | None = None,
        *,
        provenance: Provenance | None = None,
        progress: Progress = silent,
        **overrides: Any,
    ) -> Loaded:
        r"""Load a file: interactions, posts, pages, paslon, complaints, a roster or accounts of its persons.

        Args:
            path: CSV, JSON lines, Parquet or Excel, plain or compressed.
            config: what the file is, and how it is read; found by looking when left out.
            provenance: how the file was obtained, where that differs from the store's defaults.
            progress: called with what is being done, how much of it is done, and the whole where it is known: bytes of
                the file while reading, rows of each table while writing.
            overrides: single fields of `LoadConfig`, which win over those of `config`.

        Raises:
            InputError: the file cannot be read, lacks a column, or has no good row; nothing is changed.
            TermsConflict: a platform's terms forbid roster and data in one store, and nobody has approved it.
            KeyMissing, KeyWrong: the key of the roster, the vault or the tombstones is not the one they were made with.
            UsageError: a value is not allowed, there is no field of such a name, or the last day of retention is no
                day.
            StoreLocked: another process holds the store.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     file = Path(folder, "likes.csv")
        ...     _ = file.write_text("akun,object,kind,platform\nani,p1,like,x\n")
        ...     project.load(file, columns={"akun": "account"}).taken
        1
        """
        return loading.load(
            self._writable, path, LoadConfig.asked(config, overrides), provenance=provenance, progress=progress
        )

    def rehearse(
        self,
        path: str | Path,
        config: LoadConfig | None = None,
        *,
        provenance: Provenance | None = None,
        refused: str | Path | None = None,
        progress: Progress = silent,
        **overrides: Any,
    ) -> Loaded:
        r"""What `load` would do with a file: rows taken and refused, what would be new, changed and merged.

        Nothing is written, neither to the store nor to its folder: no key, no refused row, no default. What follows
        from persons of before, as namesakes, is told by the load alone.

        Args:
            path, config, provenance, progress, overrides: as for `load`.
            refused: a folder outside of the store for the file with the refused rows; there is none when left out.

        Raises:
            InputError, TermsConflict, KeyMissing, KeyWrong, UsageError: as for `load`.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     file = Path(folder, "likes.csv")
        ...     _ = file.write_text("akun,object,kind,platform\nani,p1,like,x\n")
        ...     outcome = project.rehearse(file, columns={"akun": "account"})
        ...     [f"{table.element}: {table.new}" for table in outcome.written], Path(folder, "new.gw").exists()
        (['Account: 1', 'Post: 1', 'LIKED: 1'], False)
        """
        return loading.rehearse(
            self._workspace,
            path,
            LoadConfig.asked(config, overrides),
            provenance=provenance,
            refused=None if refused is None else Path(refused),
            progress=progress,
        )

    def provenance(self, stated: Provenance | None = None, *, remember: bool = False) -> Provenance:
        """The store's defaults with what is stated now.

        Args:
            stated: what is said of this file; its None leave the defaults.
            remember: keep the outcome as the new defaults, but for an approval, which is given for a file.

        Raises:
            StoreDamaged: the defaults cannot be read.
            StoreError: they cannot be written.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> from graphwatch.ingest.provenance import Provenance
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     _ = project.provenance(Provenance(acquisition="manual patrol"), remember=True)
        ...     project.provenance().missing()
        ['legal_basis']
        """
        return provenance.provenance_of(self._workspace, stated, remember=remember)

    def language(self, asked: str | None = None, *, otherwise: str = READERS_LANGUAGE) -> str:
        """The language of words for readers: the one asked for, else the project's own, else that of the locale.

        Args:
            asked: id or en.
            otherwise: where nobody says.

        Raises:
            StoreDamaged: the project's settings cannot be read.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     project.set_language("id")
        ...     project.language(), project.language("en")
        ('id', 'en')
        """
        return self._workspace.language(asked, otherwise=otherwise)

    def set_language(self, lang: Language | None) -> None:
        """Keep the language of words for readers in the project's folder; None leaves it to the locale again.

        Raises:
            UsageError: there is no such language.
            StoreDamaged: the project's settings cannot be read.
            StoreError: they cannot be written.
        """
        if lang is not None:
            catalogue(lang)
        self._workspace.set_language(lang)

    def load_calendar(self, place: str | Path = DEFAULT_CALENDAR) -> CalendarLoaded:
        """Put a calendar's phases, and the provisions that depend on it, into the graph.

        Args:
            place: a TOML file, or the name of a shipped calendar.

        Raises:
            UsageError: there is neither.
            InputError: the file is not a calendar, or phases overlap that do not say that they may.
        """
        return calendars.load_calendar(self._writable, place)

    def calendar(self, name: str | None = None) -> Calendar:
        """A calendar: the store's only one, else the one named, in the store, shipped or a file.

        Raises:
            UsageError: none is named and the store has none or several, or there is none of that name.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     str(project.calendar("pilkada-2024").phase("masa_tenang").first_day)
        '2024-11-24'
        """
        return calendar_of(self._workspace, name)

    def resolve_range(
        self,
        from_: Moment | None = None,
        to: Moment | None = None,
        phase: str | None = None,
        calendar: str | None = None,
    ) -> TimeRange:
        """The range of time that days, instants and a phase name; where several are given, what they have in common.

        Args:
            from_, to: first and last day in Asia/Jakarta, or instants (ISO 8601).
            phase: name of a phase, or `calendar:phase`.
            calendar: see `Project.calendar`.

        Raises:
            UsageError: a text is no day, there is no such phase, or nothing is left.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     str(project.resolve_range(to="2024-11-24", phase="pilkada-2024:masa_tenang"))
        'from 2024-11-24T00:00:00+07:00 to 2024-11-24T23:59:59.999+07:00'
        """
        return resolve_range(self._workspace, from_, to, phase, calendar)

    def provisions(
        self,
        kind: str | None = None,
        at: str | None = None,
        *,
        calendar: str | None = None,
    ) -> Table:
        """The provisions that a reviewer would have to weigh for an act, the surest first; never what they lead to.

        Args:
            kind: LIKED, COMMENTED, SHARED, MENTIONED, FOLLOWED or PUBLISHED; all when left out.
            at: a day in Asia/Jakarta or an instant; without it every provision is shown as it stands.
            calendar: whose day of determination counts; the store's, else the shipped one of 2024.

        Raises:
            UsageError: there is no such kind, day or calendar, or the store has several and none is named.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     weighed = project.provisions("SHARED", "2024-10-01")
        >>> weighed.to_arrow().select(["provision", "standing"]).to_pylist()[0]
        {'provision': 'DS-6', 'standing': 'by its wording'}
        """
        return calendars.provisions_at(self._workspace, kind, at, calendar=calendar)

    def provisions_for(self, kind: str | None, at_ms: int | None, *, calendar: str | None = None) -> list[Weighed]:
        """The provisions that come into question for an act of that kind at that instant (UTC epoch milliseconds).

        Raises:
            UsageError: as for `Project.provisions`.
        """
        return calendars.provisions_in_question(self._workspace, kind, at_ms, calendar=calendar)

    def info(self) -> StoreInfo:
        """Size, versions and counts of the store.

        Raises:
            StoreMissing: nothing has been loaded yet.
        """
        return self._workspace.store.info()

    def verify(self) -> dict[str, tuple[str, str]]:
        """Tables whose content differs from what the journal says; empty when all is well.

        Returns:
            By the table's name its digests, in the graph and by the journal.

        Raises:
            UsageError: the store is on a server, which has no journal.
            StoreDamaged: a file of the journal is not what was written.
        """
        return recorded(self._store).verify()

    def rebuild(self) -> Rebuilt:
        """Make the graph again from the journal; a store of an older model is brought over to this one.

        Raises:
            UsageError: the store is on a server, which has no journal, and is not of an older model.
            StoreDamaged: a file of the journal is not what was written.
            StoreLocked: another process holds the store.
        """
        return rebuilt(self._store)

    def write_import_files(self, folder: str | Path, *, database: str = "neo4j") -> str:
        """Write everything as files from which Neo4j's own tool makes a store on a server, faster than `copy_to` can.

        They hold public handles, as the store does.

        Args:
            folder: is made where it is missing.
            database: its name on the server; all that it holds is replaced.

        Returns:
            The command for a shell on the server's machine, while the server stands still.

        Raises:
            UsageError: the folder has a comma in its name, or a text has a character that the tool splits at.
            GraphwatchError: a file cannot be written.
        """
        ours = self._writable  # as for a copy
        mine = fingerprint(project_key(self.folder)) if has_project_key(self.folder) else None
        return import_files.write_import_files(ours.store, Path(folder), database=database, pseudonyms=mine)

    def copy_to(self, target: Opened) -> list[Written]:
        """Copy everything into another store, and compare both.

        Raises:
            StoreError: the target holds something that this store does not.
            StoreDamaged: the outcome differs.
            StoreLocked: another process holds one of them.
        """
        ours = self._writable  # were it half erased, the target would not know whom to forget
        written = copying.copy_store(ours.store, target._writable.store)
        if has_project_key(self.folder):
            # What was handed on from here goes on to be called the same.
            target.store.keyed(fingerprint(project_key(self.folder)))
        return written
