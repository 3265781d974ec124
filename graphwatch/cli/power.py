"""`graphwatch power`."""

from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.configs import config_options, flag_of
from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.cli.tables import show_table
from graphwatch.common.config import options_of
from graphwatch.detection.config import PowerConfig, Question
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from graphwatch.detection.powering import Powered
    from graphwatch.project import Project


@click.command()
@click.option("--run", metavar="ID", help="Ask what this run asked, or `latest`; the run then keeps the table.")
@config_options(PowerConfig)
@click.option("--lang", type=click.Choice(["id", "en"]), default="en", show_default=True, help="Of the sentence.")
@click.option("--table", "form", flag_value="table", help="For reading. [default on a terminal]")
@click.option("--csv", "form", flag_value="csv", help="[default elsewhere]")
@click.option("--json", "form", flag_value="json")
@store_options
def power(run: str | None, asked: dict[str, Any], lang: str, form: str | None, place: Place) -> None:
    """Plant synthetic groups into a copy of the data and say which would have been found.

    Nothing planted is ever written to the graph. A group is found where at least half of its members are in one
    cluster that is made mostly of them; low and high enclose the share with 95 % confidence.

    \b
    graphwatch power --run latest
    graphwatch power --window 10 --sizes 5,10 --posts 4,8
    """
    if run is not None:
        _check_alone(asked)
    with opened(place) as project:
        powered = measured(project, run, **asked)
    show_table(_rounded(powered), form)
    note(powered.sentence(lang))
    if powered.run:
        note(f"Run {powered.run} keeps this table.")


def _check_alone(asked: dict[str, Any]) -> None:
    """A run brings its own question."""
    own = [name for name in options_of(Question) if name in asked]
    if own:
        flag = "--count-only" if own[0] == "fdr" and asked["fdr"] is None else flag_of(Question, own[0])
        raise UsageError(f"a run has a question of its own, so --run takes no {flag}", remedy="Leave one out.")


def measured(project: "Project", run: str | None, **asked: Any) -> "Powered":
    """The table, with progress on a terminal."""
    from graphwatch.cli.progress import shown

    with shown() as progress:
        return project.power(run=run, progress=progress, **asked)


def _rounded(powered: "Powered") -> Any:
    """The table with shares that a person can read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = powered.table.to_arrow()
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            table = table.set_column(index, field, pc.round(table[field.name], 3))
    return table
