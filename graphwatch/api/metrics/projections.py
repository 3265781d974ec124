"""The networks that metrics are of, read from the store."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.api.project import Project
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import POST_INTERACTIONS

if TYPE_CHECKING:
    from graphwatch.metrics import Network

_ACTED: Final = "|".join(POST_INTERACTIONS)
# A run's pairs are those that it called coordinated, where it tested.
_EDGES: Final = {
    "coordination": (
        "MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND coalesce(c.coordinated, true) "
        "AND coalesce(c.layer, 'all') = 'all' RETURN a.id AS a, b.id AS b, c.n AS n"
    ),
    "posts": f"MATCH (a:Account)-[r:{_ACTED}]->(b:Post) RETURN a.id AS a, b.id AS b, count(r) AS n",
    "pages": (
        f"MATCH (a:Account)-[r:{_ACTED}]->(p:Post)<-[:PUBLISHED]-(b:Page) RETURN a.id AS a, b.id AS b, count(r) AS n"
    ),
}


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


def read_projection(project: Project, name: str, run: str | None) -> Projection:
    """The whole network of that projection; `run` is needed by `coordination`.

    Raises:
        UsageError: there is no such projection.
    """
    if name not in _EDGES:
        raise UsageError(f"there is no projection {name!r}", remedy=f"Choose from {', '.join(_EDGES)}.")
    edges = project.store.read(_EDGES[name], {"run": run} if name == "coordination" else {})
    first, second = (edges[c].cast(pa.string()).combine_chunks() for c in ("a", "b"))
    weight = edges["n"].cast(pa.int64()).to_numpy().astype(np.float64)
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
    from graphwatch.metrics import network_of

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
