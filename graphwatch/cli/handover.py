"""`graphwatch export` and `graphwatch report`: files that are made to be handed on."""

from pathlib import Path
from typing import Any, Final

import click

from graphwatch.cli.options import NamesWithDash, Place, config_options, opened, store_options
from graphwatch.cli.terminal import note, told_names
from graphwatch.errors import UsageError
from graphwatch.export.config import ExportConfig
from graphwatch.report.config import ReportConfig


@click.command()
@click.option("--html", type=click.Path(path_type=Path), help="One interactive page that opens offline.")
@click.option("--gexf", type=click.Path(path_type=Path), help="GEXF 1.3 for Gephi.")
@click.option("--graphml", type=click.Path(path_type=Path), help="GraphML for yEd, Gephi, networkx and others.")
@click.option("--csv", type=click.Path(path_type=Path), help="A folder with nodes.csv and edges.csv.")
@click.option(
    "--csv-excel",
    type=click.Path(path_type=Path),
    help="The same as Excel opens it in columns: marked as UTF-8, semicolons in Indonesian.",
)
@click.option("--xlsx", type=click.Path(path_type=Path), help="An Excel workbook with the sheets nodes and edges.")
@click.option("--cluster", type=int, metavar="N", help="Only this cluster, with the posts and pages that tie it.")
@click.option("--ego", metavar="NODE", help="Only this account, post or page and what it is linked with.")
@click.option("--path", nargs=2, metavar="A B", help="Only the shortest paths between two nodes.")
@click.option("--query", metavar="CYPHER", help="Only what a reading query returns: nodes, relations, paths.")
@click.option("--to-gephi-csv", type=click.Path(path_type=Path), help="The same with the columns that Gephi imports.")
@click.option("--to-neo4j-csv", type=click.Path(path_type=Path), help="A folder for neo4j-admin; prints the command.")
@click.option("--parquet", type=click.Path(path_type=Path), help="A folder with nodes.parquet and edges.parquet.")
@click.option("--json", type=click.Path(path_type=Path), help="Node-link JSON for networkx and d3.")
@click.option("--cytoscape", type=click.Path(path_type=Path), help="Cytoscape JSON.")
@config_options(ExportConfig)
@store_options
def export(
    cluster: int | None,
    ego: str | None,
    path: tuple[str, str] | None,
    query: str | None,
    asked: dict[str, Any],
    place: Place,
    **files: Path | None,
) -> None:
    """Write the network of a run to files that are made to be handed on: accounts carry pseudonyms.

    A node is named by its id, its handle or its pseudonym.
    """
    from graphwatch.export.parts import Part

    # Each option is called as its format, some with `to` before it.
    targets: dict[Any, Path] = {
        name.removeprefix("to_").replace("_", "-"): file for name, file in files.items() if file
    }
    if not targets:
        raise UsageError("nothing to write", remedy="Give --html FILE, --gexf FILE, --csv FOLDER or another one.")
    config = ExportConfig(**asked)
    part = Part(config.run, cluster, ego, path, query)
    with opened(place) as project:
        for written in project.export_to(targets, config, part=part):
            names = "under pseudonyms" if written.masked else told_names(written.named)
            of_run = f" of run {written.run}" if written.run else ""
            note(
                f"{written.path}: {written.nodes:,} nodes, {written.edges:,} edges, {written.clusters:,} "
                f"clusters{of_run}, {names}."
            )
            if written.command:
                click.echo(written.command)


# What names somebody; some reports name nobody.
_NAMING: Final = ("unmask", "off_roster", "reason")


@click.group()
def report() -> None:
    """Write a document to be handed on and printed: under pseudonyms, and a lead, never a verdict.

    HTML is laid out for A4 and printed from a browser; the workbook is its complete annex.
    """


_out_option = click.option(
    "--out", "path", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The file to write."
)


@report.command(cls=NamesWithDash)
@click.argument("id")
@_out_option
@config_options(ReportConfig)
@store_options
def cluster(id: str, path: Path, asked: dict[str, Any], place: Place) -> None:
    """A cluster: what was found, on what evidence, and what speaks against it. ID is its number or id."""
    _write(place, "cluster", id, path, asked)


@report.command(cls=NamesWithDash)
@click.argument("id")
@_out_option
@config_options(ReportConfig)
@store_options
def account(id: str, path: Path, asked: dict[str, Any], place: Place) -> None:
    """An account: its interactions with pages of paslon, one by one. ID is its id, handle or pseudonym."""
    _write(place, "account", id, path, asked)


@report.command(cls=NamesWithDash)
@click.argument("id")
@_out_option
@config_options(ReportConfig, without=("run", *_NAMING))
@store_options
def agency(id: str, path: Path, asked: dict[str, Any], place: Place) -> None:
    """An agency in numbers, for instruction: nobody in particular, and no number below five. ID is its id or name."""
    _write(place, "agency", id, path, asked)


@report.command()
@_out_option
@config_options(ReportConfig, without=_NAMING)
@store_options
def summary(path: Path, asked: dict[str, Any], place: Place) -> None:
    """A run as a whole: clusters, decisions, complaints, and what could be seen at all."""
    _write(place, "summary", None, path, asked)


def _write(place: Place, subject: str, id: str | None, path: Path, asked: dict[str, Any]) -> None:
    with opened(place) as project:
        written = project.report(subject, id, path=path, **asked)  # type: ignore[arg-type]  # the name of one of the commands
    names = "names nobody" if subject in ("agency", "summary") else "under pseudonyms"
    if not written.masked:
        names = f"{told_names(written.persons)}, {written.still_masked:,} accounts off the roster still masked"
    of = f" of run {written.run}" if written.run else ""
    note(f"{written.path}: {subject}{of}, {names}.")
    if written.shown < written.evidence:
        note(f"It shows {written.shown:,} of {written.evidence:,} interactions; --to xlsx writes them all.")
    if written.later:
        note(f"A later run has superseded this cluster: {written.later}. The document says so.")
