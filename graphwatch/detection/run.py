"""A whole run: all kinds of interaction together, each kind alone, and the same at other windows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pyarrow as pa

from graphwatch.common.clock import DAY_MS
from graphwatch.detection.chance.clocks import coarse_clocks
from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.chance.lags import Lags
from graphwatch.detection.chance.null_model import EVER_MS, LONGEST_TESTED_MS, has_spikes, is_drawn
from graphwatch.detection.counting.kernels import by_object_and_time
from graphwatch.detection.counting.pairs import Actions, Ints, Mask, Pairs, Reals, arrange
from graphwatch.detection.course import leg
from graphwatch.detection.families.bicm import shared_interest
from graphwatch.detection.groups.bursts import Acts, Bursts, Evidence, acts_of, find_bursts, gather
from graphwatch.detection.groups.clusters import Clusters
from graphwatch.detection.groups.enrichment import Context, Enrichment, enrich
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.search import NullTest, Search, post_began, search
from graphwatch.model.scope import ALL, WINDOWS
from graphwatch.model.tables import InteractionColumns, LeftOut


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


def _post_of_action(columns: InteractionColumns, actions: Actions) -> Ints:
    """The code of each action's post, in the order of `arrange`."""
    if columns.post is None:
        return actions.object
    post: Ints = columns.post[by_object_and_time(columns.object, columns.at_ms)[0]]
    return post


def _tested_by_bicm(actions: Actions, pairs: Pairs, fdr: float, threads: int | None) -> BicmTest:
    tested = shared_interest(actions, pairs.first, pairs.second, pairs.shared, threads=threads)
    q = 10.0 ** benjamini_hochberg(tested.log10_p, max(tested.tests, len(pairs)))
    return BicmTest(tested.expected, tested.log10_p, q, q <= fdr)


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
    since = post_began(columns)
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
