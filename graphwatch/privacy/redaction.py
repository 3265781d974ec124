"""The words by which somebody who is to be forgotten is known again, texts without them, and what keeps them away."""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from graphwatch.common.files import write_atomic
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import KeyMissing, KeyWrong, StoreDamaged
from graphwatch.privacy.keys import fingerprint, project_key

ERASED: Final = "[dihapus]"
# What may not stand beside a word for it to be the whole of it.
_LETTER: Final = "0-9A-Za-z"
_NOT_BEFORE: Final = rf"(?<![{_LETTER}_])"
_NOT_AFTER: Final = rf"(?![{_LETTER}_]|[.][{_LETTER}])"
# Shorter words, and small numbers, occur in ordinary sentences.
_SHORTEST_WORD, _SHORTEST_NUMBER, _LONG_WORD = 4, 8, 10


@dataclass(frozen=True)
class Words:
    """Graph ids, native ids and handles, addresses, and names of persons with their NIP.

    A native id or handle that might be an ordinary word (`budi`) or a small number counts only where it is marked as
    an account's: after `@`, `/`, or its platform. Differences of case do not count.

    >>> words = Words(ids=("x:7", "x:81234567"), called=("budi", "sari_88", "81234567"))
    >>> words.without("Budi, tanya @budi atau SARI_88!")
    'Budi, tanya @[dihapus] atau [dihapus]!'
    >>> words.within("x:7"), words.within("x:77"), words.within("lihat 81234567")
    (True, False, True)
    """

    ids: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Words(withheld)"

    @property
    def all(self) -> tuple[str, ...]:
        """Every word once, sorted."""
        return tuple(sorted({*self.ids, *self.called, *self.addresses, *self.names} - {""}))

    def within(self, text: str) -> bool:
        """Whether the text gives somebody away."""
        return self.pattern.search(text) is not None

    def whole(self, text: str) -> bool:
        """Whether the text is one of the words and nothing else, however short it is."""
        bare = text.strip().lstrip("'").removeprefix("@").casefold()
        return bare in self._folded

    def without(self, text: str) -> str:
        """The text with `[dihapus]` in the place of every word."""
        return self.pattern.sub(ERASED, text)

    @cached_property
    def pattern(self) -> "re.Pattern[str]":
        """Matches every word where it gives somebody away."""
        return re.compile("|".join(self._parts()) or r"(?!)", re.IGNORECASE)

    @cached_property
    def bytes_pattern(self) -> "re.Pattern[bytes]":
        """The same for files of any kind, as UTF-8."""
        return re.compile("|".join(self._parts()).encode() or rb"(?!)", re.IGNORECASE)

    @cached_property
    def hint(self) -> str:
        """A simpler pattern for engines without look-around; whatever the other matches, it matches."""
        return "|".join(re.escape(word) for word in self.all) or "$^"

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in self.all)

    def _parts(self) -> list[str]:
        """A pattern for each word, longer words first."""
        # A single name is a word of many sentences; a whole one is not.
        names = {name for name in self.names if name.isdigit() or len(name.split()) > 1}
        whole = [
            f"{_NOT_BEFORE}{re.escape(w)}{_NOT_AFTER}" for w in _longest_first({*self.ids, *self.addresses, *names})
        ]
        return whole + [_called(word) for word in _longest_first(set(self.called))]


def _longest_first(words: set[str]) -> list[str]:
    return sorted(words - {""}, key=lambda word: (-len(word), word))


def _called(word: str) -> str:
    before = f"(?<![{_LETTER}])" if _is_distinctive(word) else "(?<=[@/])"
    # A number may go on with an underscore, in ids that platforms put together.
    after = f"(?![{_LETTER}])" if word.isdigit() else _NOT_AFTER
    return f"{before}{re.escape(word)}{after}"


def _is_distinctive(word: str) -> bool:
    if word.isdigit():
        return len(word) >= _SHORTEST_NUMBER
    return len(word) >= (_LONG_WORD if word.isalpha() else _SHORTEST_WORD)


def words_of(accounts: Iterable[dict[str, Any]], persons: Iterable[dict[str, Any]]) -> Words:
    """The words for accounts (`id`, `handle`, `url`) and persons (`id`, `nip`, `name`).

    >>> words_of([{"id": "x:1", "handle": "budi", "url": None}], []).all
    ('1', 'budi', 'x:1')
    """
    accounts, persons = list(accounts), list(persons)
    called = {word for a in accounts for word in (a["id"].partition(":")[2], a.get("handle")) if word}
    return Words(
        ids=tuple(sorted({*(a["id"] for a in accounts), *(p["id"] for p in persons)})),
        called=tuple(sorted(called)),
        addresses=tuple(sorted({a["url"] for a in accounts if a.get("url")})),
        names=tuple(sorted({p[key] for p in persons for key in ("nip", "name") if p.get(key)})),
    )


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
