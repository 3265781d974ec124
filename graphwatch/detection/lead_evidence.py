"""The interactions behind a lead, as the run saw them: bursts, pace, and for a pair its links to the roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import day_numbers, hours_of_day
from graphwatch.detection.context import roster_of
from graphwatch.errors import NothingFound
from graphwatch.explain.model import Act, Agency, Burst, OnRoster, Pace, Question
from graphwatch.model import node
from graphwatch.model.tables import InteractionColumns
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.cluster_evidence import Bursts
    from graphwatch.detection.counting import Actions
    from graphwatch.detection.parameters import Parameters

Row = dict[str, Any]
_ABOUT: Final = {
    # Of several pages that published a post, the one with the smallest id comes last and is kept.
    "post": "MATCH (o:Post) WHERE o.id IN $ids OPTIONAL MATCH (p:Page)-[:PUBLISHED]->(o) "
    "RETURN o.id AS id, o.url AS url, o.text AS text, p.name AS name, p.id AS page ORDER BY id, page DESC",
    "page": "MATCH (p:Page) WHERE p.id IN $ids "
    "RETURN p.id AS id, p.url AS url, p.name AS text, p.name AS name, p.id AS page ORDER BY id",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A run, and the interactions in its scope as the store holds them now."""

    run: Row
    asked: "Parameters"
    columns: InteractionColumns
    question: Question


@dataclass(frozen=True, slots=True)
class Together:
    """What some accounts did, alone and together."""

    actions: "Actions"
    bursts: tuple[Burst, ...]
    pace: Pace


def look_again(workspace: Workspace, run: str) -> Seen:
    """Read what a complete run saw. Data that were loaded or erased since are noticed by their fingerprint."""
    from graphwatch.detection.parameters import Parameters, identify

    row = whole(workspace, "Run", run)
    asked = Parameters.from_json(row["parameters"])
    columns = workspace.store.interactions(asked.scope)
    question = Question(
        run=row["id"],
        object=asked.scope.object,
        window_s=row["window_ms"] / 1000,
        coarse_s=None if row["coarse_ms"] is None else row["coarse_ms"] / 1000,
        min_objects=row["min_objects"],
        fdr=row["fdr"],
        tests=row["tests"],
        interactions=row["interactions"],
        accounts=row["accounts"],
        objects=row["objects"],
        changed=identify(columns, asked, row["version"])[1] != row["fingerprint"],
    )
    return Seen(row, asked, columns, question)


def whole(workspace: Workspace, label: str, id: str) -> Row:
    """All properties of a node.

    Raises:
        NothingFound: there is none of that id.
    """
    returned = ", ".join(f"x.{p.name} AS {p.name}" for p in node(label).properties)
    rows = workspace.store.read(f"MATCH (x:{label}) WHERE x.id = $id RETURN {returned}", {"id": id}).to_pylist()
    if not rows:
        raise NothingFound(f"there is no {label.lower()} {id}", where=workspace.place)
    found: Row = rows[0]
    return found


def together(workspace: Workspace, seen: Seen, accounts: Sequence[str], layer: str | None, lead: Row) -> Together:
    """The bursts of these accounts in order of time, and when and how closely they acted."""
    from graphwatch.detection.cluster_evidence import find_bursts
    from graphwatch.detection.counting import arrange

    columns = seen.columns.only(layer) if layer in seen.columns.kinds else seen.columns
    codes = pc.index_in(pa.array(accounts, pa.string()), value_set=columns.accounts).drop_null().to_numpy()
    rows = np.flatnonzero(np.isin(columns.account, codes))
    # Ties in time are put in an order that no engine decides.
    rows = rows[np.lexsort((columns.kind[rows], columns.account[rows]))]
    post = columns.object if columns.post is None else columns.post
    actions = arrange(
        columns.account[rows],
        columns.object[rows],
        columns.at_ms[rows],
        columns.kind[rows],
        accounts=len(columns.accounts),
    )
    published = columns.published_ms[post[rows]][np.lexsort((columns.at_ms[rows], columns.object[rows]))]
    found = find_bursts(actions, codes, [1] * len(codes), seen.run["window_ms"])
    about = _about(workspace, seen, found)
    bursts = [_burst(seen, actions, found, published, about, which) for which in range(len(found))]
    hour = hours_of_day(actions.at_ms[found.place[found.inside]])
    pace = Pace(
        interactions=len(rows),
        burst_share=len(hour) / max(len(rows), 1),
        days=len(np.unique(day_numbers(found.first_ms))),
        hours=tuple(np.bincount(hour, minlength=24).tolist()),
        half_time_s=lead.get("half_time_s"),
        half_objects=lead.get("half_objects"),
    )
    return Together(actions, tuple(sorted(bursts, key=lambda b: (b.first_ms, b.object))), pace)


def _about(workspace: Workspace, seen: Seen, found: "Bursts") -> dict[str, Row]:
    """What is known of the objects of these bursts."""
    query = _ABOUT.get(seen.asked.scope.object)
    ids = seen.columns.objects.take(pa.array(sorted(set(found.object.tolist())), pa.int32())).to_pylist()
    return {row["id"]: row for row in workspace.store.read(query, {"ids": ids}).to_pylist()} if query and ids else {}


def _burst(seen: Seen, actions: "Actions", found: "Bursts", published: Any, about: dict[str, Row], which: int) -> Burst:
    places = found.place[found.begin[which] : found.end[which]].tolist()
    accounts, kinds = seen.columns.accounts, seen.columns.kinds
    object = seen.columns.objects[int(found.object[which])].as_py()
    known = about.get(object, {})
    first = int(published[places[0]])
    return Burst(
        object=object,
        url=known.get("url"),
        text=known.get("text"),
        page=known.get("name") or known.get("page"),
        published_ms=first if first >= 0 else None,
        members=int(found.members[which]),
        most=int(found.most[which]),
        acts=tuple(
            Act(accounts[int(actions.account[p])].as_py(), kinds[actions.kind[p]], int(actions.at_ms[p]))
            for p in places
        ),
    )


def pair_on_roster(workspace: Workspace, seen: Seen, actions: "Actions") -> OnRoster | None:
    """What the roster says of the two accounts of a pair, of whom nothing is tested; None where the run saw none."""
    from graphwatch.detection.enrichment import Context, enrich

    active = seen.run["roster_accounts"]
    roster = None if active is None else roster_of(workspace, seen.columns)
    if roster is None:
        return None
    pair = np.unique(actions.account)
    found = enrich(actions, pair, np.ones(len(pair), np.int32), Context(roster))
    people, at = found.people, found.agencies
    assert people is not None
    assert at is not None
    ids = [roster.agency_ids[int(code)].as_py() for code in at.agency]
    names = _agency_names(workspace, ids)
    agencies = [Agency(id, names.get(id), n, None, None) for id, n in zip(ids, at.n.tolist(), strict=True)]
    verified, confirmed, self_declared = people.by_basis[0].tolist()
    return OnRoster(
        n=int(people.n[0]),
        verified=verified,
        confirmed=confirmed,
        self_declared=self_declared,
        duty=int(people.duty[0]),
        active=active,
        expected=None,
        q=None,
        agencies=tuple(sorted(agencies, key=lambda agency: (-agency.n, agency.id))),
    )


def _agency_names(workspace: Workspace, ids: list[str]) -> dict[str, str | None]:
    rows = workspace.store.read("MATCH (g:Agency) WHERE g.id IN $ids RETURN g.id AS id, g.name AS name", {"ids": ids})
    return {row["id"]: row["name"] for row in rows.to_pylist()}
