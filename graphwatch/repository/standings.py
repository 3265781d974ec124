"""What a roster says of accounts, and what the staff of an agency did: rows with the days for which they hold."""

from collections.abc import Collection
from typing import Final, NamedTuple

from graphwatch.model import POST_INTERACTIONS
from graphwatch.store.base import ReadableStore

_ACCOUNTS: Final = (
    "MATCH (a:Account) WHERE a.id IN $ids "
    "RETURN a.id AS id, a.handle AS handle, a.name AS name, a.url AS url ORDER BY id"
)
_PERSONS: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn) WHERE a.id IN $ids "
    "RETURN a.id AS account, b.basis AS standing, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_DUTY: Final = (
    "MATCH (a:Account)-[b:OPERATED_BY]->(:Agency) WHERE a.id IN $ids "
    "RETURN a.id AS account, 'duty' AS standing, b.from_ms AS from_ms, b.to_ms AS to_ms"
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


class PublicAccount(NamedTuple):
    """What an account is called on its platform; None where that is not known."""

    id: str
    handle: str | None
    name: str | None
    url: str | None


class Standing(NamedTuple):
    """What a link of the roster says of an account: its basis, or `duty` where an agency operates it.

    It holds from `from_ms` until `to_ms`, exclusive, UTC epoch milliseconds; None where open.
    """

    account: str
    standing: str
    from_ms: int | None
    to_ms: int | None


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


def standings_of(store: ReadableStore, accounts: Collection[str]) -> list[Standing]:
    """Every link of these accounts to a person or an agency, whenever it holds."""
    given = {"ids": list(accounts)}
    return [Standing(**row) for query in (_PERSONS, _DUTY) for row in store.read(query, given).to_pylist()]


def acts_of_staff(store: ReadableStore, agency: str) -> list[StaffAct]:
    """Timed interactions of accounts of an agency's persons with pages of paslon or their posts, in force or not."""
    return [StaffAct(**row) for query in _STAFF_ACTS for row in store.read(query, {"id": agency}).to_pylist()]
