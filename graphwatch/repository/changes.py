"""What certain sources alone supplied: interactions of roster accounts with campaigning pages, and complaints."""

from typing import Any, Final

import pyarrow as pa

from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.validity import Validity
from graphwatch.model import POST_INTERACTIONS
from graphwatch.repository.roster import in_force
from graphwatch.store.base import ReadableStore

_ACTS: Final = "|".join(POST_INTERACTIONS)
# New is what only these sources supply: a row that came in again is not. (The embedded engine knows no parameter
# inside of all().)
_GIVEN: Final = "WITH $sources AS imports "
_NEW: Final = "all(x IN {of}.sources WHERE left(x, 16) IN imports)"
# Whose an account is must be valid when it acted; where nobody knows when that was, it is said.
_VALID: Final = (
    "WITH a, b, i, {ends}, coalesce(i.at_ms, i.observed_at_ms) AS t "
    f"WHERE (t IS NULL OR ({in_force('b', 't')})) "
    "AND ($always OR (i.at_ms >= $from_ms AND i.at_ms < $to_ms)) "
)
_RETURN: Final = (
    "RETURN i.id AS interaction, i.kind AS kind, i.at_ms AS at_ms, i.at AS at, a.id AS account, a.handle AS handle, "
    "b.basis AS basis, b.confidence AS confidence, "
    "CASE WHEN t IS NULL AND NOT (b.from_ms IS NULL AND b.to_ms IS NULL) THEN 'unknown' ELSE 'valid' END AS validity, "
    "{post} p.id AS page, p.handle AS page_handle, p.class AS class, p.registered AS registered, s.id AS paslon, "
    "i.sources AS sources "
    "ORDER BY coalesce(at_ms, -1) DESC, interaction, page, paslon, basis"
)
_ACTED: Final = (
    f"{_GIVEN}MATCH (n:Asn)<-[b:BELONGS_TO]-(a:Account)-[i:{_ACTS}]->(o:Post)"
    f"<-[:PUBLISHED]-(p:Page)-[:SUPPORTS]->(s:Paslon) WITH imports, a, b, i, o, p, s WHERE {_NEW.format(of='i')} "
    + _VALID.format(ends="o, p, s")
    + _RETURN.format(post="o.id AS post, o.url AS url,")
)
_FOLLOWED: Final = (
    f"{_GIVEN}MATCH (n:Asn)<-[b:BELONGS_TO]-(a:Account)-[i:FOLLOWED]->(p:Page)-[:SUPPORTS]->(s:Paslon) "
    f"WITH imports, a, b, i, p, s WHERE {_NEW.format(of='i')} " + _VALID.format(ends="p, s") + _RETURN.format(post="")
)
_COMPLAINTS: Final = (
    f"{_GIVEN}MATCH (c:Complaint) WHERE {_NEW.format(of='c')} "
    "RETURN c.id AS complaint, c.received_at AS received_at, c.deadline AS deadline, c.status AS status, "
    "c.platform AS platform, c.kind AS kind, c.account_ref AS account_ref ORDER BY deadline, complaint"
)


def new_interactions(
    store: ReadableStore, sources: tuple[str, ...], period: TimeRange, limit: int
) -> list[dict[str, Any]]:
    """Interactions of roster accounts with posts of pages that support a paslon, and follows of such pages.

    Args:
        sources: those that alone supply them.
        period: only interactions of that time.
        limit: so many acts, and so many follows, the latest; one more of each says that there are more.

    Returns:
        interaction, kind, at_ms, at, account, handle, basis, confidence, validity (valid, or unknown where the link to
        the person has an end and the time of the act is not known), post, url (not of follows), page, page_handle,
        class, registered, paslon and sources; an interaction once for each page, paslon and basis.
    """
    from_ms, to_ms = Validity(period.begin_ms, period.end_ms).bounds
    given = {"sources": list(sources), "always": period.is_open, "from_ms": from_ms, "to_ms": to_ms, "most": limit + 1}
    return [row for cypher in (_ACTED, _FOLLOWED) for row in store.read(f"{cypher} LIMIT $most", given).to_pylist()]


def new_complaints(store: ReadableStore, sources: tuple[str, ...]) -> pa.Table:
    """Complaints that these sources alone supply, by deadline.

    Returns:
        complaint, received_at, deadline, status, platform, kind and account_ref of each.
    """
    return store.read(_COMPLAINTS, {"sources": list(sources)})
