"""The rules that the detection benchmark puts side by side: each flags pairs of accounts, and clusters of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.scenarios import KINDS, Scenario, columns
from graphwatch.detection.counting.pairs import arrange, count_pairs
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.peers.coortweet import coortweet_edges
from graphwatch.detection.peers.toolkit import toolkit_edges
from graphwatch.detection.search import Search, search
from graphwatch.model.scope import Scope

MIN_OBJECTS: Final = 3
FDR: Final = 0.05
_SMALLEST_CLUSTER: Final = 3


@dataclass(frozen=True, slots=True)
class Flagged:
    """Codes of the accounts of each flagged pair, and of all members of clusters."""

    first: np.ndarray
    second: np.ndarray
    members: np.ndarray


Rule = Callable[[Scenario, int], Flagged]


def searched(scenario: Scenario, window_ms: int) -> Search:
    """What a run with this window alone finds."""
    return search(columns(scenario), Parameters(window_ms, MIN_OBJECTS, Scope(KINDS), fdr=FDR))


def graphwatch(scenario: Scenario, window_ms: int) -> Flagged:
    """Pairs and clusters beyond chance."""
    found = searched(scenario, window_ms)
    assert found.null_test is not None
    beyond = found.null_test.coordinated
    return Flagged(found.pairs.first[beyond], found.pairs.second[beyond], found.clusters.member)


def at_least(scenario: Scenario, window_ms: int) -> Flagged:
    """The threshold set by hand: pairs with so many posts in common within the window."""
    acts = scenario.acts
    actions = arrange(acts.account, acts.object, acts.at_ms, acts.kind, accounts=scenario.accounts)
    pairs = count_pairs(actions, window_ms, MIN_OBJECTS)
    return _components(scenario, pairs.first, pairs.second)


def coortweet(scenario: Scenario, window_ms: int) -> Flagged:
    """CooRTweet as its manual has it: two participations, edges above the median weight."""
    edges = coortweet_edges(_rows(scenario), window_ms / 1000, min_participation=2, edge_weight=0.5)
    heavy = edges.filter(pc.equal(edges["weight_threshold"], 1))
    return _components(scenario, _codes(heavy["from"]), _codes(heavy["to"]))


def toolkit_of(min_weight: int) -> Rule:
    """The Coordination Network Toolkit with that minimum weight; an edge in either direction flags the pair."""

    def toolkit(scenario: Scenario, window_ms: int) -> Flagged:
        edges = toolkit_edges(_rows(scenario), window_ms / 1000, min_weight)
        ends = np.sort(np.stack([_codes(edges["user_1"]), _codes(edges["user_2"])]), axis=0)
        distinct = np.unique(ends[:, ends[0] != ends[1]], axis=1)
        return _components(scenario, distinct[0], distinct[1])

    return toolkit


RULES: Final[dict[str, Rule]] = {
    "graphwatch": graphwatch,
    f"n ≥ {MIN_OBJECTS}": at_least,
    "CooRTweet": coortweet,
    "toolkit, weight ≥ 1": toolkit_of(1),
    "toolkit, weight ≥ 2": toolkit_of(2),
}


def _rows(scenario: Scenario) -> pa.Table:
    """The interactions as a file of those tools, each a message of its own; accounts are named by their codes."""
    acts = scenario.acts
    names = pa.array([str(code) for code in range(scenario.accounts)])
    posts = pa.array([f"post-{code}" for code in range(len(scenario.published_ms))])
    return pa.table(
        {
            "account": names.take(pa.array(acts.account)),
            "object": posts.take(pa.array(acts.object)),
            "content": pa.array([f"message-{row}" for row in range(len(acts))]),
            "at_ms": acts.at_ms,
            "kind": pa.array(KINDS).take(pa.array(acts.kind)),
        }
    )


def _codes(names: pa.ChunkedArray) -> np.ndarray:
    codes: np.ndarray = names.cast(pa.int32()).to_numpy()
    return codes


def _components(scenario: Scenario, first: np.ndarray, second: np.ndarray) -> Flagged:
    """Clusters as the peers' users take them: connected accounts, three or more."""
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(scenario.accounts, scenario.accounts))
    component = connected_components(graph, directed=False)[1]
    return Flagged(first, second, np.flatnonzero(np.bincount(component)[component] >= _SMALLEST_CLUSTER))
