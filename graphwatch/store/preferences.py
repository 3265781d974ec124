"""What an office has settled for a project once: kept in `settings.json` of the project's folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from graphwatch.common.files import USUAL, write_atomic
from graphwatch.common.typed_files import read_stored, written

FILE: Final = "settings.json"
Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was settled; None where nothing was.

    Attributes:
        lang: the language of words for readers.
    """

    lang: Language | None = None


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
