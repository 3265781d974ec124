"""Measure: how central accounts are in a network, and what that network is like."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphwatch.analysis.config import MEASURES
from graphwatch.analysis.projections import (
    Projection,
    by_agency,
    by_paslon,
    chosen_of,
    known_measures,
    part_of,
    read_projection,
    scores_of,
    sources_of,
)
from graphwatch.common.table import Table, card
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import key_hash
from graphwatch.model.tables import relation_rows
from graphwatch.repository.clusters import members_of_cluster
from graphwatch.repository.networks import handles_of
from graphwatch.repository.resolver import resolve
from graphwatch.repository.runs import resolve_run
from graphwatch.settings import LATEST
from graphwatch.store.workspace import Workspace, WritableWorkspace

if TYPE_CHECKING:
    from graphwatch.analysis.measures import Scores
    from graphwatch.analysis.network import Structure


def compare(workspace: Workspace, before: str, after: str, *, measure: str = "strength") -> Table:
    """What moved between two runs: for each account of either coordination network its score in both.

    See `Project.compare_metrics`.
    """
    (name,) = known_measures([measure])
    with workspace.store.session():
        scores = []
        for run in (before, after):
            network = read_projection(workspace, "coordination", resolve_run(workspace, run))
            value = scores_of(network, name, sources_of(network, None), 0).value
            scores.append(dict(zip(network.ids.to_pylist(), value.tolist(), strict=True)))
        accounts = sorted(set(scores[0]) | set(scores[1]))
        rows = [(a, scores[0].get(a, 0.0), scores[1].get(a, 0.0)) for a in accounts]
        rows.sort(key=lambda row: (-abs(row[2] - row[1]), row[0]))
        handles = handles_of(workspace.store, [account for account, _, _ in rows])
    return Table(
        pa.table(
            {
                "account": pa.array([a for a, _, _ in rows], pa.string()),
                "handle": pa.array([handles.get(a) for a, _, _ in rows], pa.string()),
                "before": pa.array([b for _, b, _ in rows], pa.float64()),
                "after": pa.array([c for _, _, c in rows], pa.float64()),
                "change": pa.array([c - b for _, b, c in rows], pa.float64()),
            }
        )
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores of accounts, and the network that they are of.

    Attributes:
        scores: a table with `account`, `handle` and a column a measure; highest first by the first measure. Estimated
            measures have a column with their standard error, for example `betweenness_error`.
        structure: nodes, edges, components, bridges and cut points.
        assortativity: by agency and by paslon; None where it is not defined for these data.
        run: the run whose pairs or clusters were looked at; None where none was needed.
        weak: ids of the accounts without which the network falls apart.
        bridges: ids of both ends of each edge without which it falls apart.
        sources: nodes from which paths were followed for betweenness; None where from all.
        part: which part of the network was measured; None where all of it.
    """

    scores: Table
    structure: "Structure"
    assortativity: dict[str, float | None]
    run: str | None
    projection: str
    weak: list[str] = field(default_factory=list)
    bridges: list[tuple[str, str]] = field(default_factory=list)
    sources: int | None = None
    part: str | None = None

    @property
    def network(self) -> str:
        """What was measured, in words: scores of a part are not those of the whole."""
        return f"{self.projection}, {self.part}" if self.part else self.projection

    def _repr_html_(self) -> str:
        facts = [
            *asdict(self.structure).items(),
            *((f"assortativity by {k}", v) for k, v in self.assortativity.items()),
        ]
        note = f"{len(self.scores):,} accounts: {', '.join(self.scores.columns)}; .scores has them"
        return card(f"{self.projection}{f' of run {self.run}' if self.run else ''}", facts, note)


