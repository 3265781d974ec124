"""Ages of acts: how long after its post was published each was done, in bins, and ages at which many act together."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from graphwatch.detection.chance import opportunity_kernels as opportunities
from graphwatch.detection.counting import kernels
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask
from graphwatch.model.tables import InteractionColumns

_DECADES: Final = 10
BINS_A_DECADE: Final = 4
# Around an age at which so many accounts act together, with so many others, on so many posts.
_FINE_BINS_A_DECADE: Final = 12
_BY_ACCOUNTS: Final = 20
_TOGETHER: Final = 10
_ON_POSTS: Final = 5


@cache
def age_bounds(a_decade: int) -> Longs:
    """The least age in milliseconds of each bin: so many a decade of seconds, ages below a second in the first bin."""
    bounds = np.ceil(1000 * 10 ** (np.arange(_DECADES * a_decade) / a_decade)).astype(np.int64)
    bounds[0] = 0
    return bounds


@dataclass(frozen=True, slots=True)
class Ages:
    """The bin of age of each action, and how many bins there are; the first ones, as many as `crowded`, are crowded.

    Crowded is an age at which publication, or a message about it, makes many act at once; `pushed` are the bins in
    which it is a message.
    """

    bin: Ints
    bins: int
    crowded: int
    pushed: Ints


def began_ms(columns: InteractionColumns) -> Longs:
    """For each interaction when its post was published, or first acted on where that is unknown."""
    post = columns.post_of_row
    first = np.full(len(columns.published_ms), np.iinfo(np.int64).max)
    np.minimum.at(first, post, columns.at_ms)
    began: Longs = np.where(columns.published_ms >= 0, columns.published_ms, first)[post]
    return began


def ages_of(actions: Actions, window_ms: int, coarse: int, since: tuple[Longs, Longs]) -> Ages:
    """Four bins a decade; those are crowded in which a post is young, and ages at which many always act together."""
    bounds = age_bounds(BINS_A_DECADE)
    grown_up = int(np.searchsorted(bounds, coarse, side="right")) - 1
    spikes = spiked_ages(actions, window_ms, int(bounds[grown_up]), since)
    fine = age_bounds(_FINE_BINS_A_DECADE)
    bounds = np.unique(np.concatenate([bounds, fine[spikes], fine[spikes + 1]]))
    crowded = (np.arange(len(bounds)) < np.searchsorted(bounds, coarse, side="right") - 1) & (bounds < coarse)
    pushed = np.isin(np.searchsorted(fine, bounds, side="right") - 1, spikes)
    crowded |= pushed
    bin = opportunities.age_bins(actions.object, actions.at_ms, *since, bounds)
    code = np.empty(len(bounds), np.int32)
    code[np.argsort(~crowded, kind="stable")] = np.arange(len(bounds), dtype=np.int32)
    return Ages(code[bin], len(bounds), int(crowded.sum()), code[pushed])


def spiked_ages(actions: Actions, window_ms: int, least_ms: int, since: tuple[Longs, Longs]) -> Longs:
    """The fine bins of age, twelve a decade, in which twenty accounts or more act together on five posts or more.

    Together is with ten others within the window. So it is where a publisher sends a push two hours after each post.

    Args:
        least_ms: younger than this every age is crowded.
    """
    low, high = kernels.windows(actions.object, actions.at_ms, window_ms)
    rows = np.flatnonzero(high - low > _TOGETHER)
    if not len(rows):
        return rows
    fine = age_bounds(_FINE_BINS_A_DECADE)
    age = opportunities.age_bins(actions.object, actions.at_ms, *since, fine)[rows].astype(np.int64)
    objects = int(actions.object[-1]) + 1
    late = fine[age] >= least_ms
    acted = np.sort((age * actions.accounts + actions.account[rows])[late] * objects + actions.object[rows][late])
    # Sorted and compared, which numpy's own way to drop what is there twice does not do, and takes ten times as long.
    acted = acted[np.diff(acted, prepend=-1) > 0]
    often, posts = np.unique(acted // objects, return_counts=True)
    spikes, accounts = np.unique(often[posts >= _ON_POSTS] // max(actions.accounts, 1), return_counts=True)
    found: Longs = spikes[(accounts >= _BY_ACCOUNTS) & (spikes + 1 < len(fine))]
    return found


def at_ages(actions: Actions, since: tuple[Longs, Longs], spikes: Longs) -> Mask:
    """Which actions were done at one of these ages, as `spiked_ages` has them."""
    fine = age_bounds(_FINE_BINS_A_DECADE)
    return np.isin(opportunities.age_bins(actions.object, actions.at_ms, *since, fine), spikes)
