"""What coverage asks the graph, in Cypher that both engines answer alike; counting is left to the engine."""

from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS, OFFSET_MS
from graphwatch.model import INTERACTIONS, relation
from graphwatch.repository.roster import Dispute, disputed, handles, links
from graphwatch.store.base import ReadableStore

_ACTS: Final = f"""
MATCH (a:Account)-[r:{{kind}}]->(:{{end}})
RETURN a.platform AS platform, (r.at_ms + {OFFSET_MS}) / {DAY_MS} AS day, r.basis AS basis, count(*) AS n
"""
_ACTIVE: Final = " OR ".join(
    f"EXISTS {{ MATCH (a)-[:{kind}]->(:{end}) }}" for kind in INTERACTIONS for _, end in relation(kind).ends
)
_PERSONS: Final = """
MATCH (p:Asn) WHERE EXISTS { MATCH (p)-[:WORKS_AT]->(:Agency) }
RETURN count(p.id) AS persons, sum(CASE WHEN p.namesakes > 0 THEN 1 ELSE 0 END) AS namesakes
"""
_ALL_PERSONS: Final = "MATCH (p:Asn) RETURN count(p.id) AS n"
_AGENCIES: Final = """
MATCH (p:Asn)-[:WORKS_AT]->(g:Agency)
RETURN g.id AS agency, g.name AS name, count(DISTINCT p.id) AS n
"""
_DUTY: Final = """
MATCH (a:Account)-[:OPERATED_BY]->(g:Agency)
RETURN g.id AS agency, g.name AS name, count(DISTINCT a.id) AS n
"""
# Only who has an account is read one by one; the rest of the roster is counted where it is.
_HOLDERS: Final = """
MATCH (:Account)-[:BELONGS_TO]->(p:Asn)-[:WORKS_AT]->(g:Agency)
RETURN DISTINCT p.id AS holder, g.id AS agency
"""
_POSITIONS: Final = """
MATCH (p:Asn)-[w:WORKS_AT]->(:Agency) WHERE w.position_class IS NOT NULL
OPTIONAL MATCH (a:Account)-[:BELONGS_TO]->(p)
RETURN w.position_class AS position, count(DISTINCT p.id) AS persons,
       count(DISTINCT CASE WHEN a.id IS NOT NULL THEN p.id END) AS with_account
ORDER BY position
"""
_SEEN: Final = f"""
MATCH (a:Account) WHERE EXISTS {{ MATCH (a)-[:BELONGS_TO]->(:Asn) }} AND ({_ACTIVE})
RETURN a.id AS account
"""
_ROSTER_HANDLES: Final = """
MATCH (a:Account)-[:BELONGS_TO]->(:Asn) WHERE a.handle IS NOT NULL
RETURN DISTINCT a.id AS id, a.platform AS platform, a.handle AS handle
"""


@dataclass(slots=True)
class Acts:
    """Interactions of one platform and kind; days are counted from 1970 in Asia/Jakarta.

    `untimed` have no time, `observed` only one when somebody looked; days are of both that and the acts' own times.
    """

    platform: str
    kind: str
    interactions: int = 0
    untimed: int = 0
    observed: int = 0
    days: set[int] = field(default_factory=set)


def acts_by_day(store: ReadableStore) -> list[Acts]:
    """All interactions, counted by platform, kind, day and whose time it is."""
    found: dict[tuple[str, str], Acts] = {}
    for kind in INTERACTIONS:
        for _, end in relation(kind).ends:
            for row in store.read(_ACTS.format(kind=kind, end=end)).to_pylist():
                platform = row["platform"] or ""
                acts = found.setdefault((platform, kind), Acts(platform, kind))
                acts.interactions += row["n"]
                if row["day"] is None:
                    acts.untimed += row["n"]
                else:
                    acts.observed += row["n"] if row["basis"] == "observed" else 0
                    acts.days.add(row["day"])
    return list(found.values())