def metrics(
    workspace: WritableWorkspace,
    measures: Sequence[str] = MEASURES,
    *,
    projection: str = "coordination",
    run: str = LATEST,
    cluster: int | None = None,
    ego: str | None = None,
    depth: int = 2,
    samples: int | None = None,
    seed: int = 0,
    write: bool = False,
) -> Measured:
    """Measure the accounts of a network. See `Project.metrics`."""
    chosen = known_measures(measures)
    _in_range(depth, samples)
    needed = projection == "coordination" or cluster is not None or write
    with workspace.store.session():
        asked = resolve_run(workspace, run) if needed else None
        around = None if ego is None else resolve(workspace, ego, ("Account",)).id
        network = _narrowed(workspace, read_projection(workspace, projection, asked), asked, cluster, around, depth)
        sources = sources_of(network, samples)
        scored = {name: scores_of(network, name, sources, seed) for name in chosen}
        measured = _measured(
            workspace, network, scored, asked, projection, sources if "betweenness" in chosen else None
        )
        measured = replace(measured, part=_part(cluster, around, depth))
    if write:
        assert asked is not None
        _keep(workspace, network, scored, asked, measured.network)
    return measured


def _in_range(depth: int, samples: int | None) -> None:
    if depth < 1:
        raise UsageError(f"a depth of {depth} reaches nobody", remedy="Give --depth 1 or more.")
    if samples is not None and samples < 2:
        raise UsageError(f"{samples} samples have no standard error", remedy="Give --samples 2 or more.")


def _narrowed(
    workspace: Workspace, whole: Projection, run: str | None, cluster: int | None, ego: str | None, depth: int
) -> Projection:
    """The part of the network that was asked for."""
    network = whole
    if cluster is not None:
        assert run is not None
        meant = resolve(workspace, str(cluster), ("Cluster",), run=run)
        members = [member.account for member in members_of_cluster(workspace.store, meant.id)]
        network = part_of(network, pa.array(members, pa.string()))
    if ego is not None:
        network = chosen_of(network, network.network.around(network.position(ego), depth))
    if not network.network.edges:
        raise NothingFound(
            "there is nothing to measure: the network has no edge",
            where=workspace.place,
            remedy="`graphwatch query runs` says what was found; `--projection posts` needs no detection.",
        )
    return network


def _part(cluster: int | None, ego: str | None, depth: int) -> str | None:
    """The part of a network in words, the same for the same part.

    >>> _part(1, "x:7", 2), _part(None, None, 2)
    ('cluster 1, 2 steps around x:7', None)
    """
    said = [f"cluster {cluster}"] if cluster is not None else []
    said += [f"{depth} steps around {ego}"] if ego is not None else []
    return ", ".join(said) or None


def _measured(
    workspace: Workspace,
    network: Projection,
    scored: dict[str, "Scores"],
    run: str | None,
    projection: str,
    sources: int | None,
) -> Measured:
    from graphwatch.analysis.network import assortativity, structure_of

    accounts = network.ids[: network.accounts].to_pylist()
    order = np.argsort(-next(iter(scored.values())).value[: network.accounts], kind="stable")
    handles = handles_of(workspace.store, accounts)
    columns = {
        "account": pa.array([accounts[i] for i in order.tolist()], pa.string()),
        "handle": pa.array([handles.get(accounts[i]) for i in order.tolist()], pa.string()),
    }
    for name, score in scored.items():
        columns[name] = pa.array(score.value[order])
        if score.error is not None:
            columns[f"{name}_error"] = pa.array(score.error[order])
    structure = structure_of(network.network)
    ids = network.ids.to_pylist()
    mixing = {}
    if projection == "coordination":
        for what, groups in (("agency", by_agency(workspace, accounts)), ("paslon", by_paslon(workspace, accounts))):
            mixing[what] = None if groups is None else assortativity(network.network, groups)
    return Measured(
        Table(pa.table(columns)),
        structure,
        mixing,
        run,
        projection,
        weak=[ids[i] for i in structure.cut_points if i < network.accounts],
        bridges=[(ids[a], ids[b]) for a, b in structure.bridges],
        sources=sources,
    )


def _keep(workspace: WritableWorkspace, network: Projection, scored: dict[str, "Scores"], run: str, of: str) -> None:
    accounts = network.ids[: network.accounts].to_pylist()
    rows = [
        {
            "from": account,
            "to": run,
            "id": key_hash(account, run, name, of),
            "run": run,
            "metric": name,
            "projection": of,
            "value": value,
        }
        for name, score in scored.items()
        for account, value in zip(accounts, score.value.tolist(), strict=False)
    ]
    with workspace.store.write("metrics") as writing:
        writing.add(relation_rows("SCORED", "Account", "Run", rows))
