"""A load of persons: the key and the vault, namesakes, and what rows contradict each other in."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.notes import Note
from graphwatch.ingest.learned import known_handles
from graphwatch.ingest.loads import POSITION_FORMS, Load
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.times import Mask, mask_of
from graphwatch.model.tables import GraphTable, conform, node_table
from graphwatch.privacy.keys import fingerprint, roster_key
from graphwatch.privacy.vault import Vault, namesakes, person_ids, plain_names
from graphwatch.repository.roster import disputed, links, namesakes_known, strangers
from graphwatch.repository.sources import roster_keys
from graphwatch.store.workspace import Workspace

_ENDS_FIRST: Final = problem("ends_first")
_NO_HOLDER: Final = problem("no_holder")
_TWO_HOLDERS: Final = problem("two_holders")
_NO_ACCOUNT: Final = problem("no_account")
_NO_BASIS: Final = problem("no_basis")

PERSONS: Final = pa.schema([("row", pa.int64()), *((name, pa.string()) for name in ("id", "nip", "name"))])
_Wrong = list[tuple[str, list[tuple[Mask, Problem]]]]


class PiiFilter(Protocol):
    """What rows of persons must pass: it takes out what identifies somebody, and keeps it for the vault."""

    def filtered(self, rows: Any) -> Any:
        """The rows, without anything that identifies a person."""


def check_persons(kind: str, columns: dict[str, Any], count: int, told: Counter[str]) -> tuple[dict[str, Any], _Wrong]:
    """What the cells of one row say together.

    Args:
        kind: roster or accounts-of-asn.
        columns: the checked columns.
        count: rows.
        told: counts cells that were read in a way that is worth telling.

    Returns:
        The columns, where an account without native id is known by its handle, and a position has the class that its
        name tells; and the problems, by property.
    """

    def given(name: str) -> Any:
        return columns.get(name, pa.nulls(count, pa.string()))

    from_ms, to_ms = (columns.get(f"valid_{end}_ms", pa.nulls(count, pa.int64())) for end in ("from", "to"))
    wrong: _Wrong = [("valid_to", [(mask_of(pc.less(to_ms, from_ms)), _ENDS_FIRST)])]
    if kind == "roster":
        return columns | _classed(given("position"), given("position_class"), told), wrong
    person, agency = (given(name).is_valid().to_numpy(zero_copy_only=False) for name in ("nip", "agency"))
    # Digits alone would be a native id.
    digits = pc.fill_null(pc.ascii_is_decimal(given("handle")), False)
    account = pc.coalesce(
        given("account"), pc.if_else(digits, pc.binary_join_element_wise("@", given("handle"), ""), given("handle"))
    )
    wrong += [
        ("nip", [(~person & ~agency, _NO_HOLDER), (person & agency, _TWO_HOLDERS)]),
        ("account", [(mask_of(account.is_null()), _NO_ACCOUNT)]),
        ("basis", [(person & mask_of(given("basis").is_null()), _NO_BASIS)]),
    ]
    return columns | {"account": account}, wrong


def _classed(position: Any, given: Any, told: Counter[str]) -> dict[str, Any]:
    """The classes of positions: those that are given, else those that the name of a position leaves no doubt about.

    >>> positions = pa.array(["Camat Sukamaju", "Sekretaris Camat", "Analis Hukum Ahli Muda", None])
    >>> _classed(positions, pa.nulls(4, pa.string()), Counter())["position_class"].to_pylist()
    ['head-of-district', None, 'functional', None]
    """
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(position))
    found = given
    for group, form in POSITION_FORMS:
        found = pc.coalesce(found, pc.if_else(pc.match_substring_regex(lower, form), group, None))
    n = given.null_count - found.null_count
    if n:
        told[Note("load.position")] += n
    return {"position_class": found}


class PersonFilter:
    """Where persons come in: an NIP becomes its keyed hash, and a name stays behind for the vault.

    Nothing behind the filter, neither working files nor the graph, holds an NIP or a name.
    """

    def __init__(self, key: bytes, handles: pa.Table | None = None) -> None:
        """A filter of a project.

        Args:
            key: under which NIP are hashed.
            handles: `handle` (platform:handle in lower case, each once) and native `id` of accounts that the
                store knows.
        """
        self._key, self._handles = key, handles
        self._held: list[pa.RecordBatch] = []

    def __repr__(self) -> str:
        return "PersonFilter(key and persons withheld)"

    def filtered(self, rows: Any) -> Any:
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
        by_handle = pc.fill_null(pc.equal(pc.utf8_ltrim(account, "@"), handle), False)
        return pc.if_else(by_handle, pc.coalesce(native, account), account)


def rows_with_other_names(persons: pa.Table, plain: pa.Array) -> list[tuple[int, int]]:
    """Pairs of rows that give one NIP and different names: the first of the person, and the first that differs.

    Args:
        persons: as a filter holds them.
        plain: the names without what does not tell persons apart.
    """
    named = pa.table({"row": persons["row"], "id": persons["id"], "plain": plain}).filter(pc.is_valid(plain))
    each = named.group_by(["id", "plain"]).aggregate([("row", "min")])
    each = each.sort_by([("id", "ascending"), ("row_min", "ascending")])
    ids, rows = each["id"].to_pylist(), each["row_min"].to_pylist()
    first = [at for at in range(1, len(ids)) if ids[at] == ids[at - 1] and (at == 1 or ids[at - 2] != ids[at])]
    return sorted((rows[at - 1], rows[at]) for at in first)


# A note names so many rows or accounts of one kind.
_NAMED: Final = 5
_NOBODY: Final = pa.schema([("id", pa.string()), ("known", pa.int64())])


class Persons:
    """The persons of one load."""

    def __init__(self, workspace: Workspace, load: Load, *, rehearsed: bool = False) -> None:
        """Take the keys out; nothing is written yet but the key of a first roster.

        Args:
            workspace: where the persons are loaded.
            load: what is loaded; handles are looked up only where rows may have them.
            rehearsed: whether nothing is to be kept, so that a first roster has a key for this once.

        Raises:
            KeyMissing, KeyWrong: a key is not the one that the store's rosters or its vault were made with.
        """
        self._store, self._vault = workspace.store, Vault(workspace.folder)
        known = roster_fingerprints(workspace, self._vault)
        key = secrets.token_bytes(32) if rehearsed and not known else roster_key(workspace.folder, known)
        self._vault.persons()  # a vault that does not open must stop the load before it begins
        self.key, self.fingerprint = key, fingerprint(key)
        self.pii_filter = PersonFilter(
            key, known_handles(workspace) if any(f.name == "handle" for f in load.fields) else None
        )
        self._new_vault = bool(known) and self._vault.fingerprint() is None
        self._namesakes: pa.Table | None = None
        self._there = _NOBODY.empty_table()

    def keep(self) -> list[str]:
        """Put the persons into the vault, before the graph knows them; notes on names that do not agree."""
        persons = self.pii_filter.persons()
        before, after = self._vault.keep(persons, self.fingerprint)
        if persons["name"].null_count < len(persons):
            self._namesakes = namesakes(after)
            self._there = self._counted_before()
        missing = ["the vault is new: names of persons from earlier rosters are not in it"] if self._new_vault else []
        return [*missing, *_two_names(persons), *_renamed(persons, before)]

    def counted(self, tables: Iterable[GraphTable]) -> Iterator[GraphTable]:
        """The tables, with namesakes of everybody: also of those whose number another person's arrival changed."""
        for table in tables:
            yield self._with_namesakes(table) if table.element.name == "Asn" and self._namesakes else table

    def remarks(self, source: str) -> list[str]:
        """Notes on what the graph now says: accounts of this load that several hold, persons who are on no roster."""
        return [*self._disputes(source), *self._strangers()]

    def _strangers(self) -> list[str]:
        persons = self.pii_filter.persons()
        at = pc.is_in(persons["id"], value_set=strangers(self._store))
        rows = persons["row"].filter(at).to_pylist()
        on_none = Note("load.on_no_roster", n=len(rows), rows=_first(rows))
        return [on_none] if rows else []

    def _disputes(self, source: str) -> list[str]:
        found = [
            d for d in disputed(self._store, links(self._store)) if any(row.startswith(f"{source}:") for row in d.rows)
        ]
        named = _first([f"{d.account} (rows {', '.join(d.rows)})" for d in found], "; ")
        return [Note("load.claimed", n=len(found), named=named)] if found else []

    def _with_namesakes(self, table: GraphTable) -> GraphTable:
        counts = self._namesakes
        assert counts is not None
        ids = counts["id"].combine_chunks()

        def batches() -> Iterator[pa.RecordBatch]:
            here = []
            for batch in table.batches:
                here.append(batch.column("id"))
                numbers = counts["namesakes"].take(pc.index_in(here[-1], value_set=ids))
                at = batch.schema.get_field_index("namesakes")
                yield batch.set_column(at, "namesakes", numbers.combine_chunks())
            elsewhere = self._changed_elsewhere(pa.chunked_array(here, pa.string()))
            yield from conform(elsewhere, table.schema).to_batches()

        return node_table("Asn", batches())

    def _counted_before(self) -> pa.Table:
        """Everybody in the graph, with the number of namesakes that it says."""
        return namesakes_known(self._store).cast(_NOBODY) if self._store.exists else _NOBODY.empty_table()

    def _changed_elsewhere(self, here: pa.ChunkedArray) -> pa.Table:
        """Persons of the graph who are not in this file and now have another number of namesakes."""
        assert self._namesakes is not None
        there = self._there.filter(pc.invert(pc.is_in(self._there["id"], value_set=here.combine_chunks())))
        joined = there.join(self._namesakes, "id", join_type="inner")
        differs = pc.not_equal(pc.fill_null(joined["known"], -1), joined["namesakes"])
        return joined.filter(pc.fill_null(differs, False)).select(["id", "namesakes"])


