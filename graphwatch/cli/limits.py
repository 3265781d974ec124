"""`graphwatch power` and `graphwatch coverage`: what could have been found, and seen, at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import Place, config_options, flag_of, lang_option, opened, store_options
from graphwatch.cli.tables import Form, form_options, json_option, print_json, show_table, write_xlsx, xlsx_option
from graphwatch.cli.terminal import note, progress_shown
from graphwatch.common.config import options_of
from graphwatch.common.i18n import text
from graphwatch.detection.config import PowerConfig, Question
from graphwatch.errors import UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    import pyarrow as pa

    from graphwatch.casework.coverage import Coverage
    from graphwatch.detection.power.powering import Powered
    from graphwatch.project import Project


@click.command()
@click.option("--run", metavar="ID", help="Ask what this run asked, or `latest`; the run then keeps the table.")
@config_options(PowerConfig)
@lang_option
@form_options
@store_options
def power(run: str | None, asked: dict[str, Any], lang: str | None, form: Form | None, place: Place) -> None:
    """Plant synthetic groups into a copy of the data and say which would have been found.

    Groups are tried in each window and each family that the question has, and within a window at each age of posts:
    an hour or more after publication, between five minutes and an hour, and before. Where a roster is loaded they are
    made of its accounts.

    Nothing planted is ever written to the graph. A group is found where at least half of its members are in one
    cluster that is made mostly of them; low and high enclose the share with 95 % confidence.

    \b
    graphwatch power --run latest
    graphwatch power --window 10 --sizes 5,10 --posts 4,8
    """
    if run is not None:
        _check_alone(asked)
    with opened(place) as project:
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
        powered = measured(project, run, language, **asked)
    show_table(_rounded(powered), form, language)
    note_power(powered, language)
    if powered.run:
        note(f"Run {powered.run} keeps this table.")


def _check_alone(asked: dict[str, Any]) -> None:
    """A run brings its own question."""
    own = [name for name in options_of(Question) if name in asked]
    if own:
        flag = "--count-only" if own[0] == "fdr" and asked["fdr"] is None else flag_of(Question, own[0])
        raise UsageError(f"a run has a question of its own, so --run takes no {flag}", remedy="Leave one out.")


def measured(project: "Project", run: str | None, language: str, **asked: Any) -> "Powered":
    """The table, with progress on a terminal."""
    with progress_shown(language) as progress:
        return project.power(run=run, progress=progress, **asked)


def note_power(powered: "Powered", language: str) -> None:
    """What would have been found, a line for each family and window."""
    for sentence in powered.sentences(language):
        note(sentence)


def _rounded(powered: "Powered") -> Any:
    """The table with shares that a person can read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = powered.table.to_arrow()
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            table = table.set_column(index, field, pc.round(table[field.name], 3))
    return table


@click.command()
@click.option("--suppress", is_flag=True, help="Withhold numbers of agencies and positions below five persons.")
@lang_option
@json_option
@xlsx_option
@store_options
def coverage(suppress: bool, lang: str | None, as_json: bool, xlsx: Path | None, place: Place) -> None:
    """What the loaded data can show at all.

    How much of the roster has a known account, by agency, platform and basis; which interactions of which platform
    anyone can see; which days have data. Finding nothing means little where little could be seen.
    """
    from dataclasses import asdict

    from graphwatch.casework.coverage import sentences

    with opened(place) as project:
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
        found = project.coverage(suppress=suppress, lang=language)
    if as_json:
        print_json({**asdict(found), "days_without": found.days_without})
        return
    for line in sentences(found, language):
        click.echo(line)
    tables = {text(f"coverage.{heading}", language): _table(rows) for heading, rows in _sections(found) if rows}
    if xlsx is not None:
        write_xlsx(xlsx, tables, language)
        return
    for heading, table in tables.items():
        click.echo(f"\n{heading}")
        show_table(table, "table", language)


def say_coverage(project: "Project", language: str) -> None:
    """Say what the data could show at all, where nothing was found in them."""
    from graphwatch.casework.coverage import sentences

    note(" ".join(sentences(project.coverage(lang=language), language)))


def _sections(found: "Coverage") -> list[tuple[str, Sequence[Any]]]:
    sections: list[tuple[str, Sequence[Any]]] = [("kinds", found.kinds)]
    if found.roster:
        roster = found.roster
        sections += [("platforms", roster.platforms), ("bases", roster.bases), ("agencies", roster.agencies)]
        sections += [("positions", roster.positions), ("disputes", roster.disputed)]
    return [*sections, ("gaps", [{"first": a, "last": b} for a, b in found.gaps])]


def _table(rows: Sequence[Any]) -> "pa.Table":
    from dataclasses import asdict, is_dataclass

    import pyarrow as pa

    values = [asdict(row) if is_dataclass(row) and not isinstance(row, type) else row for row in rows]
    return pa.Table.from_pylist([_cells(row) for row in values])


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """The row as it fits a terminal: citations are in the JSON."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items() if k != "citation"}
