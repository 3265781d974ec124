"""The roster: who holds an account and when, what several hold at one time, who is on no roster, and what staff did."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import Validity
from graphwatch.model import POST_INTERACTIONS
from graphwatch.store.base import ReadableStore

_PERSONS: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(h:Asn) WHERE a.id IN $ids "
    "RETURN a.id AS account, h.id AS holder, b.basis AS basis, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_AGENCIES: Final = (
    "MATCH (a:Account)-[b:OPERATED_BY]->(h:Agency) WHERE a.id IN $ids "
    "RETURN a.id AS account, h.id AS holder, 'duty' AS basis, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_POSITIONS: Final = (
    "MATCH (p:Asn)-[w:WORKS_AT]->(:Agency) WHERE p.id IN $ids AND w.position IS NOT NULL "
    "RETURN p.id AS person, w.position AS position, w.from_ms AS from_ms, w.to_ms AS to_ms ORDER BY person, position"
)
# Who holds accounts: the relation of each kind, and the label at its end.
_HELD: Final = {"person": ("BELONGS_TO", "Asn"), "agency": ("OPERATED_BY", "Agency")}
_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("account", "platform", "holder", "kind", "basis")),
        ("from_ms", pa.int64()),
        ("to_ms", pa.int64()),
        ("link", pa.string()),
    ]
)
_ACCOUNTS: Final = (
    "MATCH (a:Account) WHERE a.id IN $ids "
    "RETURN a.id AS id, a.handle AS handle, a.name AS name, a.url AS url ORDER BY id"
)
_STAFF: Final = "MATCH (g:Agency)<-[w:WORKS_AT]-(p:Asn)<-[b:BELONGS_TO]-(a:Account)"
_STAFF_ACT: Final = (
    "WITH w, p, b, i, g WHERE g.id = $id AND i.at_ms IS NOT NULL RETURN DISTINCT p.id AS person, i.kind AS kind, "
    "i.at_ms AS at_ms, b.from_ms AS from_ms, b.to_ms AS to_ms, w.from_ms AS works_from_ms, w.to_ms AS works_to_ms"
)
_STAFF_ACTS: Final = (
    f"{_STAFF}-[i:{'|'.join(POST_INTERACTIONS)}]->(:Post)<-[:PUBLISHED]-(:Page)-[:SUPPORTS]->(:Paslon) {_STAFF_ACT}",
    f"{_STAFF}-[i:FOLLOWED]->(:Page)-[:SUPPORTS]->(:Paslon) {_STAFF_ACT}",
)
_BELONGING: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn) "
    "RETURN a.id AS account, b.basis AS to, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_WORKING: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn)-[w:WORKS_AT]->(g:Agency) "
    "RETURN a.id AS account, g.id AS to, b.from_ms AS from_ms, b.to_ms AS to_ms, "
    "w.from_ms AS works_from_ms, w.to_ms AS works_to_ms"
)
_DUTY: Final = (
    "MATCH (a:Account)-[b:OPERATED_BY]->(g:Agency) "
    "RETURN a.id AS account, g.id AS to, b.from_ms AS from_ms, b.to_ms AS to_ms"
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """An account that several hold at one time.

    Attributes:
        account: id of the account.
        persons, agencies: how many persons and agencies hold it.
        rows: source:row of the rows that say so.
    """

    account: str
    persons: int
    agencies: int
    rows: tuple[str, ...]


class Holding(NamedTuple):
    """An account's link with whoever holds it, a person or an agency, and when it is in force.

    `basis` is how the link with a person was made, and `duty` where an agency operates the account.
    """

    account: str
    holder: str
    basis: str
    validity: Validity


def in_force(link: str, at_ms: str) -> str:
    """The condition, in Cypher, that a relation which is valid for a time covers an instant: `Validity.covers`.

    Args:
        link: variable of the relation.
        at_ms: expression of the instant; where it is null, the condition is null unless both ends are open.

    >>> in_force("b", "$now")
    '(b.from_ms IS NULL OR b.from_ms <= $now) AND (b.to_ms IS NULL OR b.to_ms > $now)'
    """
    begun = f"({link}.from_ms IS NULL OR {link}.from_ms <= {at_ms})"
    return f"{begun} AND ({link}.to_ms IS NULL OR {link}.to_ms > {at_ms})"


def holding_persons(store: ReadableStore, accounts: list[str]) -> dict[str, list[Holding]]:
    """The links of these accounts with persons, by account."""
    return _holdings(store, _PERSONS, accounts)


def holding_agencies(store: ReadableStore, accounts: list[str]) -> dict[str, list[Holding]]:
    """The links of these accounts with the agencies that operate them, by account."""
    return _holdings(store, _AGENCIES, accounts)


class Position(NamedTuple):
    """A position of a person, and when it is theirs."""

    name: str
    validity: Validity


def positions_held(store: ReadableStore, persons: Collection[str]) -> dict[str, list[Position]]:
    """The positions of these persons, by person; those of whom the roster says none are left out."""
    found: dict[str, list[Position]] = defaultdict(list)
    for row in store.read(_POSITIONS, {"ids": sorted(set(persons))}).to_pylist() if persons else ():
        found[row["person"]].append(Position(row["position"], Validity(row["from_ms"], row["to_ms"])))
    return found


def _holdings(store: ReadableStore, cypher: str, accounts: list[str]) -> dict[str, list[Holding]]:
    found: dict[str, list[Holding]] = defaultdict(list)
    for row in store.read(cypher, {"ids": accounts}).to_pylist() if accounts else ():
        validity = Validity(row["from_ms"], row["to_ms"])
        found[row["account"]].append(Holding(row["account"], row["holder"], row["basis"], validity))
    return found


def strangers(store: ReadableStore) -> pa.Array:
    """Ids of persons with an account and no agency: rosters do not have them."""
    everybody = store.rows("Asn", ("id",))["id"].cast(pa.string()).combine_chunks()
    working = store.rows("WORKS_AT", ("from",), ends=("Asn", "Agency"))["from"].cast(pa.string()).combine_chunks()
    return everybody.filter(pc.invert(pc.is_in(everybody, value_set=working)))


def namesakes_known(store: ReadableStore) -> pa.Table:
    """Everybody in the graph: id, and in `known` how many others of the same name it says that there are."""
    return store.rows("Asn", ("id", "namesakes")).rename_columns(["id", "known"])


def handles(store: ReadableStore) -> pa.Table:
    """The accounts whose handle is known: id, platform and handle."""
    found = store.rows("Account", ("id", "platform", "handle"))
    return found.filter(found["handle"].is_valid())


def links(store: ReadableStore) -> pa.Table:
    """Who holds which account: account, platform, holder, kind (person or agency), basis, from_ms, to_ms and link."""
    found = []
    for kind, (name, end) in _HELD.items():
        own = ("basis",) if kind == "person" else ()
        held = store.rows(name, ("from", "to", "from_ms", "to_ms", "id", *own), ends=("Account", end))
        count = held.num_rows
        columns = {
            "account": held["from"],
            "platform": pa.nulls(count, pa.string()),
            "holder": held["to"],
            "kind": pa.array([kind] * count, pa.string()),
            "basis": held["basis"] if own else pa.array([""] * count, pa.string()),
            "from_ms": held["from_ms"],
            "to_ms": held["to_ms"],
            "link": held["id"],
        }
        found.append(pa.table([columns[f.name].cast(f.type) for f in _SCHEMA], schema=_SCHEMA))
    table = pa.concat_tables(found)
    accounts = set(pc.unique(table["account"]).to_pylist())
    there = store.rows("Account", ("id", "platform"), ids=accounts) if accounts else None
    if there is None:
        return table
    at = pc.index_in(table["account"], value_set=there["id"].cast(pa.string()).combine_chunks())
    platform = there["platform"].cast(pa.string()).combine_chunks().take(at)
    return table.set_column(_SCHEMA.get_field_index("platform"), "platform", platform)


def disputed(store: ReadableStore, links: pa.Table) -> list[Dispute]:
    """The accounts that more than one person or agency holds on some day, by id."""
    holders = pa.table({"account": links["account"], "holder": _both(links["kind"], links["holder"])})
    counts = holders.group_by("account").aggregate([("holder", "count_distinct")])
    several = counts.filter(pc.greater(counts["holder_count_distinct"], 1))["account"].combine_chunks()
    claims: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for claim in links.filter(pc.is_in(links["account"], value_set=several)).to_pylist():
        claims[claim["account"]].append(claim)
    holding = {
        account: [c for c in held if any(_clash(c, other) for other in held)]
        for account, held in sorted(claims.items())
    }
    rows = _rows_of(store, [c["link"] for held in holding.values() for c in held])
    return [_dispute(account, held, rows) for account, held in holding.items() if held]


def _rows_of(store: ReadableStore, links: list[str]) -> dict[str, list[str]]:
    """The source:row of each link."""
    if not links:
        return {}
    held = (store.rows(name, ("id", "sources"), ends=("Account", end), ids=links) for name, end in _HELD.values())
    return {row["id"]: row["sources"] or [] for of in held for row in of.to_pylist()}


def _dispute(account: str, holding: list[dict[str, Any]], rows: dict[str, list[str]]) -> Dispute:
    persons, agencies = ({c["holder"] for c in holding if c["kind"] == kind} for kind in ("person", "agency"))
    found = sorted({row for c in holding for row in rows[c["link"]]}, key=_row_order)
    return Dispute(account, len(persons), len(agencies), tuple(found))


def _both(kind: pa.ChunkedArray, holder: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(kind, holder, " ")


def _clash(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two holders have one account at the same time."""
    if (one["kind"], one["holder"]) == (other["kind"], other["holder"]):
        return False
    return Validity(one["from_ms"], one["to_ms"]).overlaps(Validity(other["from_ms"], other["to_ms"]))


