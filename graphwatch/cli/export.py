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
@click.option("--cluster", type=int, metavar="N", help="Only this cluster, with the posts and pages that tie it.")
@click.option("--ego", metavar="NODE", help="Only this account, post or page and what it is linked with.")
@click.option("--path", nargs=2, metavar="A B", help="Only the shortest paths between two nodes.")
@click.option("--query", metavar="CYPHER", help="Only what a reading query returns: nodes, relations, paths.")
@click.option("--timeline", "opening", flag_value="timeline", help="The page opens with accounts over time.")
@click.option("--matrix", "opening", flag_value="matrix", help="The page opens with pairs as a matrix.")
@click.option("--links", is_flag=True, help="Addresses in the page can be clicked; otherwise they are text.")
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
    cluster: int | None,
    ego: str | None,
    path: tuple[str, str] | None,
    query: str | None,
    opening: str | None,
    links: bool,
    lang: str,
    max_nodes: int,
    unmask: bool,
    reason: str | None,
    run: str,
    place: Place,
) -> None:
    """Write the network of a run to files that are made to be handed on: accounts carry pseudonyms.

    A node is named by its id, its handle or its pseudonym.
    """
    from graphwatch.api.parts import Part

    targets = [(to, target) for to, target in (("html", html), ("gexf", gexf), ("csv", csv)) if target]
    if not targets:
        raise UsageError("nothing to write", remedy="Give --html FILE, --gexf FILE or --csv FOLDER.")
    part = Part(run, cluster, ego, path, query)
    with opened(place) as desk:
        for to, target in targets:
            written = desk.export(
                target,
                to=to,  # type: ignore[arg-type]  # one of the three literals above
                part=part,
                opening=opening or "network",  # type: ignore[arg-type]  # one of the three flags
                links=links,
                language=lang,
                max_nodes=max_nodes,
                unmask=unmask,
                reason=reason,
            )
            names = "under pseudonyms" if written.masked else "with public handles (logged)"
            of_run = f" of run {written.run}" if written.run else ""
            note(
                f"{target}: {written.nodes:,} nodes, {written.edges:,} edges, {written.clusters:,} "
                f"clusters{of_run}, {names}."
            )
