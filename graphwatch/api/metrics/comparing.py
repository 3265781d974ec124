"""Compare: what moved between the coordination networks of two runs."""

import pyarrow as pa

from graphwatch.api.metrics.projections import read_projection
from graphwatch.api.metrics.scoring import handles_of, known_measures, scores_of, sources_of
from graphwatch.api.project import Project
from graphwatch.api.runs import resolve_run


def compare(self: Project, before: str, after: str, *, measure: str = "strength") -> pa.Table:
    """What moved between two runs: for each account of either coordination network its score in both.

    Args:
        before, after: ids of complete runs, or `latest`.
        measure: a name from `graphwatch.metrics.MEASURES`.

    Returns:
        account, handle, before, after, change; the largest change first. An account that is in one of the networks
        only has 0 in the other.

    Raises:
        UsageError: there is no such measure.
        NothingFound: there is no such run.
    """
    (name,) = known_measures([measure])
    with self.store.session():
        scores = []
        for run in (before, after):
            network = read_projection(self, "coordination", resolve_run(self, run))
            value = scores_of(network, name, sources_of(network, None), 0).value
            scores.append(dict(zip(network.ids.to_pylist(), value.tolist(), strict=True)))
        accounts = sorted(set(scores[0]) | set(scores[1]))
        rows = [(a, scores[0].get(a, 0.0), scores[1].get(a, 0.0)) for a in accounts]
        rows.sort(key=lambda row: (-abs(row[2] - row[1]), row[0]))
        handles = handles_of(self, [account for account, _, _ in rows])
    return pa.table(
        {
            "account": pa.array([a for a, _, _ in rows], pa.string()),
            "handle": pa.array([handles.get(a) for a, _, _ in rows], pa.string()),
            "before": pa.array([b for _, b, _ in rows], pa.float64()),
            "after": pa.array([c for _, _, c in rows], pa.float64()),
            "change": pa.array([c - b for _, b, c in rows], pa.float64()),
        }
    )
