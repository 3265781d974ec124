"""A whole run: all kinds of interaction together, each kind alone, and the same at other windows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from graphwatch.common.clock import DAY_MS
from graphwatch.detection.bicm import shared_interest
from graphwatch.detection.bursts import Acts, Bursts, Evidence, acts_of, find_bursts, gather
from graphwatch.detection.clocks import coarse_clocks, with_fine_clocks
from graphwatch.detection.clusters import (
    Clusters,
    Mask,
    components,
    describe,
    not_known,
    renumbered,
    tight_communities,
    with_pairs,
)
from graphwatch.detection.counting import Actions, Ints, Longs, Pairs, Reals, arrange, count_pairs
from graphwatch.detection.counting_kernels import by_object_and_time
from graphwatch.detection.course import leg, stage
from graphwatch.detection.enrichment import Context, Enrichment, enrich
from graphwatch.detection.group_test import Rule, expand
from graphwatch.detection.hypothesis_tests import Tests, benjamini_hochberg, count_tests
from graphwatch.detection.lags import Lags
from graphwatch.detection.null_model import (
    EVER_MS,
    LONGEST_TESTED_MS,
    Timing,
    chance_of,
    fit_timing,
    has_spikes,
    is_drawn,
    without_companions,
)
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.seeds import largest, seeded_clusters
from graphwatch.model.scope import ALL, WINDOWS
from graphwatch.model.tables import InteractionColumns, LeftOut

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
class BicmTest:
    """What the second test says of each pair: did both pick the same objects beyond what their activity explains?"""

    expected: Reals
    log10_p: Reals
    q: Reals
    passed: Mask


@dataclass(frozen=True, slots=True)
class Found:
    """What one layer of a run found; codes of accounts, objects and posts are positions in their ids.

    `kinds` are the kinds of act that bits and codes mean; `object` says what objects are.
    `posts` are `objects` where the run took posts for objects; `acts` are what the bursts are made of. `null_test` and
    `bicm_test` are None where nothing was tested.
    """

    run: str
    layer: str
    parameters: Parameters
    version: str
    fingerprint: str
    accounts: pa.StringArray
    objects: pa.StringArray
    posts: pa.StringArray
    pairs: Pairs
    null_test: NullTest | None
    bicm_test: BicmTest | None
    clusters: Clusters
    bursts: Bursts
    acts: Acts
    evidence: Evidence
    enrichment: Enrichment
    denominators: dict[str, int]
    kinds: tuple[str, ...]
    object: str

    @property
    def coarse_ms(self) -> int | None:
        """The window of an opportunity; None where it is any time, or nothing was tested."""
        return None if self.null_test is None or self.null_test.coarse_ms == EVER_MS else self.null_test.coarse_ms


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
        since_ms = _post_began(columns)
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


def detect(
    columns: InteractionColumns,
    parameters: Parameters,
    *,
    run: str,
    data: str,
    version: str,
    layer: str = ALL,
    known: Sequence[Clusters] = (),
    context: Context | None = None,
    threads: int | None = None,
) -> Found:
    """Search one layer, and test for shared interest where asked to; `run` and `data` come from `identify`.

    Args:
        layer: all, a kind of interaction, or the name of another window, which is then searched.
        known: clusters that are not told once more.
    """
    leg(layer)
    columns = columns.only(layer) if layer in columns.kinds else columns
    asked = replace(parameters, window_ms=WINDOWS.get(layer, parameters.window_ms), fdr=parameters.rate)
    found = search(columns, asked, known=known, threads=threads)
    bursts = find_bursts(found.actions, found.clusters.member, found.clusters.of, asked.window_ms)
    bicm_test = None if asked.fdr is None else _tested_by_bicm(found.actions, found.pairs, asked.fdr, threads)
    return Found(
        run=run,
        layer=layer,
        parameters=parameters,
        version=version,
        fingerprint=data,
        accounts=columns.accounts,
        objects=columns.objects,
        posts=columns.post_ids,
        pairs=found.pairs,
        null_test=found.null_test,
        bicm_test=bicm_test,
        clusters=found.clusters,
        bursts=bursts,
        acts=acts_of(bursts, found.actions, _post_of_action(found.columns, found.actions)),
        evidence=_evidence(found, bursts),
        enrichment=enrich(found.actions, found.clusters.member, found.clusters.of, context or Context()),
        denominators=_denominators(found, found.columns.left_out),
        kinds=parameters.scope.kinds,
        object=parameters.scope.object,
    )


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
    since: Longs = began[columns.post][by_object_and_time(columns.object, columns.at_ms)[0]]
    return since


def _post_of_action(columns: InteractionColumns, actions: Actions) -> Ints:
    """The code of each action's post, in the order of `arrange`."""
    if columns.post is None:
        return actions.object
    post: Ints = columns.post[by_object_and_time(columns.object, columns.at_ms)[0]]
    return post


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


def _tested_by_bicm(actions: Actions, pairs: Pairs, fdr: float, threads: int | None) -> BicmTest:
    tested = shared_interest(actions, pairs.first, pairs.second, pairs.shared, threads=threads)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tested.tests, len(pairs)))
    return BicmTest(tested.expected, tested.log10_p, q, q <= fdr)


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


