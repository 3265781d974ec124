"""Rows that name persons: what must fit together in one, and the door at which names and NIP stay behind."""

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.ingest.quarantine import Problem
from graphwatch.ingest.times import Mask, mask_of
from graphwatch.privacy import person_ids

_ENDS_FIRST: Final = Problem("a last day before the first day", "Put the two days right.")
_NO_HOLDER: Final = Problem(
    "neither an NIP nor an agency", "Say whose the account is: give the NIP of a person, or the agency."
)
_TWO_HOLDERS: Final = Problem(
    "an NIP and an agency in one row", "A duty account is nobody's own: give the agency alone, or the NIP alone."
)
_NO_ACCOUNT: Final = Problem("neither a native id nor a handle", "Give the account's native id or its handle.")
_NO_BASIS: Final = Problem(
    "no basis for linking the account to the person", "Use self-declared, confirmed-by-superior or verified."
)

PERSONS: Final = pa.schema([("row", pa.int64()), *((name, pa.string()) for name in ("id", "nip", "name"))])
_Wrong = list[tuple[str, list[tuple[Mask, Problem]]]]


def check_persons(kind: str, columns: dict[str, Any], count: int) -> tuple[dict[str, Any], _Wrong]:
    """What the cells of one row say together.

    Args:
        kind: roster or accounts-of-asn.
        columns: the checked columns.
        count: rows.

    Returns:
        The columns, where an account without native id is known by its handle; and the problems, by property.
    """

    def given(name: str) -> Any:
        return columns.get(name, pa.nulls(count, pa.string()))

    from_ms, to_ms = (columns.get(f"valid_{end}_ms", pa.nulls(count, pa.int64())) for end in ("from", "to"))
    wrong: _Wrong = [("valid_to", [(mask_of(pc.less(to_ms, from_ms)), _ENDS_FIRST)])]
    if kind == "roster":
        return columns, wrong
    person, agency = (given(name).is_valid().to_numpy(zero_copy_only=False) for name in ("nip", "agency"))
    account = pc.coalesce(given("account"), given("handle"))
    wrong += [
        ("nip", [(~person & ~agency, _NO_HOLDER), (person & agency, _TWO_HOLDERS)]),
        ("account", [(mask_of(account.is_null()), _NO_ACCOUNT)]),
        ("basis", [(person & mask_of(given("basis").is_null()), _NO_BASIS)]),
    ]
    return columns | {"account": account}, wrong


class Door:
    """Where persons come in: an NIP becomes its keyed hash, and a name stays behind for the vault.

    Nothing behind the door, neither working files nor the graph, holds an NIP or a name.
    """

    def __init__(self, key: bytes, handles: pa.Table | None = None) -> None:
        """A door of a project.

        Args:
            key: under which NIP are hashed.
            handles: `handle` (platform:handle in lower case, each once) and native `id` of accounts that the
                store knows.
        """
        self._key, self._handles = key, handles
        self._held: list[pa.RecordBatch] = []

    def __repr__(self) -> str:
        return "Door(key and persons withheld)"

    def through(self, rows: Any) -> Any:
        """The rows with hashes for NIP, without names, and with native ids for handles that the store knows."""
        ids = person_ids(rows.column("nip"), self._key)
        known = set(rows.schema.names)
        names = rows.column("name") if "name" in known else pa.nulls(rows.num_rows, pa.string())
        held = pa.RecordBatch.from_arrays([rows.column("row"), ids, rows.column("nip"), names], schema=PERSONS)
        self._held.append(held.filter(ids.is_valid()))
        replaced = {"nip": ids} | ({"name": pa.nulls(rows.num_rows, pa.string())} if "name" in known else {})
        if self._handles is not None and "handle" in known:
            replaced["account"] = self._native(rows)
        columns = [replaced.get(name, rows.column(name)) for name in rows.schema.names]
        return pa.RecordBatch.from_arrays(columns, schema=rows.schema)

    def persons(self) -> pa.Table:
        """Row, id, NIP and name of everybody who came in, a person once for each row."""
        return pa.Table.from_batches(self._held, PERSONS)

    def _native(self, rows: Any) -> Any:
        assert self._handles is not None
        account, handle = rows.column("account"), rows.column("handle")
        name = pc.binary_join_element_wise(rows.column("platform"), pc.utf8_lower(handle), ":")
        at = pc.index_in(name, value_set=self._handles["handle"].combine_chunks())
        native = self._handles["id"].combine_chunks().take(at)
        by_handle = pc.fill_null(pc.equal(account, handle), False)
        return pc.if_else(by_handle, pc.coalesce(native, account), account)


def rows_with_other_names(persons: pa.Table, plain: pa.Array) -> list[tuple[int, int]]:
    """Pairs of rows that give one NIP and different names: the first of the person, and the first that differs.

    Args:
        persons: as a door holds them.
        plain: the names without what does not tell persons apart.
    """
    named = pa.table({"row": persons["row"], "id": persons["id"], "plain": plain}).filter(pc.is_valid(plain))
    each = named.group_by(["id", "plain"]).aggregate([("row", "min")])
    each = each.sort_by([("id", "ascending"), ("row_min", "ascending")])
    ids, rows = each["id"].to_pylist(), each["row_min"].to_pylist()
    first = [at for at in range(1, len(ids)) if ids[at] == ids[at - 1] and (at == 1 or ids[at - 2] != ids[at])]
    return sorted((rows[at - 1], rows[at]) for at in first)