def _row_order(row: str) -> tuple[str, int]:
    source, _, number = row.rpartition(":")
    return source, int(number)


class PublicAccount(NamedTuple):
    """What an account is called on its platform; None where that is not known."""

    id: str
    handle: str | None
    name: str | None
    url: str | None


class StaffAct(NamedTuple):
    """An act of a person on the roster for a paslon's page.

    Attributes:
        person, kind, at_ms: who (id of the Asn), which kind of interaction and when, UTC epoch milliseconds.
        from_ms, to_ms: from when until when the account is the person's, exclusive; None where open.
        works_from_ms, works_to_ms: from when until when the person works at the agency, exclusive; None where open.
    """

    person: str
    kind: str
    at_ms: int
    from_ms: int | None
    to_ms: int | None
    works_from_ms: int | None
    works_to_ms: int | None


def public_accounts(store: ReadableStore, ids: Collection[str]) -> list[PublicAccount]:
    """These accounts as their platforms show them, by id; without those that the graph does not know."""
    return [PublicAccount(**row) for row in store.read(_ACCOUNTS, {"ids": list(ids)}).to_pylist()]


def knows_persons(store: ReadableStore) -> bool:
    """Whether any person of a roster is in the graph."""
    return bool(store.read("MATCH (p:Asn) RETURN count(p.id) AS n")["n"][0].as_py())


def acts_of_staff(store: ReadableStore, agency: str) -> list[StaffAct]:
    """Timed interactions of accounts of an agency's persons with pages of paslon or their posts, in force or not."""
    return [StaffAct(**row) for query in _STAFF_ACTS for row in store.read(query, {"id": agency}).to_pylist()]


class RosterLinks(NamedTuple):
    """Links of accounts, in tables with `account`, `to`, `from_ms` and `to_ms`; an open end is null.

    Attributes:
        people: accounts of civil servants; `to` is how the link was made.
        agencies: accounts of civil servants and the agencies where these work, with `works_from_ms`, `works_to_ms`.
        duty: accounts that an agency operates, and the agency.
    """

    people: pa.Table
    agencies: pa.Table
    duty: pa.Table


def roster_links(store: ReadableStore) -> RosterLinks | None:
    """The roster's links; None where no roster is loaded."""
    if not knows_persons(store):
        return None
    return RosterLinks(store.read(_BELONGING), store.read(_WORKING), store.read(_DUTY))
