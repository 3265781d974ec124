"""Questions to the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.analysis.config import MEASURES, NeighboursConfig, TraceConfig
from graphwatch.common.table import Table
from graphwatch.project.opened import Late, Opened
from graphwatch.settings import (
    LATEST,
    QUERY_ROWS,
    QUERY_SECONDS,
)

if TYPE_CHECKING:
    import networkx as nx

    from graphwatch.analysis import metrics, querying, tracing
    from graphwatch.analysis.metrics import Measured
    from graphwatch.analysis.tracing import Traced
    from graphwatch.export import graphs
    from graphwatch.model.declaring import Key
    from graphwatch.repository import resolver
else:
    resolver = Late("graphwatch.repository.resolver")
    metrics = Late("graphwatch.analysis.metrics")
    querying = Late("graphwatch.analysis.querying")
    tracing = Late("graphwatch.analysis.tracing")
    graphs = Late("graphwatch.export.graphs")


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
        as_written: bool = False,
    ) -> Table:
        """The answer to a named query or to Cypher.

        Args:
            text: the name of a query, or Cypher that only reads.
            parameters: values for its parameters; `run` may be `latest`.
            limit: rows after which the answer is cut; a cut answer says so (`Table.cut`), and one to a query
                that names what the model does not have too (`Table.differs`).
            timeout: seconds after which the query is stopped.
            folders: folders of an office's own named queries.
            as_written: send an embedded engine the text itself, which it may answer otherwise than a Neo4j server;
                the answer says so (`Table.differs`).

        Raises:
            QueryRefused: the text could do more than read.
            QueryUnknown, QueryParameter, QueryTimeout, QueryMemory, QueryError: as their names say.
        """
        return querying.query(
            self._workspace,
            text,
            parameters,
            limit=limit,
            timeout=timeout,
            folders=folders,
            as_written=as_written,
        )

    def graph(self, *, run: str = LATEST) -> nx.MultiDiGraph[str]:
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
        config: TraceConfig | None = None,
        **overrides: Any,
    ) -> Traced:
        r"""How two nodes are linked: all shortest paths, and on request the next longer ones.

        Args:
            starts, ends: an id, handle, name, address or pseudonym each, or several of them.
            config: what may be gone along and how far; without kinds, what people did and what is on record.
            overrides: single fields of `TraceConfig`, which win over those of `config`.

        Raises:
            NothingFound: nothing is called so.
            UsageError: several are, a value is out of its range, or there is no field of such a name.

        >>> import tempfile
        >>> from pathlib import Path
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     file = Path(folder, "likes.csv")
        ...     _ = file.write_text("account,object,kind,platform\nani,p1,like,x\nbudi,p1,like,x\n")
        ...     _ = project.load(file)
        ...     project.trace("x:ani", "x:budi", max_hops=3).hops
        2
        """
        return tracing.trace(self._workspace, starts, ends, TraceConfig.asked(config, overrides))

    def search(self, text: str) -> tuple[Key, ...]:
        """Everything that a text may mean: label and id of each account, page, post, paslon and agency called so.

        Args:
            text: an id, handle, name, address or pseudonym.

        Raises:
            NothingFound: nothing is called so; the nearest names are listed.
        """
        return resolver.resolve_any(self._workspace, text)

    def neighbours(self, node: str, config: NeighboursConfig | None = None, **overrides: Any) -> Table:
        """What is near a node: its ego network, with a guard on its size.

        Args:
            node: an id, handle, name, address or pseudonym.
            config: what may be gone along, how far, and how many nodes are kept.
            overrides: single fields of `NeighboursConfig`, which win over those of `config`.

        Returns:
            distance, label, id, called, ties (to other kept nodes), nearest first; `Table.left_out` says how many nodes
            of each label were found and not kept.

        Raises:
            NothingFound: nothing is called so.
            UsageError: several are, a value is out of its range, or there is no field of such a name.
        """
        return tracing.neighbours(self._workspace, node, NeighboursConfig.asked(config, overrides))

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
