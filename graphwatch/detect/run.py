"""A detection run: from columns of interactions to findings."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

import numpy as np
import pyarrow as pa

from graphwatch.detect.chance import Tests, Timing, chance_of, count_tests, fit_timing
from graphwatch.detect.clusters import Clusters, Mask, components, describe, renumbered, tight_communities
from graphwatch.detect.counting import Actions, Ints, Pairs, Reals, arrange, count_pairs
from graphwatch.detect.fingerprint import fingerprint
from graphwatch.detect.growing import grow
from graphwatch.detect.interest import shared_interest
from graphwatch.detect.multiple import benjamini_hochberg
from graphwatch.tables import InteractionColumns

# One seed, one result: of the sample of tests and of the communities.
_SEED: Final = 20240922


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked: window in milliseconds, inclusive; least objects a pair must share; kinds looked at.

    `fdr` is the false discovery rate of the test against chance; None counts only, and ties accounts by count.
    """

    window_ms: int
    min_objects: int
    kinds: tuple[str, ...]
    fdr: float | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Chance:
    """What the test says of each pair, and of itself."""

    opportunities: Ints
    expected: Reals
    log10_p: Reals
    q: Reals
    coordinated: Mask
    coarse_ms: int
    tests: Tests


@dataclass(frozen=True, slots=True)
class Interest:
    """What the second test says of each pair: did both pick the same objects beyond what their activity explains?"""

    expected: Reals
    log10_p: Reals
    q: Reals
    passed: Mask


@dataclass(frozen=True, slots=True)
class Found:
    """A run's findings; `accounts` are the ids that account codes stand for.

    `chance` and `interest` are None where nothing was tested.
    """

    run: str
    parameters: Parameters
    version: str
    fingerprint: str
    accounts: pa.StringArray
    pairs: Pairs
    chance: Chance | None
    interest: Interest | None
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
        columns.published_ms,
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
    """Count the pairs, test them where asked to, and find the clusters; `run` and `data` come from `identify`."""
    actions = arrange(columns.account, columns.object, columns.at_ms, columns.kind, accounts=len(columns.accounts))
    pairs = count_pairs(actions, parameters.window_ms, parameters.min_objects, threads=threads)
    if parameters.fdr is None:
        chance, interest, tying = None, None, np.ones(len(pairs), bool)
        cluster_of = core = components(actions.accounts, pairs.first, pairs.second)
    else:
        timing = fit_timing(actions, parameters.window_ms, columns.published_ms)
        chance = _test(actions, pairs, timing, parameters.min_objects, parameters.fdr, threads)
        interest = _interest(actions, pairs, parameters.fdr)
        tying = chance.coordinated
        cluster_of, core = _tested_clusters(actions, pairs, chance, timing, parameters.min_objects, parameters.fdr)
    clusters = describe(actions, pairs, tying, cluster_of, core, parameters.window_ms)
    denominators = _denominators(actions, columns.untimed, pairs, clusters)
    return Found(run, parameters, version, data, columns.accounts, pairs, chance, interest, clusters, denominators)


def _test(actions: Actions, pairs: Pairs, timing: Timing, min_objects: int, fdr: float, threads: int | None) -> Chance:
    tested = chance_of(actions, pairs, timing, threads=threads)
    tests = count_tests(actions, timing.coarse_ms, min_objects, seed=_SEED, threads=threads)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tests.number, len(pairs)))
    return Chance(tested.opportunities, tested.expected, tested.log10_p, q, q <= fdr, timing.coarse_ms, tests)


def _interest(actions: Actions, pairs: Pairs, fdr: float) -> Interest:
    tested = shared_interest(actions, pairs.first, pairs.second)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tested.tests, len(pairs)))
    return Interest(tested.expected, tested.log10_p, q, q <= fdr)


def _tested_clusters(
    actions: Actions, pairs: Pairs, chance: Chance, timing: Timing, min_objects: int, fdr: float
) -> tuple[Ints, Ints]:
    """The cluster number of each account after and before growing."""
    tying = chance.coordinated
    core = tight_communities(
        actions.accounts, pairs.first[tying], pairs.second[tying], -chance.log10_p[tying], seed=_SEED
    )
    grown = grow(actions, core, timing, min_objects=min_objects, fdr=fdr)
    return renumbered(np.where(grown > 0, grown, -1)), core


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
