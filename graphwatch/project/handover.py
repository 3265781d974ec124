"""Files that are made to be handed on."""

from pathlib import Path
from typing import TYPE_CHECKING

from graphwatch.analysis.tracing import Traced
from graphwatch.export import exporting, viewing
from graphwatch.export.exporting import Exported, Format
from graphwatch.export.parts import Part
from graphwatch.export.viewing import NetworkPage
from graphwatch.project.opened import Opened
from graphwatch.report import reporting
from graphwatch.report.reporting import Format as DocumentFormat
from graphwatch.report.reporting import Reported, Subject
from graphwatch.repository.runs import LATEST
from graphwatch.rights.unmasking import Unmask
from graphwatch.settings import (
    VIEW_NODES,
)

if TYPE_CHECKING:
    from graphwatch.export.page.render import Opening


class Handover(Opened):
    """Files that are made to be handed on."""

    def export(
        self,
        path: str | Path,
        *,
        to: Format = "html",
        part: Part | None = None,
        run: str = LATEST,
        opening: "Opening" = "network",
        language: str = "id",
        max_nodes: int = VIEW_NODES,
        links: bool = False,
        unmask: Unmask = False,
        reason: str | None = None,
    ) -> Exported:
        """Write the network of a run, or a part of it: an interactive page, or a form that another program reads.

        Args:
            path: a file, or a folder for csv, gephi-csv, neo4j-csv and parquet.
            to: html, gexf, graphml, csv, gephi-csv, neo4j-csv, parquet, json (node-link) or cytoscape.
            part: which part of the data; by default all that `run` found.
            run: id of a complete run, or latest.
            opening: what a page opens with: network, timeline or matrix.
            language: id or en; the page can be switched.
            max_nodes: largest number of nodes in a page; whole clusters are kept first, and the page says what is not.
            links: addresses in a page can be clicked; by default they are text.
            unmask: `handles` (or True) for public handles and ids instead of pseudonyms, `names` for the names of
                persons on the roster besides, from the vault; needs a reason, and is logged.
            reason: why.

        Raises:
            UsageError: unmasking without a reason, a reason without unmasking or that names a person, or names of
                persons in a form that is imported into a graph.
            NothingFound: there is no such complete run, cluster, node or path.
            KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
        """
        return exporting.export(
            self._workspace,
            path,
            to=to,
            part=part,
            run=run,
            opening=opening,
            language=language,
            max_nodes=max_nodes,
            links=links,
            unmask=unmask,
            reason=reason,
        )

    def view(
        self,
        *,
        run: str = LATEST,
        cluster: int | None = None,
        ego: str | None = None,
        path: tuple[str, str] | None = None,
        query: str | None = None,
        traced: "Traced | None" = None,
        opening: "Opening" = "network",
        language: str = "id",
        max_nodes: int = VIEW_NODES,
        links: bool = False,
        unmask: Unmask = False,
        reason: str | None = None,
        height: int = 640,
    ) -> NetworkPage:
        """The network of a run, or a part of it, as a page that a notebook shows.

        Args:
            run: id of a complete run, or latest.
            cluster: number of one of its clusters.
            ego: id, handle or pseudonym of a node of its network.
            path: two of these, between which the shortest paths are wanted.
            query: Cypher that only reads, and returns nodes, relations or paths; then `run` does not matter.
            traced: what `Project.trace` found; then `run` does not matter either.
            opening: network, timeline or matrix.
            language: id or en; the page can be switched.
            max_nodes: largest number of nodes in the page.
            links: addresses can be clicked; by default they are text.
            unmask: `handles` (or True) for public handles and ids instead of pseudonyms, `names` for the names of
                persons on the roster besides, from the vault; needs a reason, and is logged.
            reason: why.
            height: of the frame in a notebook, in pixels.

        Raises:
            UsageError: unmasking without a reason, one that names a person, or two parts at once.
            NothingFound: there is no such run, cluster, node or path.
            KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
        """
        return viewing.view(
            self._workspace,
            run=run,
            cluster=cluster,
            ego=ego,
            path=path,
            query=query,
            traced=traced,
            opening=opening,
            language=language,
            max_nodes=max_nodes,
            links=links,
            unmask=unmask,
            reason=reason,
            height=height,
        )

    def report(
        self,
        subject: Subject,
        id: str | None = None,
        *,
        path: str | Path,
        to: DocumentFormat = "html",
        language: str = "id",
        run: str = LATEST,
        calendar: str | None = None,
        unmask: Unmask = False,
        off_roster: bool = False,
        reason: str | None = None,
    ) -> Reported:
        """Write a document about a lead, an account, an agency or a run.

        Args:
            subject: cluster, account, agency or summary.
            id: number or id of a cluster; id, handle or pseudonym of an account; id or name of an agency; none for
                summary.
            path: the file.
            to: html (A4, to be printed), xlsx (complete) or md.
            language: id or en.
            run: id of a complete run, or latest; the id of a cluster names its own.
            calendar: whose day of determination counts; the store's, else the shipped one of 2024.
            unmask: `handles` (or True) opens public handles, addresses and texts of accounts on the roster, `names` the
                names of their persons besides, from the vault; needs a reason, and is logged.
            off_roster: those of all other accounts, too.
            reason: why.

        Raises:
            UsageError: words that do not go together; several things are called so; a reason that names a person.
            NothingFound: there is nothing of that id.
            KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
        """
        return reporting.report(
            self._workspace,
            subject,
            id,
            path=path,
            to=to,
            language=language,
            run=run,
            calendar=calendar,
            unmask=unmask,
            off_roster=off_roster,
            reason=reason,
        )
