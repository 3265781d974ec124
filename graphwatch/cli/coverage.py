"""`graphwatch coverage`, and the words about coverage that go with finding nothing."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.cli.tables import show_table

if TYPE_CHECKING:
    from graphwatch.casework.coverage import Coverage
    from graphwatch.project import Project


@click.command()
@click.option("--suppress", is_flag=True, help="Withhold numbers of agencies below five persons.")
@click.option("--language", type=click.Choice(["id", "en"]), default="en", show_default=True, help="Of the texts.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@store_options
def coverage(suppress: bool, language: str, as_json: bool, place: Place) -> None:
    """What the loaded data can show at all.

    How much of the roster has a known account, by agency, platform and basis; which interactions of which platform
    anyone can see; which days have data. Finding nothing means little where little could be seen.
    """
    from dataclasses import asdict

    from graphwatch.casework.coverage import sentences

    with opened(place) as project:
        found = project.coverage(suppress=suppress, language=language)
    if as_json:
        click.echo(json.dumps({**asdict(found), "days_without": found.days_without}, ensure_ascii=False, indent=1))
        return
    for line in sentences(found, language):
        click.echo(line)
    for heading, rows in _sections(found):
        if rows:
            _show(heading, rows, language)


def say_coverage(project: "Project", language: str = "en") -> None:
    """Say what the data could show at all, where nothing was found in them."""
    from graphwatch.casework.coverage import sentences

    note(" ".join(sentences(project.coverage(language=language), language)))


def _sections(found: "Coverage") -> list[tuple[str, Sequence[Any]]]:
    sections: list[tuple[str, Sequence[Any]]] = [("kinds", found.kinds)]
    if found.roster:
        roster = found.roster
        sections += [("platforms", roster.platforms), ("bases", roster.bases), ("agencies", roster.agencies)]
        sections.append(("disputes", roster.disputed))
    return [*sections, ("gaps", [{"first": a, "last": b} for a, b in found.gaps])]


def _show(heading: str, rows: Sequence[Any], language: str) -> None:
    from dataclasses import asdict, is_dataclass

    import pyarrow as pa

    from graphwatch.common.i18n import text

    click.echo(f"\n{text(f'coverage.{heading}', language)}")
    values = [asdict(row) if is_dataclass(row) and not isinstance(row, type) else row for row in rows]
    show_table(pa.Table.from_pylist([_cells(row) for row in values]), "table")


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """The row as it fits a terminal: citations are in the JSON."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items() if k != "citation"}
