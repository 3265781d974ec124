"""The findings of a run as graph tables, ready to be written back."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphwatch.detect.run import Found
from graphwatch.model import key_hash
from graphwatch.tables import GraphTable, node_table, relation_table

_CHUNK = 200_000


def tables(found: Found, *, created_at_ms: int) -> Iterator[GraphTable]:
    """Run, Cluster, CO_INTERACTED, MEMBER_OF and FOUND_IN, in an order in which they can be written."""
    yield node_table("Run", [_run(found, created_at_ms)])
    yield node_table("Cluster", [_clusters(found)])
    yield relation_table("CO_INTERACTED", "Account", "Account", _pairs(found))
    yield relation_table("MEMBER_OF", "Account", "Cluster", [_members(found)])
    yield relation_table("FOUND_IN", "Cluster", "Run", [_found_in(found)])


def _run(found: Found, created_at_ms: int) -> pa.RecordBatch:
    row = {
        "id": found.run,
        "status": "complete",
        "parameters": found.parameters.as_json(),
        "version": found.version,
        "fingerprint": found.fingerprint,
        "created_at_ms": created_at_ms,
        "window_ms": found.parameters.window_ms,
        "min_objects": found.parameters.min_objects,
        **found.denominators,
    }
    if found.chance is not None:
        row |= {
            "fdr": found.parameters.fdr,
            "coarse_ms": found.chance.coarse_ms,
            "tests": found.chance.tests.number,
            "tests_error": found.chance.tests.relative_error,
        }
    return pa.RecordBatch.from_pylist([row])


def _cluster_ids(found: Found) -> list[str]:
    return [f"{found.run}:{number}" for number in found.clusters.number.tolist()]


def _clusters(found: Found) -> pa.RecordBatch:
    clusters = found.clusters
    return pa.RecordBatch.from_pydict(
        {
            "id": pa.array(_cluster_ids(found), pa.string()),
            "run": pa.array([found.run] * len(clusters), pa.string()),
            "number": pa.array(clusters.number),
            "size": pa.array(clusters.size),
            "pairs": pa.array(clusters.pairs),
            "density": pa.array(clusters.density),
            "objects": pa.array(clusters.objects),
            "first_ms": pa.array(clusters.first_ms),
            "last_ms": pa.array(clusters.last_ms),
        }
    )


def _pairs(found: Found) -> Iterator[pa.RecordBatch]:
    pairs, size = found.pairs, len(found.pairs)
    for begin in range(0, size, _CHUNK):
        part = slice(begin, min(begin + _CHUNK, size))
        rows = part.stop - part.start
        first, second = found.accounts.take(pairs.first[part]), found.accounts.take(pairs.second[part])
        ids = [key_hash(found.run, a, b) for a, b in zip(first.to_pylist(), second.to_pylist(), strict=True)]
        yield pa.RecordBatch.from_pydict(
            {
                "from": first,
                "to": second,
                "id": pa.array(ids),
                "run": pa.array([found.run] * rows),
                "window_ms": pa.array(np.full(rows, found.parameters.window_ms)),
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
