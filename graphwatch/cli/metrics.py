"""`graphwatch metrics`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphwatch.cli.options import Place, note, opened, run_option, store_options
from graphwatch.cli.tabular import form_options, show

if TYPE_CHECKING:
    from graphwatch.api.metrics.measuring import Measured


@click.group(invoke_without_command=True)
@click.option(
    "-m", "--measure", "measures", multiple=True, metavar="NAME", help="Repeat for several; the first one orders."
)
@click.option(
    "--projection",
    default="coordination",
    show_default=True,
    metavar="NAME",
    help="coordination, posts (accounts with posts) or pages (accounts with pages).",
)
@run_option
@click.option("--cluster", type=int, metavar="NUMBER", help="Only the members of that cluster of the run.")
@click.option("--ego", metavar="ACCOUNT", help="Only what is near that account.")
@click.option("--depth", default=2, show_default=True, help="How many steps are near, for --ego.")
@click.option("--samples", type=int, help="Nodes that paths are followed from, for betweenness. [default: all or 256]")
@click.option("--seed", default=0, show_default=True, help="Of that sample.")
@click.option("--top", default=20, show_default=True, help="Accounts shown; 0 for all.")
@click.option("--write", is_flag=True, help="Keep the scores in the graph, as SCORED relations to the run.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the distribution of the first measure, as SVG.")
@form_options
@store_options
@click.pass_context
def metrics(
    context: click.Context,
    measures: tuple[str, ...],
    projection: str,
    run: str,
    cluster: int | None,
    ego: str | None,
    depth: int,
    samples: int | None,
    seed: int,
    top: int,
    write: bool,
    plot: Path | None,
    form: str | None,
    place: Place,
) -> None:
    """Measure how accounts are placed in a network: degree, pagerank, betweenness and more.

    \b
    graphwatch metrics
    graphwatch metrics -m betweenness --cluster 1
    graphwatch metrics -m degree --projection pages --plot degree.svg
    graphwatch metrics compare R-0123456789ab latest
    """
    if context.invoked_subcommand is not None:
        return
    from graphwatch.api.metrics.measuring import DEFAULT

    with opened(place) as desk:
        measured = desk.metrics(
            measures or DEFAULT,
            projection=projection,
            run=run,
            cluster=cluster,
            ego=ego,
            depth=depth,
            samples=samples,
            seed=seed,
            write=write,
        )
    show(measured.scores.slice(0, top or None), form)
    _say(measured, top)
    if plot is not None:
        _draw(measured, plot)


@metrics.command()
@click.argument("before")
@click.argument("after", default="latest")
@click.option("-m", "--measure", default="strength", show_default=True, metavar="NAME")
@click.option("--top", default=20, show_default=True, help="Accounts shown; 0 for all.")
@form_options
@store_options
def compare(before: str, after: str, measure: str, top: int, form: str | None, place: Place) -> None:
    """What moved between two runs: the accounts whose score changed most."""
    with opened(place) as desk:
        moved = desk.compare_metrics(before, after, measure=measure)
    show(moved.slice(0, top or None), form)


def _say(measured: "Measured", top: int) -> None:
    seen = measured.structure
    of = f" of run {measured.run}" if measured.run else ""
    note(
        f"Network {measured.projection}{of}: {seen.nodes:,} nodes, {seen.edges:,} edges, density {seen.density:.3g}, "
        f"{seen.components:,} components, the largest of {seen.largest:,} nodes."
    )
    note(f"{len(seen.bridges):,} bridges and {len(seen.cut_points):,} nodes hold parts of it together.")
    for name, value in measured.assortativity.items():
        said = "not known: too few accounts, or all alike" if value is None else f"{value:.2f}"
        note(f"Assortativity by {name}: {said}.")
    if measured.sources is not None:
        note(f"Betweenness is estimated from {measured.sources:,} nodes; its standard error is beside it.")
    if 0 < top < measured.scores.num_rows:
        note(f"{top:,} of {measured.scores.num_rows:,} accounts are shown; --top 0 shows all.")
    if not sys.stdout.isatty():
        note("Handles are as in the store; `graphwatch export` makes files under pseudonyms.")
    note("A central account is well placed in these data; that says nothing about why.")


def _draw(measured: "Measured", file: Path) -> None:
    from graphwatch.errors import InputError
    from graphwatch.metrics.plot import distribution

    name = measured.scores.column_names[2]
    drawing = distribution(measured.scores[name].to_numpy(), f"{name}, {measured.projection}")
    try:
        file.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise InputError(f"the drawing cannot be written: {error.strerror}", where=str(file)) from error
    note(f"Wrote {file}.")
