"""A project: a store, the folder beside it, and what an office has settled for it once in `settings.json`."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from graphwatch.common.files import USUAL, write_atomic
from graphwatch.common.i18n import language_of_locale
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import StoreError, StoreMissing, UsageError
from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.keys import fingerprint, project_key
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.settings import READERS_LANGUAGE
from graphwatch.store.base import ReadableStore, Store

FILE: Final = "settings.json"
_LETTERHEAD_LINES: Final = 8
_LETTERHEAD_WIDTH: Final = 200
Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was settled; None where nothing was.

    Attributes:
        lang: the language of words for readers.
        letterhead: the office's name and address, line by line, above every document.
    """

    lang: Language | None = None
    letterhead: tuple[str, ...] = ()


def preferences_of(folder: Path) -> Preferences:
    """What was settled for the project with that folder.

    Raises:
        StoreDamaged: the file cannot be read.
    """
    remedy = "Take the file away, and settle it again with `graphwatch store language`."
    return read_stored(folder / FILE, Preferences, name="the settings", remedy=remedy) or Preferences()


def keep(folder: Path, preferences: Preferences) -> None:
    """Keep them in that folder, which is there.

    Raises:
        StoreError: they cannot be written.
    """
    write_atomic(folder / FILE, written(preferences), mode=USUAL)


class Workspace:
    """A store, with the folder that holds what does not belong in the graph: keys, quarantine, access log.

    Every verb is a function of a workspace; `graphwatch.project.Project` has them as its methods. This one only reads
    the graph: a verb that writes asks for a `WritableWorkspace`.

    Attributes:
        place: the store's folder, or the address of its server.
    """

    def __init__(self, place: str, folder: Path, store: ReadableStore) -> None:
        self.place, self._store = place, store
        self._folder, self._was_there = folder, folder.is_dir()

    @property
    def folder(self) -> Path:
        """The folder of the project, which need not have been made: an embedded store's own, or one beside a server.

        Raises:
            StoreMissing: it was there and is there no more; nothing is to be made anew in its place.
        """
        is_there = self._folder.is_dir()
        if self._was_there and not is_there:
            raise StoreMissing(
                "the project's folder was moved or deleted while it was open",
                where=str(self._folder),
                remedy="Move it back, or open it in its new place.",
            )
        self._was_there = is_there
        return self._folder

    @property
    def store(self) -> ReadableStore:
        """The graph, to be read."""
        return self._store

    @property
    def access_records(self) -> AccessLog:
        """The log that lies in the project's folder."""
        return AccessLog(self.folder / "access.log")

    def log(self, action: str, reason: str, details: Mapping[str, Any]) -> None:
        """Append a line, and wait until it is on the disk: what is logged may only be done after that.

        Raises:
            StoreLocked, StoreDamaged, StoreError: the line cannot be appended.
        """
        self.access_records.record(action, reason, getpass.getuser(), details)

    @property
    def pseudonyms(self) -> Pseudonyms:
        """Those under the key in the project's folder, which the first one who needs it makes.

        Raises:
            KeyMissing, KeyWrong: pseudonyms were made with a key that is not the one here; those of a store on a server
                may have been made in another folder.
        """
        key = project_key(self.folder, self.store.keyed())
        self.store.keyed(fingerprint(key))
        return Pseudonyms(key)

    def language(self, asked: str | None = None, *, otherwise: str = READERS_LANGUAGE) -> str:
        """The language of words for readers: the one asked for, else the project's own, else that of the locale.

        Args:
            asked: id or en.
            otherwise: where nobody says.

        Raises:
            StoreDamaged: the settings cannot be read.
        """
        return asked or preferences_of(self.folder).lang or language_of_locale(os.environ) or otherwise

    def set_language(self, lang: Language | None) -> None:
        """Keep a language for the project; None leaves it to the locale again.

        Raises:
            StoreDamaged: the settings cannot be read.
            StoreError: they cannot be written.
        """
        keep(self.made_folder(), replace(preferences_of(self.folder), lang=lang))

    @property
    def letterhead(self) -> tuple[str, ...]:
        """The office's name and address, line by line, as they stand above every document; empty where none is kept.

        Raises:
            StoreDamaged: the settings cannot be read.
        """
        return preferences_of(self.folder).letterhead

    def set_letterhead(self, text: str) -> None:
        """Keep the office's name and address for the project's documents; an empty text takes them away.

        Args:
            text: at most eight lines of at most 200 characters.

        Raises:
            UsageError: it is longer.
            StoreDamaged: the settings cannot be read.
            StoreError: they cannot be written.
        """
        lines = tuple(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
        if len(lines) > _LETTERHEAD_LINES or any(len(line) > _LETTERHEAD_WIDTH for line in lines):
            what = f"a letterhead has at most {_LETTERHEAD_LINES} lines of at most {_LETTERHEAD_WIDTH} characters"
            raise UsageError(what, remedy="Leave out what a reader does not need to write back.")
        keep(self.made_folder(), replace(preferences_of(self.folder), letterhead=lines))

    def made_folder(self, name: str = ".") -> Path:
        """The project's folder, or one in it, made where it is missing.

        Raises:
            StoreError: it cannot be made.
        """
        folder = self.folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder cannot be made: {error.strerror}",
                where=str(folder),
                remedy="Choose a folder that you may write to with --store, or --project beside a server.",
            ) from error
        return folder


class WritableWorkspace(Workspace):
    """A workspace whose graph may be written: no erasure of it has been stopped in the middle.

    Only `graphwatch.rights.erasure.writable` makes one, after it has finished such an erasure: what is written must
    not meet half of what was to be erased.
    """

    def __init__(self, place: str, folder: Path, store: Store) -> None:
        super().__init__(place, folder, store)
        self._writable = store

    @property
    def store(self) -> Store:
        """The graph, to be read and written."""
        return self._writable
