"""One measure of one network: which there are, from how many nodes, and whose scores they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from graphwatch.api.metrics.projections import Projection
from graphwatch.api.project import Project
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from graphwatch.metrics import Scores

# Up to this many steps betweenness is exact; beyond, paths are followed from a sample of nodes.
_EXACT_STEPS: Final = 2_000_000_000
SAMPLE: Final = 256


def known_measures(measures: Sequence[str]) -> tuple[str, ...]:
    """The measures, each once.

    Raises:
        UsageError: there is none, or one that is not known.
    """
    from graphwatch.metrics import MEASURES

    unknown = sorted(set(measures) - set(MEASURES))
    if unknown or not measures:
        raise UsageError(
            f"there is no measure {', '.join(unknown) or 'given'}", remedy=f"Choose from {', '.join(MEASURES)}."
        )
    return tuple(dict.fromkeys(measures))


def sources_of(network: Projection, samples: int | None) -> int | None:
    """From how many nodes paths are followed for betweenness; None where from all."""
    if samples is not None:
        return samples if samples < network.network.nodes else None
    return SAMPLE if network.network.nodes * network.network.edges > _EXACT_STEPS else None


def scores_of(network: Projection, measure: str, sources: int | None, seed: int) -> "Scores":
    """The score of every node; `sources` and `seed` are betweenness's."""
    from graphwatch.metrics import MEASURES, betweenness

    if measure == "betweenness":
        return betweenness(network.network, sources=sources, seed=seed)
    return MEASURES[measure].of(network.network)


def handles_of(project: Project, accounts: list[str]) -> dict[str, str]:
    """The handles of the accounts that have one, by id."""
    found = project.store.read(
        "MATCH (a:Account) WHERE a.id IN $ids AND a.handle IS NOT NULL RETURN a.id AS id, a.handle AS handle",
        {"ids": accounts},
    )
    return dict(zip(found["id"].to_pylist(), found["handle"].to_pylist(), strict=True))
