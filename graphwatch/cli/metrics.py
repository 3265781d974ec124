"""`graphwatch metrics`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphwatch.cli.options import Place, lang_option, opened, run_option, store_options
from graphwatch.cli.tables import Form, form_options, show_table
from graphwatch.cli.terminal import note, note_handles
from graphwatch.common.i18n import text
from graphwatch.errors import UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.analysis.metrics import Measured


top_option = click.option(
    "--top", type=click.IntRange(min=0), default=20, show_default=True, help="Accounts shown; 0 for all."
)


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
@click.option("--depth", default=2, show_default=True, help="With --ego: how many steps away.")
@click.option("--samples", type=int, help="Nodes that paths are followed from, for betweenness. [default: all or 256]")
@click.option("--seed", default=0, show_default=True, help="Seed of that sample.")
@top_option
@click.option("--write", is_flag=True, help="Keep the scores in the graph, as SCORED relations to the run.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the distribution of the first measure, as SVG.")
@lang_option
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
    lang: str | None,
    form: Form | None,
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
    from graphwatch.analysis.config import MEASURES

    if plot is not None:
        _check_drawing(plot)
    with opened(place) as project:
        measured = project.metrics(
            measures or MEASURES,
            projection=projection,
            run=run,
            cluster=cluster,
            ego=ego,
            depth=depth,
            samples=samples,
            seed=seed,
            write=write,
        )
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(measured.scores.to_arrow().slice(0, top or None), form, language)
    _say(measured, top, language)
    if write:
        count = len(measured.scores) * len(measures or MEASURES)
        note(f"Kept {count:,} scores of {measured.network} in the graph; `graphwatch query account-scores` has them.")
    if plot is not None:
        _draw(measured, plot)


@metrics.command()
@click.argument("before")
@click.argument("after", default="latest")
@click.option("-m", "--measure", default="strength", show_default=True, metavar="NAME")
@top_option
@lang_option
@form_options
@store_options
def compare(before: str, after: str, measure: str, top: int, lang: str | None, form: Form | None, place: Place) -> None:
    """What moved between two runs: the accounts whose score changed most."""
    with opened(place) as project:
        moved = project.compare_metrics(before, after, measure=measure).to_arrow()
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(moved.slice(0, top or None), form, language)
    changed = sum(1 for change in moved["change"].to_pylist() if change)
    counts = {"changed": f"{changed:,}", "accounts": f"{moved.num_rows:,}"}
    note(text("metrics.moved", language, measure=measure, **counts))
    note_handles(language)


def _say(measured: "Measured", top: int, language: str) -> None:
    def say(key: str, **values: str | int) -> None:
        said = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        note(text(f"metrics.{key}", language, **said))

    seen = measured.structure
    of_run = {"run": measured.run} if measured.run else {}
    say(
        "network_of_run" if of_run else "network",
        network=measured.network,
        nodes=seen.nodes,
        edges=seen.edges,
        density=f"{seen.density:.3g}",
        components=seen.components,
        largest=seen.largest,
        **of_run,
    )
    say("bridges", bridges=len(seen.bridges), nodes=len(seen.cut_points))
    for name, value in measured.assortativity.items():
        if value is None:
            say("assortativity_unknown", name=name)
        else:
            say("assortativity", name=name, value=f"{value:.2f}")
    if measured.sources is not None:
        say("estimated", nodes=measured.sources)
    if 0 < top < len(measured.scores):
        say("top", top=top, accounts=len(measured.scores))
    note_handles(language)
    say("caution")


def _check_drawing(file: Path) -> None:
    """Before anything is measured: another end of a name would promise another kind of file."""
    if file.suffix.lower() != ".svg":
        raise UsageError(
            "a plot is written as SVG", where=str(file), remedy=f"Name it {file.with_suffix('.svg').name}."
        )
    if not file.parent.is_dir():
        raise UsageError("there is no such folder", where=str(file.parent), remedy="Make the folder first.")


def _draw(measured: "Measured", file: Path) -> None:
    from graphwatch.analysis.measures import distribution
    from graphwatch.common.files import replacing

    name = measured.scores.columns[2]
    with replacing(file) as draft:
        draft.write(distribution(measured.scores.to_arrow()[name].to_numpy(), f"{name}, {measured.network}"))
    note(f"Wrote {file}.")
