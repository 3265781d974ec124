"""Who holds an account, as rosters say, and which accounts several hold at one time."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk

_CLAIMS: Final = """
MATCH (a:Account)-[c:BELONGS_TO]->(h:Asn)
RETURN a.id AS account, h.id AS holder, 'person' AS kind, c.from_ms AS from_ms, c.to_ms AS to_ms, c.sources AS rows
UNION ALL
MATCH (a:Account)-[c:OPERATED_BY]->(h:Agency)
RETURN a.id AS account, h.id AS holder, 'agency' AS kind, c.from_ms AS from_ms, c.to_ms AS to_ms, c.sources AS rows
"""
_ALWAYS: Final = (-(1 << 62), 1 << 62)


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


def disputed(desk: "Desk") -> list[Dispute]:
    """The accounts that more than one person or agency holds on some day, by id."""
    claims: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for claim in desk.store.read(_CLAIMS).to_pylist():
        claims[claim["account"]].append(claim)
    found = []
    for account, several in sorted(claims.items()):
        holding = [c for c in several if any(_clash(c, other) for other in several)]
        if holding:
            persons, agencies = ({c["holder"] for c in holding if c["kind"] == k} for k in ("person", "agency"))
            rows = sorted({row for c in holding for row in c["rows"]}, key=_row_order)
            found.append(Dispute(account, len(persons), len(agencies), tuple(rows)))
    return found


def _clash(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two holders have one account at the same time."""
    if (one["kind"], one["holder"]) == (other["kind"], other["holder"]):
        return False
    (a, b), (c, d) = _span(one), _span(other)
    return a < d and c < b


def _span(claim: dict[str, Any]) -> tuple[int, int]:
    begin, end = claim["from_ms"], claim["to_ms"]
    return _ALWAYS[0] if begin is None else begin, _ALWAYS[1] if end is None else end


def _row_order(row: str) -> tuple[str, int]:
    source, _, number = row.rpartition(":")
    return source, int(number)