@dataclass(frozen=True, slots=True)
class RosterNumbers:
    """The roster, counted; rows are the columns of the like-named parts of `Coverage`."""

    numbers: dict[str, int]
    agencies: list[dict[str, Any]]
    platforms: list[dict[str, Any]]
    bases: list[dict[str, Any]]
    positions: list[dict[str, Any]]
    disputed: list[Dispute]


def read_roster(store: ReadableStore) -> RosterNumbers | None:
    """Count what the store knows of the roster; None where it knows nothing of one."""
    everybody = int(store.read(_ALL_PERSONS)["n"][0].as_py())
    held = links(store)
    if not everybody and not held.num_rows:
        return None
    [counts] = store.read(_PERSONS).to_pylist()
    persons, namesakes = counts["persons"], counts["namesakes"] or 0
    own = held.filter(pc.equal(held["kind"], "person"))
    seen = own.filter(pc.is_in(own["account"], value_set=_values(store.read(_SEEN), "account")))
    holders = store.read(_HOLDERS)
    on_roster = _values(holders, "holder")
    numbers = {
        "persons": persons,
        "with_account": len(on_roster.unique()),
        "seen": pc.count_distinct(seen["holder"].filter(pc.is_in(seen["holder"], value_set=on_roster))).as_py(),
        "namesakes": namesakes,
        "strangers": everybody - persons,
        "handles_elsewhere": handles_elsewhere(store),
    }
    return RosterNumbers(
        numbers,
        _agencies(store, holders),
        _by_platform(own, seen),
        _counted(own, "basis"),
        store.read(_POSITIONS).to_pylist(),
        disputed(store, held),
    )


def _agencies(store: ReadableStore, holders: pa.Table) -> list[dict[str, Any]]:
    """Each agency with its persons, those of them with an account, and its duty accounts; the largest first."""
    agencies: dict[str, dict[str, Any]] = {}
    for column, cypher in (("persons", _AGENCIES), ("duty_accounts", _DUTY)):
        for row in store.read(cypher).to_pylist():
            nothing = {
                "agency": row["agency"],
                "name": row["name"],
                "persons": 0,
                "with_account": 0,
                "duty_accounts": 0,
            }
            agencies.setdefault(row["agency"], nothing)[column] = row["n"]
    if holders.num_rows:
        for row in holders.group_by("agency").aggregate([("holder", "count")]).to_pylist():
            agencies[row["agency"]]["with_account"] = row["holder_count"]
    return sorted(agencies.values(), key=lambda a: (-a["persons"], a["agency"]))


def _by_platform(own: pa.Table, seen: pa.Table) -> list[dict[str, Any]]:
    shown = {row["platform"]: row["accounts"] for row in _counted(seen, "platform")}
    return [{**row, "seen": shown.get(row["platform"], 0)} for row in _counted(own, "platform")]


def _counted(links: pa.Table, by: str) -> list[dict[str, Any]]:
    """Accounts and persons of links, by one of their columns."""
    both = [("account", "count_distinct"), ("holder", "count_distinct")]
    rows = links.group_by(by).aggregate(both).sort_by(by).to_pylist()
    return [
        {by: row[by], "accounts": row["account_count_distinct"], "persons": row["holder_count_distinct"]}
        for row in rows
    ]


def _values(table: pa.Table, column: str) -> pa.Array:
    return table[column].cast(pa.string()).combine_chunks()


def handles_elsewhere(store: ReadableStore) -> int:
    """Accounts of persons that are known by handle only, while an account with a native id has that handle."""
    ours = store.read(_ROSTER_HANDLES)
    ours = ours.filter(pc.equal(ours["id"], _joined(ours["platform"], ours["handle"]))) if ours.num_rows else ours
    if not ours.num_rows:
        return 0
    known = handles(store)
    other = known.filter(pc.not_equal(known["id"], _joined(known["platform"], known["handle"])))
    taken = pc.utf8_lower(_joined(other["platform"], other["handle"])).combine_chunks()
    return int(pc.sum(pc.is_in(pc.utf8_lower(ours["id"]), value_set=taken)).as_py() or 0)


def _joined(platform: pa.ChunkedArray, handle: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(platform, handle, ":")
