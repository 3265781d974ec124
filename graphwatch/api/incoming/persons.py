"""A load of persons: the key at the door, the vault behind it, namesakes, and what rows contradict each other in."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.api.coverage.claims import disputed, links
from graphwatch.api.project import Project
from graphwatch.ingest.loads import Load
from graphwatch.ingest.persons import Door, rows_with_other_names
from graphwatch.privacy import Vault, fingerprint, namesakes, plain_names, roster_key
from graphwatch.tables import GraphTable, conform, node_table

# A note names so many rows or accounts of one kind.
_NAMED: Final = 5
_STRANGERS: Final = "MATCH (p:Asn) WHERE NOT EXISTS { MATCH (p)-[:WORKS_AT]->(:Agency) } RETURN p.id AS id"
_NOBODY: Final = pa.schema([("id", pa.string()), ("known", pa.int64())]).empty_table()


class Persons:
    """The persons of one load."""

    def __init__(self, project: Project, load: Load) -> None:
        """Take the keys out; nothing is written yet.

        Args:
            project: where the persons are loaded.
            load: what is loaded; handles are looked up only where rows may have them.

        Raises:
            KeyMissing, KeyWrong: a key is not the one that the store's rosters or its vault were made with.
        """
        self._project, self._vault = project, Vault(project.folder)
        known = roster_fingerprints(project, self._vault)
        key = roster_key(project.folder, known)
        self._vault.persons()  # a vault that does not open must stop the load before it begins
        self.key, self.fingerprint = key, fingerprint(key)
        self.door = Door(key, _handles(project) if any(f.name == "handle" for f in load.fields) else None)
        self._new_vault = bool(known) and self._vault.fingerprint() is None
        self._namesakes: pa.Table | None = None
        self._there = _NOBODY

    def keep(self) -> list[str]:
        """Put the persons into the vault, before the graph knows them; notes on names that do not agree."""
        persons = self.door.persons()
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
        persons = self.door.persons()
        found = self._project.store.read(_STRANGERS)
        at = pc.is_in(persons["id"], value_set=found["id"].cast(pa.string()).combine_chunks())
        rows = persons["row"].filter(at).to_pylist()
        on_none = f"{_count(rows, 'row')} with an NIP that is on no roster loaded so far: {_first(rows)}"
        return [on_none] if rows else []

    def _disputes(self, source: str) -> list[str]:
        found = [
            d
            for d in disputed(self._project, links(self._project))
            if any(row.startswith(f"{source}:") for row in d.rows)
        ]
        named = _first([f"{d.account} (rows {', '.join(d.rows)})" for d in found], "; ")
        return [f"claimed by several, all links kept: {_count(found, 'account')}: {named}"] if found else []

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
        if not self._project.store.exists:
            return _NOBODY
        there = self._project.store.read("MATCH (p:Asn) RETURN p.id AS id, p.namesakes AS known")
        return there.cast(_NOBODY.schema)

    def _changed_elsewhere(self, here: pa.ChunkedArray) -> pa.Table:
        """Persons of the graph who are not in this file and now have another number of namesakes."""
        assert self._namesakes is not None
        there = self._there.filter(pc.invert(pc.is_in(self._there["id"], value_set=here.combine_chunks())))
        joined = there.join(self._namesakes, "id", join_type="inner")
        differs = pc.not_equal(pc.fill_null(joined["known"], -1), joined["namesakes"])
        return joined.filter(pc.fill_null(differs, False)).select(["id", "namesakes"])


def roster_fingerprints(project: Project, vault: Vault) -> set[str]:
    """Of the keys that the store's rosters were loaded with, and the ids in the vault made with; they should be one."""
    kept = vault.fingerprint()
    known = {kept} if kept else set()
    if project.store.exists:
        rows = project.store.read("MATCH (s:Source) WHERE s.roster_key IS NOT NULL RETURN DISTINCT s.roster_key AS key")
        known.update(rows["key"].to_pylist())
    return known


def _handles(project: Project) -> pa.Table | None:
    """Handle to native id of the accounts that the store knows; a handle that several have had is left out."""
    if not project.store.exists:
        return None
    known = project.store.read(
        "MATCH (a:Account) WHERE a.handle IS NOT NULL RETURN a.id AS id, a.platform AS platform, a.handle AS handle"
    )
    if not known.num_rows:
        return None
    names = pc.binary_join_element_wise(known["platform"], pc.utf8_lower(known["handle"]), ":")
    native = pc.replace_substring_regex(known["id"], r"^[^:]*:", "")
    single = pa.table({"handle": names, "id": native}).group_by("handle").aggregate([("id", "min"), ("id", "count")])
    single = single.filter(pc.equal(single["id_count"], 1))
    return pa.table({"handle": single["handle"], "id": single["id_min"]})


def _two_names(persons: pa.Table) -> list[str]:
    found = rows_with_other_names(persons, plain_names(persons["name"].combine_chunks()))
    pairs = _first([f"{a} and {b}" for a, b in found], "; ")
    remedy = "two persons cannot have one NIP; the last name was kept"
    return [f"{_count(found, 'NIP')} given with different names, in rows {pairs}: {remedy}"] if found else []


def _renamed(persons: pa.Table, before: pa.Table) -> list[str]:
    """Rows whose name differs from what the vault had."""
    if not before.num_rows or persons["name"].null_count == len(persons):
        return []
    at = pc.index_in(persons["id"], value_set=before["id"].combine_chunks())
    earlier = before["name"].take(at).combine_chunks()
    now = persons["name"].combine_chunks()
    differs = pc.fill_null(pc.not_equal(plain_names(now), plain_names(earlier)), False)
    rows = persons["row"].filter(differs).to_pylist()
    return [f"{_count(rows, 'row')} with another name than an earlier roster gave: {_first(rows)}"] if rows else []


def _first(things: Sequence[object], between: str = ", ") -> str:
    """As many as a note names, and whether there are more.

    >>> _first([1, 2]), _first("abcdef", "; ")
    ('1, 2', 'a; b; c; d; e; …')
    """
    return between.join([*map(str, things[:_NAMED]), *(["…"] if len(things) > _NAMED else [])])


def _count(things: Sequence[object], name: str) -> str:
    return f"{len(things):,} {name}{'' if len(things) == 1 else 's'}"
