"""A detection run: from columns of interactions to findings."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa

from graphwatch.detect.clusters import Clusters, find_clusters
from graphwatch.detect.counting import Actions, Pairs, arrange, count_pairs
from graphwatch.detect.fingerprint import fingerprint
from graphwatch.tables import InteractionColumns


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked: window in milliseconds, inclusive; least objects a pair must share; kinds looked at."""

    window_ms: int
    min_objects: int
    kinds: tuple[str, ...]

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Found:
    """A run's findings; `accounts` are the ids that account codes stand for."""

    run: str
    parameters: Parameters
    version: str
    fingerprint: str
    accounts: pa.StringArray
    pairs: Pairs
    clusters: Clusters
    denominators: dict[str, int]


def run_id(parameters: Parameters, version: str, data: str) -> str:
    """The id of a run: a function of parameters, version and data, so that the same question has the same id."""
    return "R-" + sha256("\n".join((parameters.as_json(), version, data)).encode()).hexdigest()[:12]


def identify(columns: InteractionColumns, parameters: Parameters, version: str) -> tuple[str, str]:
    """The id that a run over these data will have, and the fingerprint of the data."""
    data = fingerprint(
        columns.account,
        columns.object,
        columns.kind,
        columns.at_ms,
        columns.accounts,
        columns.objects,
        columns.kinds,
    )
    return run_id(parameters, version, data), data


def detect(
    columns: InteractionColumns,
    parameters: Parameters,
    *,
    run: str,
    data: str,
    version: str,
    threads: int | None = None,
) -> Found:
    """Count the pairs and find the clusters; `run` and `data` come from `identify`."""
    actions = arrange(columns.account, columns.object, columns.at_ms, columns.kind, accounts=len(columns.accounts))
    pairs = count_pairs(actions, parameters.window_ms, parameters.min_objects, threads=threads)
    clusters = find_clusters(actions, pairs, parameters.window_ms)
    return Found(
        run,
        parameters,
        version,
        data,
        columns.accounts,
        pairs,
        clusters,
        _denominators(actions, columns.untimed, pairs, clusters),
    )


def _denominators(actions: Actions, untimed: int, pairs: Pairs, clusters: Clusters) -> dict[str, int]:
    """What the findings are out of."""
    return {
        "interactions": len(actions.account),
        "untimed": untimed,
        "accounts": int(np.count_nonzero(np.diff(actions.start))),
        "objects": len(np.unique(actions.object)),
        "visited_pairs": pairs.visited,
        "pairs": len(pairs),
        "clusters": len(clusters),
    }
