"""Tombstones: what was forgotten, kept as keyed hashes so that a later load does not bring it back."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from graphwatch.common.files import write_atomic
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import KeyMissing, KeyWrong, StoreDamaged
from graphwatch.privacy.keys import fingerprint, project_key

Kind = Literal["account", "handle", "person"]
_MAGIC: Final = "graphwatch tombstones 1"


@dataclass(frozen=True, slots=True)
class _Kept:
    """The file: its format, the fingerprint of the key, and the day of each tombstone by its digest."""

    format: str
    key: str
    forgotten: dict[str, str]


class Tombstones:
    """The tombstones of a project, in the file `tombstones.json` of its folder.

    A tombstone is an HMAC-SHA256 under the project's key: without the key nobody can ask whether a certain account
    was forgotten. Where the key is lost, loads stop rather than bring back what was to be forgotten.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     tombstones = Tombstones(Path(folder))
    ...     tombstones.add([("account", "x:1")])
    ...     tombstones.has("account", "x:1"), tombstones.has("account", "x:2")
    (True, False)
    """

    def __init__(self, folder: Path) -> None:
        """Read them.

        Raises:
            KeyMissing, KeyWrong: the project's key is not the one that they were made with.
            StoreDamaged: the file is not what was written.
        """
        self._folder, self.path = Path(folder), Path(folder) / "tombstones.json"
        self._dates = self._read()
        self._key = project_key(self._folder) if self._dates else b""

    def __len__(self) -> int:
        return len(self._dates)

    def __repr__(self) -> str:
        return f"Tombstones({len(self)})"

    def has(self, kind: Kind, id: str) -> bool:
        """Whether that account, handle (`platform:handle`) or person (its id) was forgotten."""
        return bool(self._dates) and self._digest(kind, id) in self._dates

    def add(self, forgotten: Iterable[tuple[Kind, str]]) -> None:
        """Set tombstones; those that stand keep their day. The file is written whole, then given its name."""
        self._key = project_key(self._folder)
        today = datetime.now(UTC).date().isoformat()
        new = {self._digest(kind, id): today for kind, id in forgotten}
        self._dates = {**new, **self._dates}
        write_atomic(self.path, written(_Kept(_MAGIC, fingerprint(self._key), self._dates)))

    def _digest(self, kind: Kind, id: str) -> str:
        text = f"tombstone\0{kind}\0{id.lower() if kind == 'handle' else id}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _read(self) -> dict[str, str]:
        remedy = "Bring the file back from a backup: without it, what was forgotten could be loaded again."
        kept = read_stored(self.path, _Kept, name="the tombstones", remedy=remedy)
        if kept is None:
            return {}
        if kept.format != _MAGIC:
            remedy = "Update graphwatch, then try again."
            raise StoreDamaged("the tombstones have a format that is not known", where=str(self.path), remedy=remedy)
        where = self._folder / "keys" / "pseudonyms.key"
        remedy = "Bring pseudonyms.key back from its backup; a new key would void every tombstone."
        if not where.exists():
            raise KeyMissing("the key of the tombstones is not here", where=str(where), remedy=remedy)
        if fingerprint(project_key(self._folder)) != kept.key:
            raise KeyWrong("this is not the key of the tombstones", where=str(where), remedy=remedy)
        return kept.forgotten
