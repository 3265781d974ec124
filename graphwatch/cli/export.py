"""`graphwatch export`."""

from pathlib import Path

import click

from graphwatch.cli.options import Place, note, opened, run_option, store_options
from graphwatch.errors import UsageError
from graphwatch.settings import VIEW_NODES


@click.command()
@click.option("--html", type=click.Path(path_type=Path), help="One interactive page that opens offline.")
@click.option("--gexf", type=click.Path(path_type=Path), help="GEXF 1.3 for Gephi.")
@click.option("--csv", type=click.Path(path_type=Path), help="A folder with nodes.csv and edges.csv.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of the page.")
@click.option("--max-nodes", default=VIEW_NODES, show_default=True, help="Largest number of nodes in a page.")
@click.option("--unmask", is_flag=True, help="Handles and ids instead of pseudonyms; needs --reason, is logged.")
@click.option("--reason", metavar="TEXT", help="Why handles are opened.")
@run_option
@store_options
def export(
    html: Path | None,
    gexf: Path | None,
    csv: Path | None,
    lang: str,
    max_nodes: int,
    unmask: bool,
    reason: str | None,
    run: str,
    place: Place,
) -> None:
    """Write the network of a run to files that are made to be handed on: accounts carry pseudonyms."""
    targets = [(to, path) for to, path in (("html", html), ("gexf", gexf), ("csv", csv)) if path]
    if not targets:
        raise UsageError("nothing to write", remedy="Give --html FILE, --gexf FILE or --csv FOLDER.")
    with opened(place) as desk:
        for to, path in targets:
            written = desk.export(
                path,
                to=to,  # type: ignore[arg-type]  # one of the three literals above
                run=run,
                language=lang,
                max_nodes=max_nodes,
                unmask=unmask,
                reason=reason,
            )
            names = "under pseudonyms" if written.masked else "with public handles (logged)"
            note(
                f"{path}: {written.nodes:,} nodes, {written.edges:,} edges, {written.clusters:,} clusters "
                f"of run {written.run}, {names}."
            )
