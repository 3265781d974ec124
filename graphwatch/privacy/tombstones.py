"""Tombstones: what was forgotten, kept as keyed hashes so that a later load does not bring it back."""

import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from graphwatch.common.files import write_atomic
from graphwatch.errors import KeyMissing, KeyWrong, StoreDamaged
from graphwatch.privacy.keys import fingerprint, project_key

Kind = Literal["account", "handle", "person"]
_MAGIC: Final = "graphwatch tombstones 1"


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
        body = {"format": _MAGIC, "key": fingerprint(self._key), "forgotten": self._dates}
        write_atomic(self.path, json.dumps(body, indent=1, sort_keys=True).encode("ascii"))

    def _digest(self, kind: Kind, id: str) -> str:
        text = f"tombstone\0{kind}\0{id.lower() if kind == 'handle' else id}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _read(self) -> dict[str, str]:
        try:
            body = json.loads(self.path.read_text(encoding="ascii"))
            dates, key, format = dict(body["forgotten"]), body["key"], body["format"]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            remedy = "Bring the file back from a backup: without it, what was forgotten could be loaded again."
            raise StoreDamaged("the tombstones cannot be read", where=str(self.path), remedy=remedy) from error
        if format != _MAGIC:
            remedy = "Update graphwatch, then try again."
            raise StoreDamaged("the tombstones have a format that is not known", where=str(self.path), remedy=remedy)
        where = self._folder / "keys" / "pseudonyms.key"
        remedy = "Bring pseudonyms.key back from its backup; a new key would void every tombstone."
        if not where.exists():
            raise KeyMissing("the key of the tombstones is not here", where=str(where), remedy=remedy)
        if fingerprint(project_key(self._folder)) != key:
            raise KeyWrong("this is not the key of the tombstones", where=str(where), remedy=remedy)
        return dates
