"""The rules that the detection benchmark puts side by side: each flags pairs of accounts, and clusters of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks import peers
from benchmarks.scenarios import KINDS, Scenario, columns
from graphwatch.detect import Parameters, detect
from graphwatch.detect.counting import arrange, count_pairs
from graphwatch.scope import Scope

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


def graphwatch(scenario: Scenario, window_ms: int) -> Flagged:
    """Pairs and clusters beyond chance."""
    parameters = Parameters(window_ms, MIN_OBJECTS, Scope(KINDS), fdr=FDR)
    found = detect(columns(scenario), parameters, run="R-benchmark", data="", version="")
    assert found.chance is not None
    beyond = found.chance.coordinated
    return Flagged(found.pairs.first[beyond], found.pairs.second[beyond], found.clusters.member)


def at_least(scenario: Scenario, window_ms: int) -> Flagged:
    """The threshold set by hand: pairs with so many posts in common within the window."""
    acts = scenario.acts
    actions = arrange(acts.account, acts.object, acts.at_ms, acts.kind, accounts=scenario.accounts)
    pairs = count_pairs(actions, window_ms, MIN_OBJECTS)
    return _components(scenario, pairs.first, pairs.second)


def coortweet(scenario: Scenario, window_ms: int) -> Flagged:
    """CooRTweet as its manual has it: two participations, edges above the median weight."""
    edges = peers.above_quantile(peers.coortweet(_rows(scenario), window_ms, min_participation=2), 0.5)
    return _components(scenario, edges.first, edges.second)


def toolkit_of(min_weight: int) -> Rule:
    """The Coordination Network Toolkit with that minimum weight; an edge in either direction flags the pair."""

    def toolkit(scenario: Scenario, window_ms: int) -> Flagged:
        edges = peers.toolkit(_rows(scenario), window_ms, min_weight)
        ends = np.unique(np.sort(np.stack([edges.first, edges.second]), axis=0), axis=1)
        return _components(scenario, ends[0], ends[1])

    return toolkit


RULES: Final[dict[str, Rule]] = {
    "graphwatch": graphwatch,
    f"n ≥ {MIN_OBJECTS}": at_least,
    "CooRTweet": coortweet,
    "toolkit, weight ≥ 1": toolkit_of(1),
    "toolkit, weight ≥ 2": toolkit_of(2),
}


def _rows(scenario: Scenario) -> peers.Rows:
    acts = scenario.acts
    return peers.Rows(acts.account, acts.object, acts.at_ms, len(scenario.published_ms) + np.arange(len(acts)))


def _components(scenario: Scenario, first: np.ndarray, second: np.ndarray) -> Flagged:
    """Clusters as the peers' users take them: connected accounts, three or more."""
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(scenario.accounts, scenario.accounts))
    component = connected_components(graph, directed=False)[1]
    return Flagged(first, second, np.flatnonzero(np.bincount(component)[component] >= _SMALLEST_CLUSTER))
