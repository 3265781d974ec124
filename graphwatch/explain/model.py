"""What a reviewer is told about a pair or a cluster, before any of it is put in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Reading = Literal["together", "both", "interest", "neither", "untested"]


@dataclass(frozen=True, slots=True)
class Question:
    """What the run was asked, of which data.

    `object` is what counts as the object: post, page, link or hashtag. `observed` and `coarse` count interactions
    that were left out because their time is when somebody looked, or is known less precisely than the window. `fdr`,
    `coarse_s` and `tests` are None where nothing was tested, `coarse_s` also where any two acts with one object were
    an opportunity. `days` says that together is what happened on one calendar day. `changed` says that the store no
    longer holds what the run saw; `others` is how many other questions were put to the same data.
    """

    run: str
    object: str
    window_s: float
    coarse_s: float | None
    min_objects: int
    fdr: float | None
    tests: int | None
    interactions: int
    observed: int
    coarse: int
    accounts: int
    objects: int
    changed: bool
    others: int = 0
    days: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """An account; `entered` is core or grown, None in a pair."""

    account: str
    handle: str | None
    entered: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One interaction in a burst."""

    account: str
    kind: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Burst:
    """Two or more members' interactions with one post, each within the window of the next.

    Attributes:
        object: id of the post, or of the page, link or hashtag where that is what the run looked at.
        url, text, page: what is known of it.
        published_ms: of the post that was acted on first; None where unknown.
        members, most: members who took part, and those within any one window.
    """

    object: str
    url: str | None
    text: str | None
    page: str | None
    published_ms: int | None
    members: int
    most: int
    acts: tuple[Act, ...]

    @property
    def first_ms(self) -> int:
        return self.acts[0].at_ms

    @property
    def span_s(self) -> float:
        """Seconds from the first to the last interaction."""
        return (self.acts[-1].at_ms - self.first_ms) / 1000

    @property
    def age_s(self) -> float | None:
        """Seconds from publication to the first interaction."""
        return None if self.published_ms is None else (self.first_ms - self.published_ms) / 1000


@dataclass(frozen=True, slots=True)
class Use:
    """A member's use of an object of a family: when (None where unknown), on which post, in which words."""

    account: str
    handle: str | None
    kind: str
    at_ms: int | None
    post: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What two or more members of a cluster of a family used: the same text, link or post, and how each used it.

    `members` is how many did. `object` is the link, the id of the post, or the number of the text in its run.
    """

    object: str
    url: str | None
    members: int
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class FamilyEvidence:
    """What one family of evidence shows between the accounts of a lead, beside what it could show.

    Attributes:
        family: acts within the window (`acts`), text, link or untimed.
        doers: how many of the accounts have anything of this family.
        pairs: pairs of them in the run: of acts, those that reached the count; else those that agree beyond chance, or
            are in a cluster of the family.
        n, expected: objects in common, added up over these pairs, and what chance explains of them.
        q, log10_p: smallest of these pairs; None where there is none.
        coordinated: pairs beyond chance.
        accounts, objects: out of how many the run looked.
    """

    family: str
    doers: int
    pairs: int
    n: int
    expected: float
    q: float | None
    log10_p: float | None
    coordinated: int
    accounts: int
    objects: int


@dataclass(frozen=True, slots=True)
class Ties:
    """The pair, or the pairs that tie a cluster, taken together; what was not tested is None.

    Attributes:
        pairs: how many.
        n, opportunities, expected: co-interactions, of how many opportunities, and what chance explains of them.
        q, q_median: smallest and median q.
        median_gap_s: of the pair; of a cluster the median over its pairs.
        coordinated: pairs beyond chance.
        shared, shared_expected: posts in common at any time, and what activity explains of them.
        interested: pairs with more posts in common than activity explains.
    """

    pairs: int
    n: int
    median_gap_s: float
    shared: int
    opportunities: int | None = None
    expected: float | None = None
    q: float | None = None
    q_median: float | None = None
    coordinated: int | None = None
    shared_expected: float | None = None
    interested: int | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """When, and how closely, members acted together.

    Attributes:
        interactions: timed interactions of the members.
        burst_share: share of these that are in bursts.
        days: days in WIB on which a burst began.
        hours: interactions in bursts by hour of the day in WIB.
        half_time_s, half_objects: median over posts of the shortest time that covers half of the members, and on how
            many posts half of them acted; None in a pair.
    """

    interactions: int
    burst_share: float
    days: int
    hours: tuple[int, ...]
    half_time_s: float | None = None
    half_objects: int | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency at which members work, beside what a random cluster of this size would have; of a pair, nothing."""

    id: str
    name: str | None
    n: int
    expected: float | None
    q: float | None


@dataclass(frozen=True, slots=True)
class OnRoster:
    """Members with a link to the roster in force; `active` is their number among all active accounts.

    In a pair nothing is expected or tested.
    """

    n: int
    verified: int
    confirmed: int
    self_declared: int
    duty: int
    active: int
    expected: float | None
    q: float | None
    agencies: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A page or paslon on whose posts members acted, beside the share that others of like activity have."""

    kind: str
    id: str
    name: str | None
    interactions: int
    share: float
    expected: float
    q: float


@dataclass(frozen=True, slots=True)
class Innocent:
    """An explanation without coordination that this evidence suggests; `text` is a key of the catalogue of texts."""

    text: str
    values: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is said about one lead.

    Attributes:
        kind: pair or cluster.
        id: id of the cluster, or of the pair's relation.
        number: of a cluster in its run; None for a pair.
        reading: what the answers of the two tests mean together.
        bursts: in order of time.
        roster: None where none was loaded when the run was made.
        targets: None where no page with posts was loaded, and for a pair, of whom it is never asked.
        innocent: what to rule out first, the likeliest first.
        family: text, link or untimed where that is what the accounts agree on; None for acts within the window.
        agreed: then what they agree on, that of most members first.
        families: what each family that the run tested shows between these accounts; none where nothing was tested.
        untested: families that it did not look at, or of which there was too little.
    """

    kind: Literal["pair", "cluster"]
    id: str
    number: int | None
    question: Question
    members: tuple[Member, ...]
    ties: Ties
    reading: Reading
    pace: Pace
    bursts: tuple[Burst, ...]
    roster: OnRoster | None
    targets: tuple[Target, ...] | None
    innocent: tuple[Innocent, ...]
    family: str | None = None
    agreed: tuple[Agreed, ...] = ()
    families: tuple[FamilyEvidence, ...] = ()
    untested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LagAct:
    """An act so long after publication: of which kind, when, on which post, and when that was published."""

    kind: str
    at_ms: int
    post: str
    url: str | None
    published_ms: int
    page: str | None


@dataclass(frozen=True, slots=True)
class RegularLag:
    """All that is said about an account that acts always so long after publication.

    Attributes:
        kind: lag.
        id, handle: of the account.
        posts: posts on which its lag was in the window; those published within five minutes of each other are one.
        near, known: posts with a lag from a third to three times that long, and with any of up to an hour.
        window_s: shortest and longest lag in the window, seconds; None where it is withheld, as are `expected` and `q`.
        expected: posts in the window that a regular person, or the twentieth of the others, would have at most.
        q: over all accounts that were tested.
        tested: how many these are.
        acts: in order of time, as the store has them now; none where they are withheld.
        innocent: what to rule out first.
    """

    kind: Literal["lag"]
    id: str
    handle: str | None
    question: Question
    posts: int
    near: int
    known: int
    window_s: tuple[float, float] | None
    expected: float | None
    q: float | None
    tested: int
    acts: tuple[LagAct, ...]
    innocent: tuple[Innocent, ...]
