"""Files that are made to be handed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.export.config import ExportConfig
from graphwatch.project.opened import Late, Opened
from graphwatch.report.config import ReportConfig
from graphwatch.settings import FEWEST_ALIKE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphwatch.analysis.tracing import Traced
    from graphwatch.common.table import Table
    from graphwatch.export import exporting, parts
    from graphwatch.export.exporting import Exported, Format, NetworkPage
    from graphwatch.export.parts import Part
    from graphwatch.privacy import masked_tables
    from graphwatch.report import reporting
    from graphwatch.report.reporting import Reported, Subject
    from graphwatch.repository import calendars
else:
    calendars = Late("graphwatch.repository.calendars")
    masked_tables = Late("graphwatch.privacy.masked_tables")
    exporting = Late("graphwatch.export.exporting")
    parts = Late("graphwatch.export.parts")
    reporting = Late("graphwatch.report.reporting")


class Handover(Opened):
    """Files that are made to be handed on."""

    def export(
        self,
        path: str | Path,
        config: ExportConfig | None = None,
        *,
        to: Format = "html",
        part: Part | None = None,
        **overrides: Any,
    ) -> Exported:
        """Write the network of a run, or a part of it: an interactive page, or a form that another program reads.

        Args:
            path: a file, or a folder for csv, csv-excel, gephi-csv, neo4j-csv and parquet.
            to: html, gexf, graphml, csv, csv-excel, xlsx, gephi-csv, neo4j-csv, parquet, json (node-link) or cytoscape.
            config, part, overrides: see `export_to`, which raises the same.
        """
        return self.export_to({to: path}, config, part=part, **overrides)[0]

    def export_to(
        self,
        files: Mapping[Format, str | Path],
        config: ExportConfig | None = None,
        *,
        part: Part | None = None,
        **overrides: Any,
    ) -> list[Exported]:
        """Write the network of a run, or a part of it, in several forms: it is read and masked once.

        Args:
            files: for each form the file or folder, see `export`.
            config: which run, what a page shows, and whether accounts carry pseudonyms.
            part: which part of the data; by default all that the run found. It brings its own run.
            overrides: single fields of `ExportConfig`, which win over those of `config`.

        Raises:
            UsageError: unmasking without a reason, a reason without unmasking or that names a person, names of
                persons in a form that is imported into a graph, or a value that is not allowed.
            NothingFound: there is no such complete run, cluster, node or path.
            KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
        """
        return exporting.export(self._workspace, files, ExportConfig.asked(config, overrides), part)

    def view(
        self,
        config: ExportConfig | None = None,
        *,
        cluster: int | None = None,
        ego: str | None = None,
        path: tuple[str, str] | None = None,
        query: str | None = None,
        traced: Traced | None = None,
        height: int = 640,
        **overrides: Any,
    ) -> NetworkPage:
        """The network of a run, or a part of it, as a page that a notebook shows.

        Args:
            config: which run, what the page shows, and whether accounts carry pseudonyms.
            cluster: number of one of its clusters.
            ego: id, handle or pseudonym of a node of its network.
            path: two of these, between which the shortest paths are wanted.
            query: Cypher that only reads, and returns nodes, relations or paths; then the run does not matter.
            traced: what `Project.trace` found; then the run does not matter either.
            height: of the frame in a notebook, in pixels.
            overrides: single fields of `ExportConfig`, which win over those of `config`.

        Raises:
            UsageError: unmasking without a reason, one that names a person, two parts at once, or a value that is not
                allowed.
            NothingFound: there is no such run, cluster, node or path.
            KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
        """
        asked = ExportConfig.asked(config, overrides)
        part = parts.Part(asked.run, cluster, ego, path, query, traced)
        return exporting.view(self._workspace, asked, part, height=height)

    def report(
        self,
        subject: Subject,
        id: str | None = None,
        config: ReportConfig | None = None,
        *,
        path: str | Path,
        **overrides: Any,
    ) -> Reported:
        """Write a document about a lead, an account, an agency or a run.

        Args:
            subject: cluster, account, agency or summary.
            id: number or id of a cluster, which names its own run; id, handle or pseudonym of an account; id or name
                of an agency; none for summary.
            config: form, language of the words, run, and whether accounts carry pseudonyms.
            path: the file.
            overrides: single fields of `ReportConfig`, which win over those of `config`.

        Raises:
            UsageError: words that do not go together; several things are called so; a reason that names a person; a
                value that is not allowed.
            NothingFound: there is nothing of that id.
            KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
        """
        return reporting.report(self._workspace, subject, id, ReportConfig.asked(config, overrides), path=path)

    def masked(self, table: Table) -> Table:
        """A table as it may be handed on: pseudonyms instead of ids, phases instead of times.

        Columns that may name somebody, and measures of single pairs, are left out.

        Args:
            table: what another verb answered with.

        Raises:
            KeyMissing, KeyWrong: the project's key is not the one that earlier pseudonyms were made with.
        """
        accounts = masked_tables.accounts_in(table)
        times = calendars.coarse_times(self._workspace.store, accounts, FEWEST_ALIKE)
        return masked_tables.masked_table(table, self._workspace.pseudonyms, times)
