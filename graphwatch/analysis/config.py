"""What a search for paths and for neighbours can be asked; each field stands here once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graphwatch.calendar.config import calendar_name, first_day, last_day, phase_name
from graphwatch.calendar.timerange import Moment
from graphwatch.common.config import Config, option
from graphwatch.settings import LATEST

# What is measured where nothing is asked for.
MEASURES: Final = ("degree", "strength", "pagerank", "betweenness", "core")
_MOST_HOPS: Final = 6
_FARTHEST: Final = 12
# A post with more ties than that links everybody with everybody.
_HUB: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Along(Config):
    """What may be gone along."""

    kinds: Sequence[str] = option(
        (), "Relation to go along; repeat for several.", many=True, flag="--kind", metavar="KIND"
    )
    not_kinds: Sequence[str] = option((), "Relation not to go along.", many=True, flag="--not-kind", metavar="KIND")
    from_: Moment | None = first_day()
    to: Moment | None = last_day()
    phase: str | None = phase_name()
    calendar: str | None = calendar_name()
    run: str = option(LATEST, "For CO_INTERACTED and MEMBER_OF.", metavar="ID")


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceConfig(Along):
    """What `Project.trace` can be asked besides the two ends.

    >>> TraceConfig(kinds="LIKED", max_hops=3).kinds
    ('LIKED',)
    """

    max_hops: int = option(
        _MOST_HOPS,
        "The longest path that is looked for.",
        least=1,
        most=_FARTHEST,
        refused=f"{{value}} hops are not from 1 to {_FARTHEST}",
        remedy=f"Give --max-hops {_MOST_HOPS}.",
    )
    longer: int = option(
        0,
        "Also paths of up to so many hops more than the shortest.",
        least=0,
        refused="{value} hops more is below 0",
        remedy="Give --longer 1.",
    )
    limit: int = option(
        20, "Paths shown.", least=1, refused="{value} paths are none to show", remedy="Give --limit from 1."
    )
    max_degree: int = option(
        _HUB,
        "Ties above which a node is not gone through; 0 for no limit.",
        least=0,
        refused="{value} ties is below 0",
        remedy="Give --max-degree 0 for no limit.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighboursConfig(Along):
    """What `Project.neighbours` can be asked besides the node."""

    depth: int = option(
        2,
        "Steps away.",
        least=1,
        most=_FARTHEST,
        refused="a depth of {value} is nothing to look at",
        remedy=f"Give --depth from 1 to {_FARTHEST}.",
    )
    max_nodes: int = option(
        200,
        "Most nodes; those with most ties stay.",
        least=1,
        refused="at most {value} nodes are nothing to look at",
        remedy="Give --max-nodes from 1.",
    )
