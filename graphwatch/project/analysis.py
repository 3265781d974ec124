"""Questions to the graph."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.analysis import metrics, querying, tracing
from graphwatch.analysis.metrics import DEFAULT as MEASURES
from graphwatch.analysis.metrics import Measured
from graphwatch.analysis.tracing import HUB, MOST_HOPS, NEIGHBOURS, PATHS, Traced
from graphwatch.calendar.timerange import Moment
from graphwatch.common.table import Table
from graphwatch.export import graphs
from graphwatch.project.opened import Opened
from graphwatch.repository.runs import LATEST
from graphwatch.settings import (
    QUERY_ROWS,
    QUERY_SECONDS,
)

if TYPE_CHECKING:
    import networkx as nx


class Analysis(Opened):
    """Questions to the graph."""

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = QUERY_ROWS,
        timeout: float = QUERY_SECONDS,
        folders: Sequence[str | Path] = (),
    ) -> Table:
        """The answer to a named query or to Cypher.

        Args:
            text: the name of a query, or Cypher that only reads.
            parameters: values for its parameters; `run` may be `latest`.
            limit: rows after which the answer is cut; a cut answer says so (`Table.cut`), and one in which
                the embedded engine is known to go other ways than a Neo4j server too (`Table.differs`).
            timeout: seconds after which the query is stopped.
            folders: folders of an office's own named queries.

        Raises:
            QueryRefused: the text could do more than read.
            QueryUnknown, QueryParameter, QueryTimeout, QueryError: as their names say.
        """
        return querying.query(self._workspace, text, parameters, limit=limit, timeout=timeout, folders=folders)

    def graph(self, *, run: str = LATEST) -> "nx.MultiDiGraph[str]":
        """The network that a run found.

        Its pairs and clusters of all kinds of interaction together, the posts on which at least two of their accounts
        acted, and the pages and paslon behind those posts. Node attributes are `label` and the model's properties;
        edges are keyed by their id and carry `type` and properties; absent properties are unknown. A node is named by
        its id; where an account has that id too, as a page has that acts itself, by its label and id (`Page:x:1`), and
        its attribute `id` is the id. `graph.graph` holds `run`, `sources`, `phases` and the `bursts` of the
        clusters.

        Raises:
            NothingFound: there is no such complete run.
        """
        return graphs.graph(self._workspace, run=run)

    def trace(
        self,
        starts: str | Sequence[str],
        ends: str | Sequence[str],
        *,
        kinds: Sequence[str] = (),
        not_kinds: Sequence[str] = (),
        from_: Moment | None = None,
        to: Moment | None = None,
        phase: str | None = None,
        calendar: str | None = None,
        max_hops: int = MOST_HOPS,
        longer: int = 0,
        limit: int = PATHS,
        max_degree: int = HUB,
        run: str = LATEST,
    ) -> Traced:
        """How two nodes are linked: all shortest paths, and on request the next longer ones.

        Args:
            starts, ends: an id, handle, name, address or pseudonym each, or several of them.
            kinds, not_kinds: relations to go along, and not to; what people did and what is on record when left out.
            from_, to, phase, calendar: only interactions of that time, see `Project.resolve_range`.
            max_hops: the longest path that is looked for, up to 12.
            longer: also paths of up to so many hops more than the shortest.
            limit: the most paths that are given.
            max_degree: nodes with more ties are not gone through; 0 for no limit.
            run: whose pairs and clusters count, where CO_INTERACTED or MEMBER_OF is among the kinds.

        Raises:
            NothingFound: nothing is called so.
            UsageError: several are, or an argument is out of its range.
        """
        return tracing.trace(
            self._workspace,
            starts,
            ends,
            kinds=kinds,
            not_kinds=not_kinds,
            from_=from_,
            to=to,
            phase=phase,
            calendar=calendar,
            max_hops=max_hops,
            longer=longer,
            limit=limit,
            max_degree=max_degree,
            run=run,
        )

    def neighbours(
        self,
        node: str,
        *,
        depth: int = 2,
        max_nodes: int = NEIGHBOURS,
        kinds: Sequence[str] = (),
        not_kinds: Sequence[str] = (),
        from_: Moment | None = None,
        to: Moment | None = None,
        phase: str | None = None,
        calendar: str | None = None,
        run: str = LATEST,
    ) -> Table:
        """What is near a node: its ego network, with a guard on its size.

        Args:
            node: an id, handle, name, address or pseudonym.
            depth: steps away, from 1 to 12.
            max_nodes: the most that are kept; those with most ties stay.
            kinds, not_kinds, from_, to, phase, calendar, run: as for `trace`.

        Returns:
            distance, label, id, called, ties (to other kept nodes), nearest first. The schema's metadata has, under
            `LEFT_OUT`, how many nodes of each label were found and not kept, as JSON.

        Raises:
            NothingFound: nothing is called so.
            UsageError: several are, or an argument is out of its range.
        """
        return tracing.neighbours(
            self._workspace,
            node,
            depth=depth,
            max_nodes=max_nodes,
            kinds=kinds,
            not_kinds=not_kinds,
            from_=from_,
            to=to,
            phase=phase,
            calendar=calendar,
            run=run,
        )

    def metrics(
        self,
        measures: Sequence[str] = MEASURES,
        *,
        projection: str = "coordination",
        run: str = LATEST,
        cluster: int | None = None,
        ego: str | None = None,
        depth: int = 2,
        samples: int | None = None,
        seed: int = 0,
        write: bool = False,
    ) -> Measured:
        """Measure the accounts of a network.

        Args:
            measures: names from `graphwatch.analysis.measures.MEASURES`.
            projection: coordination (accounts with accounts, of a run), posts or pages (accounts with what they acted
                on).
            run: whose pairs and clusters.
            cluster: only the members of that cluster of the run, and what they acted on.
            ego, depth: only what is at most `depth` steps from that account, which is named by its id, handle or
                address.
            samples: nodes from which paths are followed for betweenness; all where that is quick, else 256.
            seed: of that sample.
            write: keep the scores in the graph, as SCORED relations from the accounts to the run; those of a part of
                the network stand beside those of the whole.

        Raises:
            UsageError: there is no such measure or projection, or several accounts are called so.
            NothingFound: no such run, cluster or account; nothing to measure.
        """
        return metrics.metrics(
            self._writable,
            measures,
            projection=projection,
            run=run,
            cluster=cluster,
            ego=ego,
            depth=depth,
            samples=samples,
            seed=seed,
            write=write,
        )

    def compare_metrics(self, before: str, after: str, *, measure: str = "strength") -> Table:
        """What moved between two runs: for each account of either coordination network its score in both.

        Args:
            before, after: ids of complete runs, or `latest`.
            measure: a name from `graphwatch.analysis.measures.MEASURES`.

        Returns:
            account, handle, before, after, change; the largest change first. An account that is in one of the networks
            only has 0 in the other.

        Raises:
            UsageError: there is no such measure.
            NothingFound: there is no such run.
        """
        return metrics.compare(self._workspace, before, after, measure=measure)
