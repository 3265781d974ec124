"""Rows of accounts and persons that were forgotten do not come in again."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.ingest.loads import Load
from graphwatch.platforms.addresses import PLATFORMS
from graphwatch.platforms.naming import CASELESS, account_meant, account_name, after_platform
from graphwatch.privacy.redaction import Tombstones
from graphwatch.privacy.vault import person_ids

# Columns with the native id of an account, and when they have it.
_NATIVE: Final = {"interactions": ("account", "object"), "posts": ("account",), "accounts-of-asn": ("account",)}


class Forgotten:
    """Leaves out the rows that tombstones forbid, and counts them; their values are written nowhere."""

    def __init__(self, tombstones: Tombstones, load: Load, roster_key: bytes | None = None) -> None:
        """The tombstones of a project, for one load.

        Args:
            tombstones: of the project.
            load: kind of load.
            roster_key: under which NIP are hashed, where the load has them.
        """
        self._tombstones, self._load, self._roster_key = tombstones, load, roster_key
        self.rows = 0

    def without(self, rows: Any) -> Any:
        """The rows of everybody else."""
        if not len(self._tombstones) or not rows.num_rows:
            return rows
        goes = pa.array([False] * rows.num_rows)
        for of in (self._natives, self._handles, self._references, self._persons):
            goes = pc.or_(goes, of(rows))
        self.rows += pc.sum(goes).as_py()
        return rows.filter(pc.invert(goes))

    def _natives(self, rows: Any) -> Any:
        goes = pa.array([False] * rows.num_rows)
        for name in _NATIVE.get(self._load.name, ()):
            ids = pc.binary_join_element_wise(rows.column("platform"), rows.column(name), ":")
            if name == "object":  # posts and pages are no accounts
                ids = pc.if_else(pc.equal(rows.column("object_type"), "account"), ids, pa.scalar(None, pa.string()))
            goes = pc.or_(goes, _each(ids, partial(self._tombstones.has, "account")))
            goes = pc.or_(
                goes, _each(_by_handle(ids, rows.column("platform")), partial(self._tombstones.has, "handle"))
            )
        return goes

    def _handles(self, rows: Any) -> Any:
        """Handles stand for accounts only where a roster says whose account is whose."""
        if self._load.name != "accounts-of-asn":
            return pa.array([False] * rows.num_rows)
        handles = pc.binary_join_element_wise(rows.column("platform"), rows.column("handle"), ":")
        return _each(handles, partial(self._tombstones.has, "handle"))

    def _references(self, rows: Any) -> Any:
        """Accused accounts, as complaints name them."""
        if self._load.name != "complaints":
            return pa.array([False] * rows.num_rows)
        named = zip(rows.column("account").to_pylist(), rows.column("platform").to_pylist(), strict=True)
        return pa.array([text is not None and self._is_meant(text, platform) for text, platform in named], pa.bool_())

    def _is_meant(self, text: str, platform: str | None) -> bool:
        meant = account_meant(text, platform)
        _, rest = after_platform(text, platform)
        for place in (meant.platform,) if meant.platform else PLATFORMS:
            if (named := account_name(rest, place).id) and self._tombstones.has("account", f"{place}:{named}"):
                return True
            if meant.native and self._tombstones.has("account", f"{place}:{meant.native}"):
                return True
            if meant.handle and self._tombstones.has("handle", f"{place}:{meant.handle}"):
                return True
        return self._tombstones.has("account", text.strip())

    def _persons(self, rows: Any) -> Any:
        if self._roster_key is None or "nip" not in rows.schema.names:
            return pa.array([False] * rows.num_rows)
        ids = person_ids(rows.column("nip"), self._roster_key)
        return _each(ids, partial(self._tombstones.has, "person"))


def _by_handle(ids: Any, platforms: Any) -> Any:
    """Those of the ids of accounts that are made of a handle, as `platform:handle`: digits are native ids."""
    handles = pc.and_(
        pc.is_in(platforms, value_set=pa.array(sorted(CASELESS))), pc.invert(pc.match_substring_regex(ids, ":[0-9]+$"))
    )
    return pc.if_else(handles, pc.replace_substring(ids, ":@", ":"), pa.scalar(None, pa.string()))


def _each(values: Any, forgotten: Callable[[str], bool]) -> Any:
    """Whether each value was forgotten; equal values are asked once."""
    coded = pc.dictionary_encode(values)
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    answers = pa.array([forgotten(value) for value in coded.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(answers.take(coded.indices), False)
