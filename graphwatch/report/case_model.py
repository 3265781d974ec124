"""What a document is made of, as read from a store and, unless opened, already under pseudonyms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from graphwatch.casework.addressees import Addressee
from graphwatch.explain.model import Explanation, RegularLag
from graphwatch.repository.clusters import ClusterOfAccount, ClusterOfRun
from graphwatch.settings import FEWEST


@dataclass(frozen=True, slots=True)
class Cell:
    """How many persons did something, of how many who could have been seen; `n` is None where it is withheld."""

    row: str
    column: str
    n: int | None


def suppressed(cells: Sequence[Cell], whole: int, fewest: int = FEWEST) -> tuple[Cell, ...]:
    """The cells without those that tell of fewer than `fewest` persons, or of all but so few.

    A number is withheld where it is small, and where so few are left of `whole` that it says of nearly everybody what
    they did. Where one number of a row or a column is withheld, the total could give it away: the smallest other number
    above zero of that row or column is withheld too, until there is no such row or column.

    Args:
        cells: numbers of persons; a row and a column have at most one.
        whole: persons who could have been counted in any cell.
        fewest: the least number that is told.

    >>> [c.n for c in suppressed([Cell("LIKED", "all", 3), Cell("SHARED", "all", 9), Cell("COMMENTED", "all", 0)], 40)]
    [None, None, 0]
    """
    kept = {(c.row, c.column): c for c in cells}
    for key, cell in kept.items():
        if cell.n and (cell.n < fewest or whole - cell.n < fewest):
            kept[key] = replace(cell, n=None)
    while alone := _alone(list(kept.values())):
        kept[alone.row, alone.column] = replace(alone, n=None)
    return tuple(kept.values())


def _alone(cells: list[Cell]) -> Cell | None:
    """The smallest number that shares a row or column with a single withheld one."""
    candidates: list[Cell] = []
    for side in ("row", "column"):
        for name in sorted({getattr(cell, side) for cell in cells}):
            line = [cell for cell in cells if getattr(cell, side) == name]
            if sum(cell.n is None for cell in line) == 1:
                candidates += [cell for cell in line if cell.n]
    return min(candidates, key=lambda c: (c.n or 0, c.row, c.column), default=None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One interaction, with the rows of files that supplied it.

    Attributes:
        burst: number of the burst that it belongs to; None outside of any.
        at: as written in the source; None where it has no time.
        text, url: None where withheld or unknown.
        rows: `file`, row and sha256 of the file, of every row that supplied it.
    """

    account: str
    kind: str
    post: str
    at_ms: int | None
    at: str | None
    page: str | None = None
    burst: int | None = None
    text: str | None = None
    url: str | None = None
    rows: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a reviewer; what may name persons is None where it is withheld."""

    lead: str
    outcome: str
    reviewer: str
    at_ms: int
    reason: str | None
    clarified: bool
    clarification: str | None
    forwarded_to: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A complaint, and what the data say to it; `day_differs` where they say it of another day."""

    id: str
    received_at: str | None
    deadline: str | None
    status: str | None
    seen: str
    day_differs: bool


@dataclass(frozen=True, slots=True)
class Later:
    """What became of a cluster in later runs: the cluster that continues it, or the run that has it no longer."""

    cluster: str | None
    run: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The network of a cluster: places of the members, by their number in the list, and the heaviest pairs."""

    places: Mapping[int, tuple[float, float]]
    pairs: tuple[tuple[int, int, int], ...]
    pairs_in_all: int


@dataclass(frozen=True, slots=True)
class Ego:
    """An account, whose posts it acted on, and with whom it is in a cluster.

    Attributes:
        pages: name, what it supports (None where nobody), and interactions; the most acted on first.
        pages_in_all: how many there are.
        partners: what they are called, standing on the roster, and objects in common within the window; most first.
        partners_in_all: how many there are.
    """

    pages: tuple[tuple[str, str | None, int], ...]
    pages_in_all: int
    partners: tuple[tuple[str, str, int], ...]
    partners_in_all: int


@dataclass(frozen=True, slots=True)
class Tie:
    """On whose posts members of a cluster act.

    Attributes:
        cluster: place of the cluster in the overview.
        target: place of the paslon or page.
        n: interactions of the members.
        beyond: whether they act on them more than others of like activity do.
    """

    cluster: int
    target: int
    n: int
    beyond: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The clusters of a run without any account.

    Attributes:
        clusters: number, members, and the days on which pairs of it are known to have met (UTC epoch milliseconds).
        clusters_in_all: how many the run found.
        targets: names of paslon, and of pages that support none, and whether it is a paslon; the most acted on first.
        targets_in_all: how many there are.
        ties: between these.
        withheld: ties of fewer members than may be told of.
    """

    clusters: tuple[tuple[int, int, tuple[int, ...]], ...]
    clusters_in_all: int
    targets: tuple[tuple[str, bool], ...]
    targets_in_all: int
    ties: tuple[Tie, ...]
    withheld: int