def roster_fingerprints(workspace: Workspace, vault: Vault) -> set[str]:
    """Of the keys that the store's rosters were loaded with, and the ids in the vault made with; they should be one."""
    kept = vault.fingerprint()
    known = {kept} if kept else set()
    if workspace.store.exists:
        known |= roster_keys(workspace.store)
    return known


def _two_names(persons: pa.Table) -> list[str]:
    found = rows_with_other_names(persons, plain_names(persons["name"].combine_chunks()))
    pairs = _first([f"{a} and {b}" for a, b in found], "; ")
    return [Note("load.two_names", n=len(found), pairs=pairs)] if found else []


def _renamed(persons: pa.Table, before: pa.Table) -> list[str]:
    """Rows whose name differs from what the vault had."""
    if not before.num_rows or persons["name"].null_count == len(persons):
        return []
    at = pc.index_in(persons["id"], value_set=before["id"].combine_chunks())
    earlier = before["name"].take(at).combine_chunks()
    now = persons["name"].combine_chunks()
    differs = pc.fill_null(pc.not_equal(plain_names(now), plain_names(earlier)), False)
    rows = persons["row"].filter(differs).to_pylist()
    return [Note("load.renamed", n=len(rows), rows=_first(rows))] if rows else []


def _first(things: Sequence[object], between: str = ", ") -> str:
    """As many as a note names, and whether there are more.

    >>> _first([1, 2]), _first("abcdef", "; ")
    ('1, 2', 'a; b; c; d; e; …')
    """
    return between.join([*map(str, things[:_NAMED]), *(["…"] if len(things) > _NAMED else [])])
