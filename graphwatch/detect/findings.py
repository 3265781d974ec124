"""The findings of a run as graph tables, ready to be written back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphwatch.detect.cluster_tables import enrichment_tables, evidence_columns, roster_columns
from graphwatch.detect.clusters import share_of_pairs
from graphwatch.detect.continuing import Continued
from graphwatch.detect.layers import Ran
from graphwatch.detect.question import ALL
from graphwatch.detect.run import Found
from graphwatch.model import key_hash
from graphwatch.tables import GraphTable, node_table, relation_table

_CHUNK = 200_000


@dataclass(frozen=True, slots=True)
class Predecessors:
    """The earlier run that a layer of this one continues, and which of its clusters."""

    run: str
    clusters: Continued


def tables(ran: Ran, predecessors: Mapping[str, Predecessors], *, created_at_ms: int) -> Iterator[GraphTable]:
    """Run, clusters, pairs, members and what the clusters continue, in an order in which they can be written.

    Args:
        predecessors: by layer.
        created_at_ms: time of the run.
    """
    layers = ran.layers
    yield node_table("Run", [_run(ran, created_at_ms)])
    yield node_table("Cluster", [_clusters(found) for found in layers])
    yield relation_table("CO_INTERACTED", "Account", "Account", (rows for found in layers for rows in _pairs(found)))
    yield relation_table("MEMBER_OF", "Account", "Cluster", [_members(found) for found in layers])
    yield relation_table("FOUND_IN", "Cluster", "Run", [_found_in(found) for found in layers])
    yield from enrichment_tables(ran.whole.run, [(found.enrichment, _cluster_ids(found)) for found in layers])
    continuing = [_continues(ran.whole.run, layer, before) for layer, before in predecessors.items()]
    yield relation_table("CONTINUES", "Cluster", "Cluster", continuing)


def _run(ran: Ran, created_at_ms: int) -> pa.RecordBatch:
    found = ran.whole
    row = {
        "id": found.run,
        "status": "complete",
        "parameters": found.parameters.as_json(),
        "version": found.version,
        "fingerprint": found.fingerprint,
        "created_at_ms": created_at_ms,
        "window_ms": found.parameters.window_ms,
        "min_objects": found.parameters.min_objects,
        "seed": found.parameters.seed,
        **found.denominators,
    }
    if found.chance is not None:
        row |= {
            "fdr": found.parameters.fdr,
            "coarse_ms": found.chance.coarse_ms,
            "tests": found.chance.tests.number,
            "tests_error": found.chance.tests.relative_error,
        }
    if found.enrichment.people is not None:
        row["roster_accounts"] = found.enrichment.people.active
    if len(ran.layers) > 1:
        row["layers"] = json.dumps({f.layer: f.denominators for f in ran.layers[1:]}, sort_keys=True)
    if found.parameters.sensitivity:
        row["sensitivity"] = json.dumps([at.as_dict() for at in ran.sensitivity], sort_keys=True)
    return pa.RecordBatch.from_pylist([row])


def cluster_id(run: str, layer: str, number: int) -> str:
    """The id of a cluster.

    >>> cluster_id("R-1", "all", 2), cluster_id("R-1", "LIKED", 2)
    ('R-1:2', 'R-1:LIKED:2')
    """
    return f"{run}:{number}" if layer == ALL else f"{run}:{layer}:{number}"


def _cluster_ids(found: Found) -> list[str]:
    return [cluster_id(found.run, found.layer, number) for number in found.clusters.number.tolist()]


def _clusters(found: Found) -> pa.RecordBatch:
    clusters = found.clusters
    columns = {
        "id": pa.array(_cluster_ids(found), pa.string()),
        "run": pa.array([found.run] * len(clusters), pa.string()),
        "layer": pa.array([found.layer] * len(clusters), pa.string()),
        "number": pa.array(clusters.number),
        "size": pa.array(clusters.size),
        "pairs": pa.array(clusters.pairs),
        "density": pa.array(clusters.density),
        "objects": pa.array(clusters.objects),
        "first_ms": pa.array(clusters.first_ms),
        "last_ms": pa.array(clusters.last_ms),
        **evidence_columns(found.evidence),
        **roster_columns(found.enrichment, len(clusters)),
    }
    interest = found.interest
    if interest is not None:
        share = share_of_pairs(clusters, found.pairs, interest.passed, len(found.accounts))
        columns["interest_share"] = pa.array(share)
    return pa.RecordBatch.from_pydict(columns)


def _pairs(found: Found) -> Iterator[pa.RecordBatch]:
    pairs, size = found.pairs, len(found.pairs)
    for begin in range(0, size, _CHUNK):
        part = slice(begin, min(begin + _CHUNK, size))
        rows = part.stop - part.start
        first, second = found.accounts.take(pairs.first[part]), found.accounts.take(pairs.second[part])
        window = found.parameters.window_ms
        ids = [
            key_hash(found.run, found.layer, window, a, b)
            for a, b in zip(first.to_pylist(), second.to_pylist(), strict=True)
        ]
        yield pa.RecordBatch.from_pydict(
            {
                "from": first,
                "to": second,
                "id": pa.array(ids),
                "run": pa.array([found.run] * rows),
                "layer": pa.array([found.layer] * rows),
                "window_ms": pa.array(np.full(rows, window)),
                "n": pa.array(pairs.n[part]),
                "shared": pa.array(pairs.shared[part]),
                "median_gap_s": pa.array(pairs.median_gap_s[part]),
                "first_share": pa.array(pairs.first_share[part]),
                "kinds": _kinds(pairs.kinds[part], found.parameters.scope.kinds),
                "first_ms": pa.array(pairs.first_ms[part]),
                "last_ms": pa.array(pairs.last_ms[part]),
                **_chance(found, part),
            }
        )


def _chance(found: Found, part: slice) -> dict[str, pa.Array]:
    """What the two tests say of these pairs; nothing where nothing was tested."""
    chance, interest = found.chance, found.interest
    if chance is None or interest is None:
        return {}
    return {
        "opportunities": pa.array(chance.opportunities[part]),
        "expected": pa.array(chance.expected[part]),
        "log10_p": pa.array(chance.log10_p[part]),
        "q": pa.array(chance.q[part]),
        "coordinated": pa.array(chance.coordinated[part]),
        "interest_expected": pa.array(interest.expected[part]),
        "interest_log10_p": pa.array(interest.log10_p[part]),
        "interest_q": pa.array(interest.q[part]),
        "shared_interest": pa.array(interest.passed[part]),
    }


def _kinds(bits: npt.NDArray[np.int64], kinds: tuple[str, ...]) -> pa.ListArray:
    """The names that bit sets stand for; there are few distinct sets."""
    distinct, which = np.unique(bits, return_inverse=True)
    names = [[kind for code, kind in enumerate(kinds) if bit >> code & 1] for bit in distinct.tolist()]
    return pa.array(names, pa.list_(pa.string())).take(pa.array(which))


def _members(found: Found) -> pa.RecordBatch:
    clusters, ids = found.clusters, _cluster_ids(found)
    accounts = found.accounts.take(clusters.member).to_pylist()
    of = [ids[number - 1] for number in clusters.of.tolist()]
    return pa.RecordBatch.from_pydict(
        {
            "from": pa.array(accounts, pa.string()),
            "to": pa.array(of, pa.string()),
            "id": pa.array([key_hash(a, c) for a, c in zip(accounts, of, strict=True)], pa.string()),
            "run": pa.array([found.run] * len(accounts), pa.string()),
            "entered": pa.array(np.where(clusters.grown, "grown", "core").tolist(), pa.string()),
            "partners": pa.array(clusters.partners),
        }
    )


def _found_in(found: Found) -> pa.RecordBatch:
    ids = _cluster_ids(found)
    return pa.RecordBatch.from_pydict(
        {
            "from": pa.array(ids, pa.string()),
            "to": pa.array([found.run] * len(ids), pa.string()),
            "id": pa.array([key_hash(c, found.run) for c in ids], pa.string()),
            "run": pa.array([found.run] * len(ids), pa.string()),
        }
    )


def _continues(run: str, layer: str, before: Predecessors) -> pa.RecordBatch:
    later = [cluster_id(run, layer, number) for number in before.clusters.number.tolist()]
    earlier = [cluster_id(before.run, layer, number) for number in before.clusters.earlier.tolist()]
    return pa.RecordBatch.from_pydict(
        {
            "from": pa.array(later, pa.string()),
            "to": pa.array(earlier, pa.string()),
            "id": pa.array([key_hash(a, b) for a, b in zip(later, earlier, strict=True)], pa.string()),
            "run": pa.array([run] * len(later), pa.string()),
            "jaccard": pa.array(before.clusters.jaccard),
        }
    )
