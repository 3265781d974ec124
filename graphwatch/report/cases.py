"""What a document is made of, as read from a store and, unless opened, already under pseudonyms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graphwatch.explanation import Explanation
from graphwatch.report.suppressing import Cell


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
    """A complaint, and what the data say to it."""

    id: str
    received_at: str | None
    deadline: str | None
    status: str | None
    seen: str


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
class Case:
    """What every document has.

    Attributes:
        run: properties of the run; None where the document is about none.
        masked: whether accounts carry pseudonyms and texts are withheld.
        still_masked: accounts that stay under pseudonyms in an opened document, since they are not on the roster.
        coverage: sentences on what the data can show at all.
        power: what would have been found; None where nobody asked.
        sources: properties of the Sources that supplied the evidence.
        provisions: id, category, wording, meaning, standing and citation of what a reviewer would have to weigh.
        determined, determined_ms: day of determination of the candidates, and its beginning.
        sides: acts before, on and after the day of determination.
    """

    made_ms: int
    version: str
    run: Mapping[str, object] | None
    masked: bool
    still_masked: int = 0
    coverage: tuple[str, ...] = ()
    power: str | None = None
    sources: tuple[Mapping[str, object], ...] = ()
    provisions: tuple[Mapping[str, str], ...] = ()
    determined: str | None = None
    determined_ms: int | None = None
    sides: tuple[int, int, int] = (0, 0, 0)
    decisions: tuple[Decision, ...] = ()
    complaints: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterCase(Case):
    """A cluster; `standing` says of each member roster basis, duty, or that it is on no roster."""

    explanation: Explanation = field(kw_only=True)
    standing: Mapping[str, str] = field(kw_only=True)
    evidence: tuple[Evidence, ...] = field(kw_only=True)
    later: Later | None = field(kw_only=True)
    picture: Picture = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AccountCase(Case):
    """An account: its interactions with posts of paslon pages, one by one, and the leads that it is part of."""

    account: str = field(kw_only=True)
    platform: str | None = field(kw_only=True)
    standing: str = field(kw_only=True)
    evidence: tuple[Evidence, ...] = field(kw_only=True)
    clusters: tuple[Mapping[str, object], ...] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SummaryCase(Case):
    """A run as a whole, without any account."""

    clusters: tuple[Mapping[str, object], ...] = field(kw_only=True)
    statuses: Mapping[str, int] = field(kw_only=True)
    agencies: tuple[tuple[str, int | None, int | None], ...] | None = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AgencyCase(Case):
    """An agency in numbers of persons, none of which is a few; None where a number is withheld."""

    agency: str = field(kw_only=True)
    persons: int | None = field(kw_only=True)
    with_account: int | None = field(kw_only=True)
    cells: tuple[Cell, ...] = field(kw_only=True)


Kind = Literal["cluster", "account", "agency", "summary"]
AnyCase = ClusterCase | AccountCase | SummaryCase | AgencyCase
