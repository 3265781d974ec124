"""The page of the detection benchmark, in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from benchmarks.scoring import LEVELS, Calibration, Score


@dataclass(frozen=True, slots=True)
class Quiet:
    """One data set with nothing planted: was there any cluster, by the test and by the threshold?"""

    interactions: int
    calibration: Calibration
    clustered: bool
    clustered_by_threshold: bool


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A row of the first table. Interactions and tests are means over data sets, `shares` are of all their pairs."""

    habit: str
    window_s: int
    interactions: float
    tests: float
    shares: tuple[float, ...]
    clustered: int
    clustered_by_threshold: int


def calibrated(habit: str, window_s: int, seen: Sequence[Quiet]) -> Calibrated:
    """A row of the first table from the data sets of all seeds."""
    tests = sum(q.calibration.tests for q in seen)
    below = zip(*(q.calibration.below for q in seen), strict=True)
    return Calibrated(
        habit,
        window_s,
        sum(q.interactions for q in seen) / len(seen),
        tests / len(seen),
        tuple(sum(counts) / max(tests, 1) for counts in below),
        sum(q.clustered for q in seen),
        sum(q.clustered_by_threshold for q in seen),
    )


@dataclass(frozen=True, slots=True)
class Powerful:
    """A row of the second table: groups planted. Means over seeds."""

    variant: str
    window_s: int
    rule: str
    score: Score
    seconds: float


@dataclass(frozen=True, slots=True)
class Agreed:
    """One data set of texts or likes without a time: any cluster, and the shares of accounts right and found."""

    clustered: bool
    right: float
    found: float


_HEAD: Final = """# How well detection works

<!-- Written by `python -m benchmarks.detection`; edit benchmarks/page.py. -->

Data are synthetic and seeded (`benchmarks/scenarios`), so what is right is known: 4,000 accounts, 800 posts in 60
days, 50 to 90 thousand interactions, {seeds} data sets a row. The audience has five habits: it follows a few pages
and acts on their posts hours later, some of it weeks later (page fans); one follower in ten has notifications on and
acts on most posts within minutes of publication; it sleeps and wakes in Asia/Jakarta; one post in 32 draws hundreds
or thousands within minutes, long after publication (viral cascades); and a few accounts act far more than the rest.

Every figure below comes from one run of the benchmark, {seconds:.0f} s of processor time a seed. Few data sets leave
a row uncertain: none of {seeds} is compatible with one in {most}.
"""
_QUIET: Final = """
## Nothing planted

Whatever is reported here is false. `p ≤ α` is the share of pairs with p at most α among all pairs with at least 3
opportunities; a calibrated test has at most α. The last two columns count the data
sets in which any cluster was reported, by graphwatch (fdr 0.05) and by the threshold n ≥ 3.

The last lines are honest people whose opportunities hang together (3,000 accounts): they open an app over lunch and
like the newest posts, one each 8 s (feed sessions); they follow one of two camps whose pages post three times at
07:00, and go through the three after getting up (posts at 07:00); they comment some thirteen times while they watch a
stream (live chats); they comment again within minutes (threads). A few accounts and posts have most interactions
(heavy tails); one post has a third of all interactions while one account is everywhere; five debate nights;
colleagues who like most posts of their office.

In three lines the times themselves mislead. One account in four has a clock of whole hours among others that are finer
(clocks of hours): it is left out where that is more than half of the window. The same 240 people answer a push, which
the publisher sends two hours after publication, within 45 s, all at once or in three waves: ages at which so many
always answer say nothing of anybody.

Windows of 15 minutes and an hour are judged by `python -m benchmarks.windows`, whose figures are in
[several windows](adr/0046-several-windows.md).
"""
_PLANTED: Final = """
## Groups planted

Six groups of 5 to 20 accounts, each acting together on 6 to 15 posts hours after publication, each member joining 70
% of the time; the members have their ordinary activity besides. The times of a burst are normal with a standard
deviation of 30 s (campaign), 5 s (tight) or 60 s (loose). In `rotating` each burst is the work of a random half of
the group; in `pure` members do nothing else. In the last rows they act within the first minutes of a post, when
everybody does, or spread over five minutes, which are looked for within 60 s and within 900 s.

"Right": of what was reported, the share that was planted. "Found": of what was planted, the share that was reported.
A planted pair is any two members of one group, whether they ever met or not. graphwatch's clusters are those of its
test at fdr 0.05; the peers' are connected components of three or more. CooRTweet: min_participation 2, edges above
the 0.5 quantile of the weights. Toolkit: an edge in either direction.
"""
_AGREEING: Final = """
## Texts, and likes without a time

3,000 accounts; likes of the posts of 16 pages in nine weeks, and 30,000 comments
(`benchmarks/scenarios/agreeing.py`). In the first lines nothing is planted: followers of pages, who have tastes, like
in sessions, or come and go; people who copy what stands above, have blessings of their own, answer what a post asks
for, or shout the slogans of their camp. Then six groups of 5 to 20 accounts like the same posts, or of five write the
same texts. Each is tested at half of a rate of 0.05.
"""


def page(
    quiet: Iterable[Calibrated],
    planted: Iterable[Powerful],
    agreeing: Mapping[str, Sequence[Agreed]],
    seeds: int,
    seconds: float,
) -> str:
    """The whole page."""
    head = ("habit", "window", "interactions", "pairs tested", *(f"p ≤ {level}" for level in LEVELS))
    of_quiet = [
        (
            row.habit,
            f"{row.window_s} s",
            f"{row.interactions:,.0f}",
            f"{row.tests:,.0f}",
            *(f"{share:.3%}" for share in row.shares),
            f"{row.clustered} of {seeds}",
            f"{row.clustered_by_threshold} of {seeds}",
        )
        for row in quiet
    ]
    of_planted = [
        (
            row.variant,
            f"{row.window_s} s",
            row.rule,
            f"{_percent(row.score.pairs_right)} / {_percent(row.score.pairs_found)}",
            f"{_percent(row.score.accounts_right)} / {_percent(row.score.accounts_found)}",
            f"{row.seconds:.2f}",
        )
        for row in planted
    ]
    columns = ("variant", "window", "rule", "pairs right / found", "accounts in clusters right / found", "seconds")
    return "".join(
        (
            _HEAD.format(seeds=seeds, seconds=seconds, most=max(2, round(1 / (1 - 0.05 ** (1 / seeds))))),
            _QUIET,
            _table((*head, "clusters", "clusters at n ≥ 3"), of_quiet),
            _PLANTED,
            _table(columns, of_planted),
            _AGREEING,
            _table(("what", "a cluster", "accounts right / found"), map(_agreed, agreeing, agreeing.values())),
        )
    )


def _agreed(line: str, seen: Sequence[Agreed]) -> tuple[str, str, str]:
    right, found = (
        [share for share in (getattr(each, name) for each in seen) if not isnan(share)] for name in ("right", "found")
    )
    shares = (_percent(sum(of) / len(of)) if of else "–" for of in (right, found))
    return line, f"{sum(each.clustered for each in seen)} of {len(seen)}", " / ".join(shares)


def _percent(share: float) -> str:
    return "–" if isnan(share) else f"{share:.1%}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
