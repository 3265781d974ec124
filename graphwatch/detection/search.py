"""Pairs within one window, tested against chance, and the clusters that they form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from graphwatch.detection.chance.ages import began_ms
from graphwatch.detection.chance.clocks import with_fine_clocks
from graphwatch.detection.chance.hypothesis_tests import Tests, benjamini_hochberg, count_tests
from graphwatch.detection.chance.null_model import Timing, chance_of, fit_timing, without_companions
from graphwatch.detection.counting.kernels import by_object_and_time
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Pairs, Reals, arrange, count_pairs
from graphwatch.detection.course import stage
from graphwatch.detection.groups.clusters import (
    Clusters,
    components,
    describe,
    not_known,
    renumbered,
    tight_communities,
    with_pairs,
)
from graphwatch.detection.groups.group_test import Rule, expand
from graphwatch.detection.groups.seeds import largest, seeded_clusters
from graphwatch.detection.parameters import Parameters
from graphwatch.model.tables import InteractionColumns

# Two with so small a p that chance gives as many pairs keep company: they are no measure of each other.
_COMPANY: Final = 20


@dataclass(frozen=True, slots=True)
class NullTest:
    """What the test says of each pair, and of itself."""

    opportunities: Ints
    expected: Reals
    log10_p: Reals
    q: Reals
    coordinated: Mask
    coarse_ms: int
    tests: Tests


@dataclass(frozen=True, slots=True)
class Search:
    """Pairs and clusters, and what they were found in; `null_test` is None where nothing was tested.

    `columns` are the interactions without those of clocks that show less than the window; `timing` is what the pairs
    were tested against.
    """

    columns: InteractionColumns
    actions: Actions
    pairs: Pairs
    null_test: NullTest | None
    clusters: Clusters
    timing: Timing | None


def search(
    columns: InteractionColumns,
    parameters: Parameters,
    *,
    known: Sequence[Clusters] = (),
    threads: int | None = None,
) -> Search:
    """Count the pairs, test them against chance where asked to, and find the clusters.

    Args:
        known: clusters of other windows, which are not told once more.
    """
    stage("counting")
    if parameters.fdr is not None:
        columns = with_fine_clocks(columns, parameters.window_ms)
    actions = arrange(columns.account, columns.object, columns.at_ms, columns.kind, accounts=len(columns.accounts))
    pairs = count_pairs(actions, parameters.window_ms, parameters.min_objects, threads=threads)
    if parameters.fdr is None:
        null_test = timing = None
        cluster_of = core = components(actions.accounts, pairs.first, pairs.second)
    else:
        stage("learning")
        since_ms = post_began(columns)
        timing = fit_timing(
            actions, parameters.window_ms, columns.published_ms, since_ms=since_ms, seed=parameters.seed
        )
        stage("testing")
        null_test, timing = _tested_by_null_model(actions, pairs, timing, parameters, threads)
        stage("clustering")
        cluster_of, core = _tested_clusters(actions, pairs, null_test, timing, parameters, threads)
    if known:
        cluster_of = not_known(cluster_of, known)
    stage("describing")
    clusters = describe(actions, pairs, cluster_of, core, parameters.window_ms)
    return Search(columns, actions, pairs, null_test, clusters, timing)


def clusters_of_some(found: Search, kept: Mask, parameters: Parameters, *, threads: int | None = None) -> Ints:
    """The cluster number of each account, had only these pairs reached the count; 0 for none.

    What the others have passed then makes the correction no milder.
    """
    pairs = found.pairs.taken(np.flatnonzero(kept))
    if found.null_test is None or found.timing is None:
        return components(found.actions.accounts, pairs.first, pairs.second)
    assert parameters.fdr is not None
    tested = found.null_test
    log10_p = tested.log10_p[kept]
    q = 10.0 ** benjamini_hochberg(log10_p, max(tested.tests.number, len(pairs)))
    columns = (tested.opportunities[kept], tested.expected[kept], log10_p, q, q <= parameters.fdr)
    among = NullTest(*columns, tested.coarse_ms, tested.tests)
    return _tested_clusters(found.actions, pairs, among, found.timing, parameters, threads)[0]


def post_began(columns: InteractionColumns) -> Longs | None:
    """When each action's post was published, or else first acted on, in the order of `arrange`.

    None where objects are posts. People answer a new post, whatever counts as the object, so an action is as old as
    its post.
    """
    if columns.post is None:
        return None
    since: Longs = began_ms(columns)[by_object_and_time(columns.object, columns.at_ms)[0]]
    return since


def _tested_by_null_model(
    actions: Actions, pairs: Pairs, timing: Timing, asked: Parameters, threads: int | None
) -> tuple[NullTest, Timing]:
    """What the test says of the pairs; and the timing, in which those who stand out are no measure of each other."""
    assert asked.fdr is not None
    tested = chance_of(actions, pairs, timing, min_objects=asked.min_objects, threads=threads)
    tests = count_tests(actions, timing.coarse_ms, asked.min_objects, seed=asked.seed, threads=threads)
    number = max(tests.number, len(pairs))
    if timing.drawn:
        timing, tested = without_companions(
            actions,
            pairs,
            timing,
            tested,
            tested.log10_p <= largest(number, by_chance=_COMPANY),
            min_objects=asked.min_objects,
            threads=threads,
        )
    q = 10.0 ** benjamini_hochberg(tested.log10_p, number)
    coordinated = q <= asked.fdr
    columns = (tested.opportunities, tested.expected, tested.log10_p, q, coordinated)
    return NullTest(*columns, timing.coarse_ms, tests), timing


def _tested_clusters(
    actions: Actions, pairs: Pairs, null_test: NullTest, timing: Timing, asked: Parameters, threads: int | None
) -> tuple[Ints, Ints]:
    """The cluster number of each account after and before expansion.

    Seeds and expansion take an object for one opportunity of each account and burst; where accounts act on one object
    many times that does not hold: clusters are those of coordinated pairs, and nothing is expanded.
    """
    assert asked.fdr is not None
    tying = null_test.coordinated
    if asked.scope.repeats:
        core = tight_communities(
            actions.accounts, pairs.first[tying], pairs.second[tying], -null_test.log10_p[tying], seed=asked.seed
        )
        return core, core
    number = max(null_test.tests.number, len(pairs))
    rule = Rule(timing, asked.min_objects, asked.fdr, threads)
    core = seeded_clusters(actions, pairs, null_test.log10_p, tying, number, rule, seed=asked.seed)
    grown = with_pairs(expand(actions, core, rule), pairs)
    return renumbered(np.where(grown > 0, grown, -1)), core
