"""The findings of a run as graph tables, ready to be written back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphwatch.detection.burst_tables import burst_tables, known_times
from graphwatch.detection.chance.lags import Lags
from graphwatch.detection.cluster_matching import Predecessors
from graphwatch.detection.groups.bursts import Evidence
from graphwatch.detection.groups.clusters import share_of_pairs
from graphwatch.detection.groups.enrichment import AtAgency, Enrichment, People, TargetShares
from graphwatch.detection.run import Found, Ran
from graphwatch.model import key_hash
from graphwatch.model.scope import ALL, WINDOWS
from graphwatch.model.tables import GraphTable, node_table, relation_table


def evidence_columns(evidence: Evidence) -> dict[str, pa.Array]:
    """The evidence of each cluster as properties of it."""
    names = ("bursts", "bursts_of_three", "interactions", "burst_share", "days", "half_objects")
    ties = asdict(evidence.ties)
    columns = {name: pa.array(getattr(evidence, name)) for name in names}
    columns["hours"] = pa.array([[str(n) for n in row] for row in evidence.hours.tolist()], pa.list_(pa.string()))
    columns["half_time_s"] = pa.array(evidence.half_time_s, mask=np.isnan(evidence.half_time_s))
    return columns | {name: pa.array(values) for name, values in ties.items() if values is not None}


def roster_columns(enrichment: Enrichment, clusters: int) -> dict[str, pa.Array]:
    """Members on the roster, and the agency that stands out most, as properties; nothing without a roster."""
    people, agencies = enrichment.people, enrichment.agencies
    if people is None or agencies is None:
        return {}
    return _people(people) | _top_agency(agencies, enrichment.agency_ids, clusters)


def _people(people: People) -> dict[str, pa.Array]:
    verified, confirmed, self_declared = people.by_basis.T
    return {
        "n_asn": pa.array(people.n),
        "n_verified": pa.array(np.ascontiguousarray(verified)),
        "n_confirmed": pa.array(np.ascontiguousarray(confirmed)),
        "n_self_declared": pa.array(np.ascontiguousarray(self_declared)),
        "n_duty": pa.array(people.duty),
        "expected_asn": pa.array(people.expected),
        "asn_log10_p": pa.array(people.log10_p),
        "asn_q": pa.array(people.q),
    }


def _top_agency(at: AtAgency, ids: pa.StringArray, clusters: int) -> dict[str, pa.Array]:
    """Smallest p, then most members, then smallest id."""
    order = np.lexsort((at.agency, -at.n, at.log10_p, at.cluster))
    first = order[np.unique(at.cluster[order], return_index=True)[1]]
    # The place of each cluster's entry; null where no member works at any agency.
    place = np.full(clusters, -1)
    place[at.cluster[first] - 1] = first
    taken = pa.array(place, mask=place < 0)
    columns = {
        "top_agency": ids.take(pa.array(at.agency)),
        "top_agency_n": pa.array(at.n),
        "top_agency_expected": pa.array(at.expected),
        "top_agency_q": pa.array(at.q),
    }
    return {name: column.take(taken) for name, column in columns.items()}


def enrichment_tables(run: str, layers: Sequence[tuple[Enrichment, Sequence[str]]]) -> Iterator[GraphTable]:
    """DRAWN_FROM and TARGETS of all layers; with each the ids of its clusters in the order of their numbers."""
    agencies = [_agencies(run, found.agencies, found.agency_ids, ids) for found, ids in layers if found.agencies]
    yield relation_table("DRAWN_FROM", "Cluster", "Agency", agencies)
    for label in sorted({shares.label for found, _ in layers for shares in found.targets}):
        batches = [_shares(run, s, ids) for found, ids in layers for s in found.targets if s.label == label]
        yield relation_table("TARGETS", "Cluster", label, batches)


def _agencies(run: str, at: AtAgency, agency_ids: pa.StringArray, clusters: Sequence[str]) -> pa.RecordBatch:
    columns = {"n": at.n, "expected": at.expected, "log10_p": at.log10_p, "q": at.q}
    return _batch(run, _ends(clusters, at.cluster, agency_ids, at.agency), columns)


def _shares(run: str, shares: TargetShares, clusters: Sequence[str]) -> pa.RecordBatch:
    columns = {name: getattr(shares, name) for name in ("interactions", "share", "expected", "log10_p", "q")}
    kind = np.full(len(shares.cluster), shares.label.lower())
    return _batch(run, _ends(clusters, shares.cluster, shares.ids, shares.target), columns | {"kind": kind})


def _ends(clusters: Sequence[str], cluster: Any, ids: pa.StringArray, other: Any) -> tuple[list[str], list[str]]:
    return [clusters[number - 1] for number in cluster.tolist()], ids.take(pa.array(other)).to_pylist()


def _batch(run: str, ends: tuple[list[str], list[str]], columns: dict[str, Any]) -> pa.RecordBatch:
    start, end = ends
    ids = [key_hash(a, b) for a, b in zip(start, end, strict=True)]
    return pa.RecordBatch.from_pydict(
        {
            "from": pa.array(start, pa.string()),
            "to": pa.array(end, pa.string()),
            "id": pa.array(ids, pa.string()),
            "run": pa.array([run] * len(ids), pa.string()),
            **{name: pa.array(values.tolist() if name == "kind" else values) for name, values in columns.items()},
        }
    )


_CHUNK = 200_000


def tables(
    ran: Ran,
    predecessors: Mapping[str, Predecessors],
    interactions: Sequence[pa.ListArray],
    *,
    created_at_ms: int,
) -> Iterator[GraphTable]:
    """All that a run found, from the run to what its clusters continue, in an order in which it can be written.

    Args:
        interactions: for each layer, of each burst the ids of its interactions.
        predecessors: by layer.
        created_at_ms: time of the run.
    """
    layers = ran.layers
    yield node_table("Run", [_run(ran, created_at_ms)])
    yield node_table("Cluster", [_clusters(found) for found in layers])
    yield relation_table("CO_INTERACTED", "Account", "Account", (rows for found in layers for rows in _pairs(found)))
    yield relation_table("MEMBER_OF", "Account", "Cluster", [_members(found) for found in layers])
    yield relation_table("FOUND_IN", "Cluster", "Run", [_found_in(found) for found in layers])
    cluster_ids = [_cluster_ids(found) for found in layers]
    yield from burst_tables(list(zip(layers, interactions, strict=True)), cluster_ids)
    yield from enrichment_tables(ran.whole.run, [(found.enrichment, _cluster_ids(found)) for found in layers])
    if ran.lags is not None:
        yield relation_table("REGULAR_LAG", "Account", "Run", [_lags(ran.whole.run, ran.lags)])
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
    if found.null_test is not None:
        row |= {
            "fdr": found.parameters.fdr,
            "coarse_ms": found.coarse_ms,
            "tests": found.null_test.tests.number,
            "tests_error": found.null_test.tests.relative_error,
        }
    if found.enrichment.people is not None:
        row["roster_accounts"] = found.enrichment.people.active
    if len(ran.layers) > 1:
        row["layers"] = json.dumps({f.layer: f.denominators | _of_window(f) for f in ran.layers[1:]}, sort_keys=True)
    if ran.lags is not None:
        row["lags"] = json.dumps(ran.lags.told, sort_keys=True)
    if found.parameters.sensitivity:
        row["sensitivity"] = json.dumps([at.as_dict() for at in ran.sensitivity], sort_keys=True)
    return pa.RecordBatch.from_pylist([row])


def _of_window(found: Found) -> dict[str, Any]:
    """What a layer of another window was asked; nothing of other layers."""
    if found.layer not in WINDOWS or found.null_test is None:
        return {}
    return {
        "window_ms": WINDOWS[found.layer],
        "coarse_ms": None if found.layer == "day" else found.coarse_ms,
        "tests": found.null_test.tests.number,
        "fdr": found.parameters.rate,
    }


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
        "first_ms": known_times(clusters.first_ms),
        "last_ms": known_times(clusters.last_ms),
        **evidence_columns(found.evidence),
        **roster_columns(found.enrichment, len(clusters)),
    }
    bicm_test = found.bicm_test
    if bicm_test is not None:
        share = share_of_pairs(clusters, found.pairs, bicm_test.passed, len(found.accounts))
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
                "median_gap_s": pa.array(pairs.median_gap_s[part], mask=pairs.first_ms[part] < 0),
                "first_share": pa.array(pairs.first_share[part], mask=pairs.first_ms[part] < 0),
                "kinds": _kinds(pairs.kinds[part], found.kinds),
                "first_ms": known_times(pairs.first_ms[part]),
                "last_ms": known_times(pairs.last_ms[part]),
                **_tested(found, part),
            }
        )


def _tested(found: Found, part: slice) -> dict[str, pa.Array]:
    """What the two tests say of these pairs; nothing where nothing was tested."""
    null_test, bicm_test = found.null_test, found.bicm_test
    if null_test is None or bicm_test is None:
        return {}
    return {
        "opportunities": pa.array(null_test.opportunities[part]),
        "expected": pa.array(null_test.expected[part]),
        "log10_p": pa.array(null_test.log10_p[part]),
        "q": pa.array(null_test.q[part]),
        "coordinated": pa.array(null_test.coordinated[part]),
        "interest_expected": pa.array(bicm_test.expected[part]),
        "interest_log10_p": pa.array(bicm_test.log10_p[part]),
        "interest_q": pa.array(bicm_test.q[part]),
        "shared_interest": pa.array(bicm_test.passed[part]),
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


def _lags(run: str, lags: Lags) -> pa.RecordBatch:
    names = ("posts", "near", "known", "expected", "log10_p", "q")
    return pa.RecordBatch.from_pydict(
        {
            "from": lags.account,
            "to": pa.array([run] * len(lags), pa.string()),
            "id": pa.array([key_hash(account, run) for account in lags.account.to_pylist()], pa.string()),
            "run": pa.array([run] * len(lags), pa.string()),
            "shortest_s": pa.array(lags.from_ms / 1000),
            "longest_s": pa.array(lags.to_ms / 1000),
            **{name: pa.array(getattr(lags, name)) for name in names},
        }
    )


def _continues(run: str, layer: str, before: Predecessors) -> pa.RecordBatch:
    matches = before.clusters
    later = [cluster_id(run, layer, number) for number in matches]
    earlier = [cluster_id(before.run, layer, match.cluster) for match in matches.values()]
    return pa.RecordBatch.from_pydict(
        {
            "from": pa.array(later, pa.string()),
            "to": pa.array(earlier, pa.string()),
            "id": pa.array([key_hash(a, b) for a, b in zip(later, earlier, strict=True)], pa.string()),
            "run": pa.array([run] * len(later), pa.string()),
            "jaccard": pa.array([match.jaccard for match in matches.values()], pa.float64()),
        }
    )