@dataclass(frozen=True, slots=True)
class Named:
    """Names of persons, opened from the vault.

    Attributes:
        names: by what their accounts are called.
        without: of all other accounts why they have none: nobody, duty, several, partly or unknown.
        persons: how many persons are named; one may have several accounts.
        positions: what they were when they acted, by what their accounts are called; of those of whom the roster says.
    """

    names: Mapping[str, str]
    without: Mapping[str, str]
    persons: int
    positions: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Named({self.persons} persons, withheld)"


@dataclass(frozen=True, slots=True)
class Erased:
    """That records were erased since a run, whose numbers are of before.

    Attributes:
        at_ms: the last time.
        members, size: accounts that are no longer in its clusters, or in this one, of how many.
    """

    at_ms: int
    members: int
    size: int


@dataclass(frozen=True, slots=True)
class Case:
    """What every document has.

    Attributes:
        run: properties of the run; None where the document is about none.
        masked: whether accounts carry pseudonyms and texts are withheld.
        minutes: step of the times in a document under pseudonyms; None where they are told by phase.
        still_masked: accounts that stay under pseudonyms in an opened document, since they are not on the roster.
        named: names of persons; None where they are not opened.
        erased: what was erased since the run; None where nothing was.
        coverage: sentences on what the data can show at all.
        addressees: to whom it may be handed on.
        power: what would have been found, a sentence each; none where nobody asked.
        others: how many other questions were put to the same data.
        sources: properties of the Sources that supplied the evidence.
        provisions: id, category, wording, meaning, standing and citation of what a reviewer would have to weigh.
        differing: kinds of act of which sources differ whether provisions concern them, and what the sources say.
        determined, determined_ms: day of determination of the candidates, and its beginning.
        sides: acts before, on and after the day of determination.
    """

    made_ms: int
    version: str
    run: Mapping[str, object] | None
    masked: bool
    minutes: int | None = None
    still_masked: int = 0
    named: Named | None = None
    erased: Erased | None = None
    coverage: tuple[str, ...] = ()
    power: tuple[str, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    others: int = 0
    sources: tuple[Mapping[str, object], ...] = ()
    provisions: tuple[Mapping[str, str], ...] = ()
    differing: tuple[tuple[str, str], ...] = ()
    determined: str | None = None
    determined_ms: int | None = None
    sides: tuple[int, int, int] = (0, 0, 0)
    decisions: tuple[Decision, ...] = ()
    complaints: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterCase(Case):
    """A cluster.

    Attributes:
        standing: of each member roster basis, duty, or that it is on no roster.
        beside: interactions of the members without a time that the run could use: none, observed, or too coarse.
        beside_other: of these, those that concern another paslon than most of what they did in bursts.
    """

    explanation: Explanation = field(kw_only=True)
    standing: Mapping[str, str] = field(kw_only=True)
    evidence: tuple[Evidence, ...] = field(kw_only=True)
    later: Later | None = field(kw_only=True)
    picture: Picture = field(kw_only=True)
    beside: int = field(kw_only=True)
    beside_other: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of what an account did a document lists, and what speaks against taking it for all.

    Attributes:
        timed, observed, untimed: interactions with pages of paslon, by what is known of their time.
        other: of these, those that concern another paslon than the one it acted on most, and not that one.
        elsewhere: its interactions with posts of no paslon's page.
    """

    timed: int
    observed: int
    untimed: int
    other: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class AccountCase(Case):
    """An account: its interactions with posts of paslon pages, one by one, and the leads that it is part of.

    `lag` is its regular lag, where the run found one.
    """

    account: str = field(kw_only=True)
    platform: str | None = field(kw_only=True)
    standing: str = field(kw_only=True)
    evidence: tuple[Evidence, ...] = field(kw_only=True)
    clusters: tuple[ClusterOfAccount, ...] = field(kw_only=True)
    ego: Ego = field(kw_only=True)
    counts: Counts = field(kw_only=True)
    lag: RegularLag | None = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SummaryCase(Case):
    """A run as a whole, without any account.

    Attributes:
        clusters: in the order of their numbers.
        statuses: what was decided on each, by its id.
        outcomes: how many clusters have each of these.
        agencies: name, persons and those with a known account; None where a number is withheld.
        positions: the same by class of position.
    """

    clusters: tuple[ClusterOfRun, ...] = field(kw_only=True)
    statuses: Mapping[str, str] = field(kw_only=True)
    outcomes: Mapping[str, int] = field(kw_only=True)
    agencies: tuple[tuple[str, int | None, int | None], ...] | None = field(kw_only=True)
    positions: tuple[tuple[str, int | None, int | None], ...] = field(kw_only=True)
    overview: Overview = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AgencyCase(Case):
    """An agency in numbers of persons, none of which is a few; None where a number is withheld."""

    agency: str = field(kw_only=True)
    persons: int | None = field(kw_only=True)
    with_account: int | None = field(kw_only=True)
    cells: tuple[Cell, ...] = field(kw_only=True)


Kind = Literal["cluster", "account", "agency", "summary"]
AnyCase = ClusterCase | AccountCase | SummaryCase | AgencyCase
