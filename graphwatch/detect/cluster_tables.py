"""What is said of clusters as a whole, as columns and tables of the graph."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from graphwatch.detect.enrichment import AtAgency, Enrichment, People
from graphwatch.detect.evidence import Evidence
from graphwatch.detect.targets import TargetShares
from graphwatch.model import key_hash
from graphwatch.tables import GraphTable, relation_table


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