def _evidence(found: Search, bursts: Bursts) -> Evidence:
    null_test = found.null_test
    tested = None if null_test is None else (null_test.opportunities, null_test.expected, null_test.q)
    return gather(found.actions, found.pairs, found.clusters, bursts, tested)


def _denominators(found: Search, left_out: LeftOut) -> dict[str, int]:
    """What the findings are out of."""
    actions = found.actions
    return {
        "interactions": len(actions.account),
        **asdict(left_out),
        "accounts": int(np.count_nonzero(np.diff(actions.start))),
        "objects": int(np.count_nonzero(actions.object[1:] != actions.object[:-1])) + bool(len(actions.object)),
        "visited_pairs": found.pairs.visited,
        "pairs": len(found.pairs),
        "clusters": len(found.clusters),
        **({} if found.null_test is None else {"coordinated": int(found.null_test.coordinated.sum())}),
    }


@dataclass(frozen=True, slots=True)
class AtWindow:
    """What a search at another window finds: pairs, those beyond chance, clusters, and accounts in clusters.

    `coordinated` is None where nothing was tested.
    """

    window_ms: int
    pairs: int
    coordinated: int | None
    clusters: int
    accounts: int

    def as_dict(self) -> dict[str, int | None]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ran:
    """A run: what each layer found, all kinds together first, how that changes with the window, and regular lags.

    `lags` is None where none was looked for, or none can be known.
    """

    layers: tuple[Found, ...]
    sensitivity: tuple[AtWindow, ...]
    lags: Lags | None = None

    @property
    def whole(self) -> Found:
        """All kinds of interaction together."""
        return self.layers[0]


def run_question(
    columns: InteractionColumns,
    parameters: Parameters,
    *,
    run: str,
    data: str,
    version: str,
    context: Context | None = None,
    threads: int | None = None,
    columns_at: Callable[[int], InteractionColumns] | None = None,
) -> Ran:
    """Ask everything that the parameters ask; `run` and `data` come from `identify`.

    Args:
        columns_at: the interactions whose times are known precisely enough for another window; the same when left out.
    """
    layers = tuple(
        detect(columns, parameters, run=run, data=data, version=version, layer=layer, context=context, threads=threads)
        for layer in layers_of(columns, parameters)
    )
    at = columns_at or (lambda _: columns)
    for name in timed_windows(parameters):
        seen = at(WINDOWS[name])
        if len(seen.account):
            known = [found.clusters for found in layers if found.layer not in columns.kinds]
            found = detect(
                seen,
                parameters,
                run=run,
                data=data,
                version=version,
                layer=name,
                known=known,
                context=context,
                threads=threads,
            )
            layers += (found,)
    windows = other_windows(parameters.window_ms) if parameters.sensitivity else ()
    if parameters.fdr is not None:
        windows = tuple(w for w in windows if is_drawn(w) == is_drawn(parameters.window_ms) and w <= LONGEST_TESTED_MS)
    return Ran(layers, tuple(_at_window(at(w), parameters, w, threads) for w in windows))


def adapted(columns: InteractionColumns, parameters: Parameters) -> str:
    """What in the data makes the test another than usual, as a part of the run's id; empty where nothing does."""
    if parameters.fdr is None:
        return ""
    windows = [parameters.window_ms, *(WINDOWS[name] for name in timed_windows(parameters))]
    found = ["coarse clocks" for window in windows if coarse_clocks(columns, window).any()]
    actions = arrange(columns.account, columns.object, columns.at_ms, columns.kind, accounts=len(columns.accounts))
    since = _post_began(columns)
    found += ["pushes" for window in windows if has_spikes(actions, window, columns.published_ms, since)]
    return ", ".join(found)


def timed_windows(parameters: Parameters) -> list[str]:
    """The names of the further windows within which times are compared; days are compared by the calendar."""
    return [name for name, window in WINDOWS.items() if window in parameters.windows and window <= LONGEST_TESTED_MS]


def layers_of(columns: InteractionColumns, parameters: Parameters) -> list[str]:
    """The layers that are looked at; where there is one kind only, it is no other layer than all."""
    present = [columns.kinds[code] for code in np.unique(columns.kind)]
    return [ALL, *present] if parameters.layers and len(present) > 1 else [ALL]


def other_windows(window_ms: int) -> tuple[int, ...]:
    """Half the window and twice the window, as far as they are windows.

    >>> other_windows(60_000), other_windows(0)
    ((30000, 120000), ())
    """
    return tuple(w for w in (window_ms // 2, 2 * window_ms) if 0 < w <= DAY_MS)


def _at_window(columns: InteractionColumns, parameters: Parameters, window_ms: int, threads: int | None) -> AtWindow:
    if not len(columns.account):  # no time is known that precisely
        return AtWindow(window_ms, 0, None if parameters.fdr is None else 0, 0, 0)
    leg(str(window_ms))
    found = search(columns, replace(parameters, window_ms=window_ms, fdr=parameters.rate), threads=threads)
    coordinated = None if found.null_test is None else int(found.null_test.coordinated.sum())
    return AtWindow(window_ms, len(found.pairs), coordinated, len(found.clusters), len(found.clusters.member))
