"""Handles whose native ids the store knows: a row that has only the handle is of the account with that id."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.notes import Note
from graphwatch.platforms.naming import CASELESS
from graphwatch.repository.roster import handles
from graphwatch.store.workspace import Workspace

# Columns with accounts, by kind of load; objects only where they are accounts.
_ACCOUNTS: Final = {"interactions": ("account", "object"), "posts": ("account",)}


def known_handles(workspace: Workspace) -> pa.Table | None:
    """Handle (platform:handle in lower case) to native id of accounts in the store; None where it knows none.

    A handle that several have had is left out, and so is one that is the id of another account.
    """
    if not workspace.store.exists:
        return None
    known = handles(workspace.store)
    if not known.num_rows:
        return None
    names = pc.binary_join_element_wise(known["platform"], pc.utf8_lower(known["handle"]), ":")
    native = pc.replace_substring_regex(known["id"], r"^[^:]*:", "")
    single = pa.table({"handle": names, "id": native}).group_by("handle").aggregate([("id", "min"), ("id", "count")])
    another = pc.is_in(single["handle"], value_set=known["id"].filter(pc.not_equal(names, known["id"])))
    single = single.filter(pc.and_(pc.equal(single["id_count"], 1), pc.invert(another)))
    return pa.table({"handle": single["handle"], "id": single["id_min"]})


class LearnedHandles:
    """Gives accounts that a file knows by their handles the native ids that the store knows them by."""

    def __init__(self, kind: str, as_written: tuple[str, ...], known: Callable[[], pa.Table | None]) -> None:
        """For one kind of load.

        Args:
            kind: of the load.
            as_written: properties whose ids stay as they are.
            known: `handle` (platform:handle in lower case, each once) and native `id` of accounts in the store; asked
                for only where a row has a handle alone.
        """
        self._columns = tuple(name for name in _ACCOUNTS.get(kind, ()) if name not in as_written)
        self._ask, self._asked = known, False
        self._known: pa.Table | None = None
        self._found: list[Any] = []

    def native(self, rows: Any) -> Any:
        """The rows, with native ids where they are known."""
        for name in self._columns:
            column = rows.column(name)
            if pc.all(pc.fill_null(pc.ascii_is_decimal(column), True)).as_py() or self._table() is None:
                continue
            native = self._native_of(column, rows.column("platform"))
            if name == "object":
                native = pc.if_else(
                    pc.equal(rows.column("object_type"), "account"), native, pa.scalar(None, pa.string())
                )
            native = pc.if_else(pc.equal(native, column), None, native)
            if native.null_count == len(native):
                continue
            self._found.append(pc.unique(native.drop_null()))
            at = rows.schema.get_field_index(name)
            rows = rows.set_column(at, rows.schema.field(at), pc.coalesce(native, column))
        return rows

    def notes(self) -> Iterator[str]:
        """How many accounts were known."""
        if self._found:
            accounts = len(pc.unique(pa.chunked_array(self._found)))
            yield Note("load.known_natively", n=accounts)

    def _table(self) -> pa.Table | None:
        if not self._asked:
            self._asked, self._known = True, self._ask()
        return self._known

    def _native_of(self, accounts: Any, platforms: Any) -> Any:
        assert self._known is not None
        named = pc.binary_join_element_wise(platforms, pc.utf8_ltrim(accounts, "@"), ":")
        # Digits alone are a native id, and not the handle that is written alike; of other platforms nobody knows.
        native = pc.or_(
            pc.ascii_is_decimal(accounts), pc.invert(pc.is_in(platforms, value_set=pa.array(sorted(CASELESS))))
        )
        named = pc.if_else(native, pa.scalar(None, pa.string()), named)
        at = pc.index_in(named, value_set=self._known["handle"].combine_chunks())
        return self._known["id"].combine_chunks().take(at)
