"""Who holds an account, as rosters say, and which accounts several hold at one time."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.validity import Validity
from graphwatch.store.workspace import Workspace

_LINKS: Final = """
MATCH (a:Account)-[c:BELONGS_TO]->(h:Asn)
RETURN a.id AS account, a.platform AS platform, h.id AS holder, 'person' AS kind, c.basis AS basis,
       c.from_ms AS from_ms, c.to_ms AS to_ms, c.id AS link
UNION ALL
MATCH (a:Account)-[c:OPERATED_BY]->(h:Agency)
RETURN a.id AS account, a.platform AS platform, h.id AS holder, 'agency' AS kind, '' AS basis,
       c.from_ms AS from_ms, c.to_ms AS to_ms, c.id AS link
"""
_ROWS: Final = """
MATCH (:Account)-[c:BELONGS_TO]->(:Asn) WHERE c.id IN $links RETURN c.id AS link, c.sources AS rows
UNION ALL
MATCH (:Account)-[c:OPERATED_BY]->(:Agency) WHERE c.id IN $links RETURN c.id AS link, c.sources AS rows
"""
_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("account", "platform", "holder", "kind", "basis")),
        ("from_ms", pa.int64()),
        ("to_ms", pa.int64()),
        ("link", pa.string()),
    ]
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


def links(workspace: Workspace) -> pa.Table:
    """Who holds which account: account, platform, holder, kind (person or agency), basis, from_ms, to_ms and link."""
    found = workspace.store.read(_LINKS)
    return pa.table([found[f.name].cast(f.type) for f in _SCHEMA], schema=_SCHEMA)


def disputed(workspace: Workspace, links: pa.Table) -> list[Dispute]:
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
    rows = _rows_of(workspace, [c["link"] for held in holding.values() for c in held])
    return [_dispute(account, held, rows) for account, held in holding.items() if held]


def _rows_of(workspace: Workspace, links: list[str]) -> dict[str, list[str]]:
    """The source:row of each link."""
    if not links:
        return {}
    return {row["link"]: row["rows"] or [] for row in workspace.store.read(_ROWS, {"links": links}).to_pylist()}


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
