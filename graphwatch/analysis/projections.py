"""The networks that metrics are of, made of their edges; and groups of their accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.errors import NothingFound, UsageError
from graphwatch.repository.networks import PROJECTIONS, acts_by_paslon, agencies_of_accounts, edges_of
from graphwatch.settings import FEWEST
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.analysis.measures import Scores
    from graphwatch.analysis.network import Network


@dataclass(frozen=True, slots=True)
class Projection:
    """A network and the ids of its nodes, accounts first, each side sorted."""

    network: "Network"
    ids: pa.StringArray
    accounts: int

    def position(self, account: str) -> int:
        """Where that account is among the nodes.

        Raises:
            NothingFound: it is not in the network.
        """
        found = pc.index_in(pa.scalar(account), value_set=self.ids[: self.accounts]).as_py()
        if found is None:
            raise NothingFound(
                f"the account {account} is not in this network",
                remedy="Name an account by its id, for example x:123; `--projection posts` has all that acted.",
            )
        return int(found)


def read_projection(workspace: Workspace, name: str, run: str | None) -> Projection:
    """The whole network of that projection; `run` is needed by `coordination`.

    Raises:
        UsageError: there is no such projection.
    """
    if name not in PROJECTIONS:
        raise UsageError(f"there is no projection {name!r}", remedy=f"Choose from {', '.join(PROJECTIONS)}.")
    edges = edges_of(workspace.store, name, run)
    first, second = (edges[c].combine_chunks() for c in ("a", "b"))
    weight = edges["n"].to_numpy().astype(np.float64)
    if name == "coordination":
        accounts, others = _sorted(pa.concat_arrays([first, second])), pa.array([], pa.string())
    else:
        accounts, others = _sorted(first), _sorted(second)
    return _projection(first, second, weight, accounts, others)


def _projection(
    first: pa.StringArray,
    second: pa.StringArray,
    weight: npt.NDArray[np.float64],
    accounts: pa.StringArray,
    others: pa.StringArray,
) -> Projection:
    from graphwatch.analysis.network import network_of

    two_mode = len(others) > 0
    rows = pc.index_in(first, value_set=accounts).to_numpy(zero_copy_only=False)
    columns = pc.index_in(second, value_set=others if two_mode else accounts).to_numpy(zero_copy_only=False)
    side = np.repeat(np.array([0, 1], np.int8), [len(accounts), len(others)]) if two_mode else None
    network = network_of(
        rows,
        columns + len(accounts) if two_mode else columns,
        weight,
        nodes=len(accounts) + len(others),
        side=side,
    )
    return Projection(network, pa.concat_arrays([accounts, others]), len(accounts))


def part_of(whole: Projection, accounts: pa.StringArray) -> Projection:
    """The network of those accounts, and in two-mode networks of all that they acted on."""
    wanted = pc.is_in(whole.ids[: whole.accounts], value_set=accounts).to_numpy(zero_copy_only=False)
    chosen = np.flatnonzero(wanted)
    if whole.network.side is not None:
        ends = [whole.network.neighbour[whole.network.start[v] : whole.network.start[v + 1]] for v in chosen.tolist()]
        chosen = np.concatenate([chosen, np.unique(np.concatenate([np.empty(0, np.int32), *ends]))])
    return chosen_of(whole, chosen)


def chosen_of(whole: Projection, chosen: npt.NDArray[np.integer]) -> Projection:
    """The network of the nodes at those positions, ascending."""
    nodes = np.asarray(chosen, np.int64)
    accounts = int((nodes < whole.accounts).sum())
    return Projection(whole.network.within(nodes), whole.ids.take(pa.array(nodes)), accounts)


def _sorted(ids: pa.StringArray) -> pa.StringArray:
    distinct = pc.unique(ids)
    return distinct.take(pc.sort_indices(distinct))


Groups = npt.NDArray[np.int64]


def by_agency(workspace: Workspace, accounts: list[str]) -> Groups | None:
    """For each account the number of the agency of its owner by the roster, -1 where unknown or more than one."""
    found = agencies_of_accounts(workspace.store)
    return _numbered(accounts, {account: next(iter(g)) for account, g in found.items() if len(g) == 1})


def by_paslon(workspace: Workspace, accounts: list[str]) -> Groups | None:
    """For each account the number of the paslon on whose pages' posts it acted most, -1 for none or a tie."""
    most = {}
    for account, of in acts_by_paslon(workspace.store).items():
        highest = max(of.values())
        leaders = [group for group, n in of.items() if n == highest]
        if len(leaders) == 1:
            most[account] = leaders[0]
    return _numbered(accounts, most)


def _numbered(accounts: list[str], group: dict[str, str]) -> Groups | None:
    known = {account: group[account] for account in accounts if account in group}
    if len(known) < FEWEST:  # the answer would be about persons
        return None
    number = {name: i for i, name in enumerate(sorted(set(known.values())))}
    return np.array([number[known[a]] if a in known else -1 for a in accounts], np.int64)


# Up to this many steps betweenness is exact; beyond, paths are followed from a sample of nodes.
_EXACT_STEPS: Final = 2_000_000_000
SAMPLE: Final = 256


def known_measures(measures: Sequence[str]) -> tuple[str, ...]:
    """The measures, each once.

    Raises:
        UsageError: there is none, or one that is not known.
    """
    from graphwatch.analysis.measures import MEASURES

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
    from graphwatch.analysis.measures import MEASURES, betweenness

    if measure == "betweenness":
        return betweenness(network.network, sources=sources, seed=seed)
    return MEASURES[measure].of(network.network)
