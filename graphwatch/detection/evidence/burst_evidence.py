"""The bursts of a lead as a reviewer is told them: those that a run kept of a cluster, or found again of a pair."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import day_numbers, hours_of_day
from graphwatch.explain.model import Act, Burst, Pace
from graphwatch.model.tables import InteractionColumns
from graphwatch.repository import clusters
from graphwatch.repository.runs import acts_of_bursts, bursts_of_cluster
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.counting.pairs import Actions
    from graphwatch.detection.groups.bursts import Bursts


def kept_bursts(workspace: Workspace, cluster: str) -> tuple[Burst, ...]:
    """The bursts that the run found, in order of time; what was erased since is not among their interactions."""
    store = workspace.store
    kept, acts = bursts_of_cluster(store, cluster), acts_of_bursts(store, [cluster])
    about = _about(workspace, kept[0].object_kind, {burst.object for burst in kept}) if kept else {}
    told = []
    for burst in kept:
        done = [acts[id] for id in burst.interactions if id in acts]
        if done:
            own = tuple(Act(act.account, act.kind, act.at_ms) for act in done)
            told.append(_burst(burst.object, burst.members, burst.most, own, done[0].published_ms, about))
    return tuple(sorted(told, key=lambda b: (b.first_ms, b.object)))


def found_again(
    workspace: Workspace, columns: InteractionColumns, object: str, window_ms: int, accounts: Sequence[str]
) -> tuple["Actions", tuple[Burst, ...]]:
    """What these accounts did, and their bursts in order of time.

    Args:
        columns: the interactions that are looked at.
        object: what is taken for an object.
    """
    from graphwatch.detection.counting.pairs import arrange
    from graphwatch.detection.groups.bursts import find_bursts

    codes = pc.index_in(pa.array(accounts, pa.string()), value_set=columns.accounts).drop_null().to_numpy()
    rows = np.flatnonzero(np.isin(columns.account, codes))
    # Ties in time are put in an order that no engine decides.
    rows = rows[np.lexsort((columns.kind[rows], columns.account[rows]))]
    of, at_ms = columns.object[rows], columns.at_ms[rows]
    actions = arrange(columns.account[rows], of, at_ms, columns.kind[rows], accounts=len(columns.accounts))
    published = columns.published_ms[columns.post_of_row[rows]][np.lexsort((at_ms, of))]
    found = find_bursts(actions, codes, [1] * len(codes), window_ms)
    ids = columns.objects.take(pa.array(np.unique(found.object))).to_pylist()
    about = _about(workspace, object, ids)
    bursts = [_as_told(columns, actions, found, published, about, which) for which in range(len(found))]
    return actions, tuple(sorted(bursts, key=lambda b: (b.first_ms, b.object)))


def _as_told(
    columns: InteractionColumns,
    actions: "Actions",
    found: "Bursts",
    published: Any,
    about: Mapping[str, clusters.KnownObject],
    which: int,
) -> Burst:
    places = found.place[found.begin[which] : found.end[which]].tolist()
    acts = tuple(
        Act(columns.accounts[int(actions.account[p])].as_py(), columns.kinds[actions.kind[p]], int(actions.at_ms[p]))
        for p in places
    )
    first = int(published[places[0]])
    object = columns.objects[int(found.object[which])].as_py()
    published_ms = first if first >= 0 else None
    return _burst(object, int(found.members[which]), int(found.most[which]), acts, published_ms, about)


def _about(workspace: Workspace, kind: str, ids: Sequence[str] | set[str]) -> dict[str, clusters.KnownObject]:
    return clusters.known_objects(workspace.store, kind, sorted(ids))


def _burst(
    object: str,
    members: int,
    most: int,
    acts: tuple[Act, ...],
    published_ms: int | None,
    about: Mapping[str, clusters.KnownObject],
) -> Burst:
    known = about.get(object) or clusters.KnownObject(object, None, None, None, None)
    return Burst(
        object=object,
        url=known.url,
        text=known.text,
        page=known.name or known.page,
        published_ms=published_ms,
        members=members,
        most=most,
        acts=acts,
    )


def pace_of(actions: "Actions", bursts: Sequence[Burst]) -> Pace:
    """When, and how closely, the two accounts of a pair acted together."""
    acted = np.array([act.at_ms for burst in bursts for act in burst.acts], np.int64)
    began = np.array([burst.first_ms for burst in bursts], np.int64)
    return Pace(
        interactions=len(actions.account),
        burst_share=len(acted) / max(len(actions.account), 1),
        days=len(np.unique(day_numbers(began))),
        hours=tuple(np.bincount(hours_of_day(acted), minlength=24).tolist()),
    )
