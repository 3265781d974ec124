"""A detection run: from columns of interactions to findings."""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256

import numpy as np
import pyarrow as pa

from graphwatch.detect.chance import Tests, Timing, chance_of, count_tests, fit_timing
from graphwatch.detect.clusters import Clusters, Mask, components, describe, renumbered, tight_communities
from graphwatch.detect.counting import Actions, Ints, Longs, Pairs, Reals, arrange, count_pairs
from graphwatch.detect.fingerprint import fingerprint
from graphwatch.detect.growing import grow
from graphwatch.detect.interest import shared_interest
from graphwatch.detect.multiple import benjamini_hochberg
from graphwatch.scope import Scope
from graphwatch.settings import SEED
from graphwatch.tables import InteractionColumns


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked.

    Attributes:
        window_ms: window in milliseconds, inclusive.
        min_objects: least objects a pair must share within it.
        scope: which interactions, and what counts as their object.
        fdr: false discovery rate of the test against chance; None counts only, and ties accounts by count.
        layers: whether each kind is also looked at alone.
        sensitivity: whether half and twice the window are looked at too.
        seed: of every random choice: one seed, one result.
    """

    window_ms: int
    min_objects: int
    scope: Scope = field(default_factory=Scope)
    fdr: float | None = None
    layers: bool = False
    sensitivity: bool = False
    seed: int = SEED

    def as_json(self) -> str:
        """The same text for the same question, in whatever order it was put."""
        asked = asdict(self)
        return json.dumps(asked.pop("scope") | asked, sort_keys=True)


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
        columns.published_ms[columns.object if columns.post is None else columns.post],
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
        timing = fit_timing(
            actions, parameters.window_ms, columns.published_ms, since_ms=_post_began(columns), seed=parameters.seed
        )
        chance = _test(actions, pairs, timing, parameters, parameters.fdr, threads)
        interest = _interest(actions, pairs, parameters.fdr)
        tying = chance.coordinated
        cluster_of, core = _tested_clusters(actions, pairs, chance, timing, parameters, parameters.fdr)
    clusters = describe(actions, pairs, tying, cluster_of, core, parameters.window_ms)
    denominators = _denominators(actions, columns.untimed, pairs, clusters)
    return Found(run, parameters, version, data, columns.accounts, pairs, chance, interest, clusters, denominators)


def _post_began(columns: InteractionColumns) -> Longs | None:
    """When each action's post was published, or else first acted on, in the order of `arrange`.

    None where objects are posts. People answer a new post, whatever counts as the object, so an action is as old as
    its post.
    """
    if columns.post is None:
        return None
    began = np.full(len(columns.published_ms), np.iinfo(np.int64).max)
    np.minimum.at(began, columns.post, columns.at_ms)
    began = np.where(columns.published_ms >= 0, columns.published_ms, began)
    since: Longs = began[columns.post][np.lexsort((columns.at_ms, columns.object))]
    return since


def _test(actions: Actions, pairs: Pairs, timing: Timing, asked: Parameters, fdr: float, threads: int | None) -> Chance:
    tested = chance_of(actions, pairs, timing, threads=threads)
    tests = count_tests(actions, timing.coarse_ms, asked.min_objects, seed=asked.seed, threads=threads)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tests.number, len(pairs)))
    return Chance(tested.opportunities, tested.expected, tested.log10_p, q, q <= fdr, timing.coarse_ms, tests)


def _interest(actions: Actions, pairs: Pairs, fdr: float) -> Interest:
    tested = shared_interest(actions, pairs.first, pairs.second)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tested.tests, len(pairs)))
    return Interest(tested.expected, tested.log10_p, q, q <= fdr)


def _tested_clusters(
    actions: Actions, pairs: Pairs, chance: Chance, timing: Timing, asked: Parameters, fdr: float
) -> tuple[Ints, Ints]:
    """The cluster number of each account after and before growing."""
    tying = chance.coordinated
    core = tight_communities(
        actions.accounts, pairs.first[tying], pairs.second[tying], -chance.log10_p[tying], seed=asked.seed
    )
    grown = grow(actions, core, timing, min_objects=asked.min_objects, fdr=fdr)
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
