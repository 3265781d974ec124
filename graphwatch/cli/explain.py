"""`graphwatch explain`."""

from typing import TYPE_CHECKING

import click

from graphwatch.cli.cells import json_text, visible
from graphwatch.cli.options import Place, note_handles, opened, run_option, store_options

if TYPE_CHECKING:
    from graphwatch.explain.words import Section


@click.command()
@click.argument("lead")
@click.argument("other", required=False)
@run_option
@click.option("--layer", default="all", show_default=True, help="One kind of interaction of a run with --layers.")
@click.option("--lang", "language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--bursts", default=10, show_default=True, help="Bursts that are told, the fullest ones.")
@click.option("--json", "as_json", is_flag=True, help="The numbers behind the words, all bursts among them.")
@store_options
def explain(
    lead: str, other: str | None, run: str, layer: str, language: str, bursts: int, as_json: bool, place: Place
) -> None:
    """Say why a cluster or a pair is a lead, and what innocent explanations to rule out.

    LEAD is the number or id of a cluster, or one account of a pair, and OTHER the other one:
    `graphwatch explain 1`, or `graphwatch explain ani budi --lang en`.
    """
    from graphwatch.explain.words import sections

    with opened(place) as project:
        explained = project.explain(lead, other, run=run, layer=layer)
    note_handles()
    if as_json:
        from dataclasses import asdict

        click.echo(json_text(asdict(explained)))
    else:
        _write(sections(explained, language, bursts=max(bursts, 0)))


def _write(sections: "tuple[Section, ...]") -> None:
    """Headings and lines, wrapped; nothing that people wrote may move the cursor."""
    import shutil
    from textwrap import fill

    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    for place, section in enumerate(sections):
        if place:
            click.echo()
        click.echo(visible(section.heading))
        for line in section.lines:
            shown = fill(visible(line), width, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
            click.echo(shown)
