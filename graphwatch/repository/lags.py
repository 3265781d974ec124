"""Accounts that a run found acting always so long after publication, and the acts behind that."""

from typing import Final, NamedTuple

from graphwatch.model import POST_INTERACTIONS
from graphwatch.store.base import ReadableStore

_FOUND: Final = (
    "MATCH (a:Account)-[l:REGULAR_LAG]->(r:Run) WHERE r.id = $run AND {which} RETURN a.id AS account, "
    "a.handle AS handle, l.posts AS posts, l.near AS near, l.known AS known, "
    "l.shortest_s AS shortest_s, l.longest_s AS longest_s, l.expected AS expected, l.q AS q ORDER BY q, account"
)
# Of several pages that published a post the one with the smallest id comes last and is kept.
_ACTS: Final = (
    f"MATCH (a:Account)-[i:{'|'.join(POST_INTERACTIONS)}]->(o:Post) WHERE a.id = $account "
    "AND (i.at_ms - o.at_ms) / 1000.0 >= $from_s AND (i.at_ms - o.at_ms) / 1000.0 <= $to_s "
    "AND coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 1000 "
    "OPTIONAL MATCH (p:Page)-[:PUBLISHED]->(o) RETURN i.id AS id, i.kind AS kind, i.at_ms AS at_ms, o.id AS post, "
    "o.url AS url, o.at_ms AS published_ms, p.name AS page, p.id AS page_id ORDER BY at_ms, id, page_id DESC"
)


class FoundLag(NamedTuple):
    """An account with a regular lag, as its relation REGULAR_LAG says; lags in seconds after publication."""

    account: str
    handle: str | None
    posts: int
    near: int
    known: int
    shortest_s: float
    longest_s: float
    expected: float
    q: float


class LagAct(NamedTuple):
    """An act with a lag in the window: what was done to which post, when, and when the post was published.

    `page` is the name of the page that published the post, or its id; None where it is not known.
    """

    id: str
    kind: str
    at_ms: int
    post: str
    url: str | None
    published_ms: int
    page: str | None


def lags_of_run(store: ReadableStore, run: str) -> list[FoundLag]:
    """The accounts with a regular lag that a run found, the most regular first."""
    return [FoundLag(**row) for row in store.read(_FOUND.format(which="true"), {"run": run}).to_pylist()]


def lag_of_account(store: ReadableStore, run: str, account: str) -> FoundLag | None:
    """The regular lag that a run found of this account; None where it found none."""
    rows = store.read(_FOUND.format(which="a.id = $id"), {"run": run, "id": account}).to_pylist()
    return FoundLag(**rows[0]) if rows else None


def acts_at_lag(store: ReadableStore, of: FoundLag) -> list[LagAct]:
    """The acts of the account with a lag in that window, in order of time, as the store has them now."""
    given = {"account": of.account, "from_s": of.shortest_s, "to_s": of.longest_s}
    found: dict[str, LagAct] = {}
    for row in store.read(_ACTS, given).to_pylist():
        page_id = row.pop("page_id")
        found[row["id"]] = LagAct(**row | {"page": row["page"] or page_id})
    return list(found.values())
