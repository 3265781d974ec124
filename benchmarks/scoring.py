"""How good is what a rule flags, given what was planted; and how calibrated is the test, given that nothing was."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from benchmarks.rules import MIN_OBJECTS, Flagged
from benchmarks.scenarios import Scenario, columns
from graphwatch.detection.chance.clocks import with_fine_clocks
from graphwatch.detection.chance.hypothesis_tests import count_tests
from graphwatch.detection.chance.null_model import chance_of, fit_timing
from graphwatch.detection.counting.pairs import arrange, count_pairs

LEVELS = (0.05, 0.01, 0.001)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares: `right` of what was flagged was planted (NaN where nothing was flagged), `found` of what was planted."""

    pairs_right: float
    pairs_found: float
    accounts_right: float
    accounts_found: float


def score(scenario: Scenario, flagged: Flagged) -> Score:
    """A pair is right where both are of one planted group; an account in a cluster where it is of any."""
    group = np.zeros(scenario.accounts, int)
    for number, members in enumerate(scenario.truth, 1):
        group[members] = number
    together = int(((group[flagged.first] == group[flagged.second]) & (group[flagged.first] > 0)).sum())
    pairs = sum(len(m) * (len(m) - 1) // 2 for m in scenario.truth)
    right = int((group[flagged.members] > 0).sum())
    return Score(
        _share(together, len(flagged.first)),
        _share(together, pairs),
        _share(right, len(flagged.members)),
        _share(right, int((group > 0).sum())),
    )


def mean(scores: Sequence[Score]) -> Score:
    """The mean of each share; of what was right over those where anything was flagged."""
    shares = np.ma.masked_invalid([astuple(s) for s in scores])
    return Score(*shares.mean(axis=0).filled(np.nan).tolist())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Pairs that were tested, and how many of them had p at most each of `LEVELS`."""

    tests: int
    below: tuple[int, ...]


def calibration(scenario: Scenario, window_ms: int) -> Calibration:
    """Over all pairs with at least `MIN_OBJECTS` opportunities; those that never met have p = 1 and need no test.

    Like a run, it leaves out clocks that show less than the window, which is one that is tested by the ages of posts.
    """
    seen = with_fine_clocks(columns(scenario), window_ms)
    actions = arrange(seen.account, seen.object, seen.at_ms, seen.kind, accounts=scenario.accounts)
    timing = fit_timing(actions, window_ms, scenario.published_ms)
    tested = chance_of(actions, count_pairs(actions, window_ms, 1), timing)
    number = count_tests(actions, timing.coarse_ms, MIN_OBJECTS).number
    log10_p = tested.log10_p[tested.opportunities >= MIN_OBJECTS]
    return Calibration(number, tuple(int((log10_p <= np.log10(level)).sum()) for level in LEVELS))
