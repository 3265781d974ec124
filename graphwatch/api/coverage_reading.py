"""What coverage asks the graph, in Cypher that both engines answer alike; counting is left to the engine."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model import INTERACTIONS, relation

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk

# 25,200,000 ms are the seven hours of Asia/Jakarta, which has no summer time.
_ACTS: Final = """
MATCH (a:Account)-[r:{kind}]->(:{end})
RETURN a.platform AS platform, (r.at_ms + 25200000) / 86400000 AS day, count(*) AS n
"""
_ACTIVE: Final = " OR ".join(
    f"EXISTS {{ MATCH (a)-[:{kind}]->(:{end}) }}" for kind in INTERACTIONS for _, end in relation(kind).ends
)
_ON_ROSTER: Final = "EXISTS { MATCH (p)-[:WORKS_AT]->(:Agency) }"
_PERSONS: Final = f"MATCH (p:Asn) WHERE {_ON_ROSTER} RETURN count(p.id) AS n"
_WITH_ACCOUNT: Final = f"MATCH (:Account)-[:BELONGS_TO]->(p:Asn) WHERE {_ON_ROSTER} RETURN count(DISTINCT p.id) AS n"
_SEEN: Final = (
    f"MATCH (a:Account)-[:BELONGS_TO]->(p:Asn) WHERE {_ON_ROSTER} AND ({_ACTIVE}) RETURN count(DISTINCT p.id) AS n"
)
_NAMESAKES: Final = f"MATCH (p:Asn) WHERE p.namesakes > 0 AND {_ON_ROSTER} RETURN count(p.id) AS n"
_STRANGERS: Final = f"MATCH (p:Asn) WHERE NOT {_ON_ROSTER} RETURN count(p.id) AS n"

_AGENCY_PERSONS: Final = """
MATCH (p:Asn)-[:WORKS_AT]->(g:Agency)
RETURN g.id AS agency, g.name AS name, count(DISTINCT p.id) AS n
"""
_AGENCY_WITH_ACCOUNT: Final = """
MATCH (p:Asn)-[:WORKS_AT]->(g:Agency) WHERE EXISTS { MATCH (:Account)-[:BELONGS_TO]->(p) }
RETURN g.id AS agency, g.name AS name, count(DISTINCT p.id) AS n
"""
_AGENCY_DUTY: Final = """
MATCH (a:Account)-[:OPERATED_BY]->(g:Agency)
RETURN g.id AS agency, g.name AS name, count(DISTINCT a.id) AS n
"""
_PLATFORMS: Final = """
MATCH (a:Account)-[:BELONGS_TO]->(p:Asn)
RETURN a.platform AS platform, count(DISTINCT a.id) AS accounts, count(DISTINCT p.id) AS persons
ORDER BY platform
"""
_PLATFORMS_SEEN: Final = f"""
MATCH (a:Account)-[:BELONGS_TO]->(:Asn) WHERE {_ACTIVE}
RETURN a.platform AS platform, count(DISTINCT a.id) AS n
"""
_BASES: Final = """
MATCH (a:Account)-[b:BELONGS_TO]->(p:Asn)
RETURN b.basis AS basis, count(DISTINCT a.id) AS accounts, count(DISTINCT p.id) AS persons
ORDER BY basis
"""
_ROSTER_HANDLES: Final = """
MATCH (a:Account)-[:BELONGS_TO]->(:Asn) WHERE a.handle IS NOT NULL
RETURN DISTINCT a.id AS id, a.platform AS platform, a.handle AS handle
"""
_HANDLES: Final = """
MATCH (a:Account) WHERE a.handle IS NOT NULL RETURN a.id AS id, a.platform AS platform, a.handle AS handle
"""


@dataclass(slots=True)
class Acts:
    """Interactions of one platform and kind; days are counted from 1970 in Asia/Jakarta."""

    platform: str
    kind: str
    interactions: int = 0
    untimed: int = 0
    days: set[int] = field(default_factory=set)


def acts_by_day(desk: "Desk") -> list[Acts]:
    """All interactions, counted by platform, kind and day."""
    found: dict[tuple[str, str], Acts] = {}
    for kind in INTERACTIONS:
        for _, end in relation(kind).ends:
            for row in desk.store.read(_ACTS.format(kind=kind, end=end)).to_pylist():
                platform = row["platform"] or ""
                acts = found.setdefault((platform, kind), Acts(platform, kind))
                acts.interactions += row["n"]
                if row["day"] is None:
                    acts.untimed += row["n"]
                else:
                    acts.days.add(row["day"])
    return list(found.values())


def persons(desk: "Desk") -> dict[str, int]:
    """Persons on the roster, and of those with an account, seen acting, or with namesakes; and persons off it."""
    asked = {
        "persons": _PERSONS,
        "with_account": _WITH_ACCOUNT,
        "seen": _SEEN,
        "namesakes": _NAMESAKES,
        "strangers": _STRANGERS,
    }
    return {name: int(desk.store.read(cypher)["n"][0].as_py()) for name, cypher in asked.items()}


def by_agency(desk: "Desk") -> list[dict[str, Any]]:
    """Each agency with its persons, those of them with an account, and its duty accounts; the largest first."""
    agencies: dict[str, dict[str, Any]] = {}
    asked = {"persons": _AGENCY_PERSONS, "with_account": _AGENCY_WITH_ACCOUNT, "duty_accounts": _AGENCY_DUTY}
    for column, cypher in asked.items():
        for row in desk.store.read(cypher).to_pylist():
            known = {"agency": row["agency"], "name": row["name"], **dict.fromkeys(asked, 0)}
            agencies.setdefault(row["agency"], known)[column] = row["n"]
    return sorted(agencies.values(), key=lambda a: (-a["persons"], a["agency"]))


def by_platform(desk: "Desk") -> list[dict[str, Any]]:
    """Each platform with the accounts of persons, their persons, and the accounts seen acting."""
    seen = {row["platform"]: row["n"] for row in desk.store.read(_PLATFORMS_SEEN).to_pylist()}
    return [{**row, "seen": seen.get(row["platform"], 0)} for row in desk.store.read(_PLATFORMS).to_pylist()]


def by_basis(desk: "Desk") -> list[dict[str, Any]]:
    """Each basis of a link with its accounts and persons."""
    return desk.store.read(_BASES).to_pylist()  # type: ignore[no-any-return]


def handles_elsewhere(desk: "Desk") -> int:
    """Accounts of persons that are known by handle only, while an account with a native id has that handle."""
    ours = desk.store.read(_ROSTER_HANDLES)
    ours = ours.filter(pc.equal(ours["id"], _joined(ours["platform"], ours["handle"]))) if ours.num_rows else ours
    if not ours.num_rows:
        return 0
    known = desk.store.read(_HANDLES)
    other = known.filter(pc.not_equal(known["id"], _joined(known["platform"], known["handle"])))
    taken = pc.utf8_lower(_joined(other["platform"], other["handle"])).combine_chunks()
    return int(pc.sum(pc.is_in(pc.utf8_lower(ours["id"]), value_set=taken)).as_py() or 0)


def _joined(platform: pa.ChunkedArray, handle: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(platform, handle, ":")
