"""`graphwatch power`."""

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from graphwatch.cli.options import Place, note, opened, rate, store_options
from graphwatch.cli.scope import scope_options
from graphwatch.cli.tables import show_table
from graphwatch.errors import UsageError
from graphwatch.settings import (
    FDR,
    MIN_OBJECTS,
    POWER_JOINS,
    POWER_POSTS,
    POWER_REPEATS,
    POWER_SIZES,
    POWER_SPREAD_SECONDS,
    SEED,
    WINDOW_SECONDS,
)

if TYPE_CHECKING:
    from graphwatch.detection.powering import Powered
    from graphwatch.project import Project


def _numbers(_: click.Context, option: click.Parameter, value: str) -> tuple[int, ...]:
    """Whole numbers with commas between."""
    try:
        return tuple(int(word) for word in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not of the form 3,5,10", param=option) from None


def _list(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values))


@click.command()
@click.option("--run", metavar="ID", help="Ask what this run asked, or `latest`; the run then keeps the table.")
@click.option("--window", default=WINDOW_SECONDS, show_default=True, help="As for detect, in seconds.")
@click.option("--min-objects", default=MIN_OBJECTS, show_default=True, help="As for detect.")
@scope_options
@click.option("--fdr", type=float, metavar="RATE", help=f"As for detect. [default: {FDR}]")
@click.option("--count-only", is_flag=True, help="As for detect.")
@click.option(
    "--sizes", callback=_numbers, default=_list(POWER_SIZES), show_default=True, help="Accounts in a planted group."
)
@click.option(
    "--posts", callback=_numbers, default=_list(POWER_POSTS), show_default=True, help="Posts that a group acts on."
)
@click.option(
    "--spread",
    default=POWER_SPREAD_SECONDS,
    show_default=True,
    help="Deviation of members' times on a post, in seconds.",
)
@click.option(
    "--joins", default=POWER_JOINS, show_default=True, help="Chance that a member acts on a post of its group."
)
@click.option("--repeats", default=POWER_REPEATS, show_default=True, help="Groups of each size and number of posts.")
@click.option("--seed", default=SEED, show_default=True, help="Of every draw.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="en", show_default=True, help="Of the sentence.")
@click.option("--table", "form", flag_value="table", help="For reading. [default on a terminal]")
@click.option("--csv", "form", flag_value="csv", help="[default elsewhere]")
@click.option("--json", "form", flag_value="json")
@store_options
@click.pass_context
def power(
    context: click.Context,
    /,
    run: str | None,
    window: float,
    min_objects: int,
    scope: dict[str, Any],
    fdr: float | None,
    count_only: bool,
    lang: str,
    form: str | None,
    place: Place,
    **trials: Any,
) -> None:
    """Plant synthetic groups into a copy of the data and say which would have been found.

    Nothing planted is ever written to the graph. A group is found where at least half of its members are in one
    cluster that is made mostly of them; low and high enclose the share with 95 % confidence.

    \b
    graphwatch power --run latest
    graphwatch power --window 10 --sizes 5,10 --posts 4,8
    """
    question = {"window": window, "min_objects": min_objects, "fdr": rate(fdr, count_only), **scope}
    if run is not None:
        _check_alone(context, question)
        question = {}
    with opened(place) as desk:
        powered = measured(desk, run, **trials, **question)
    show_table(_rounded(powered), form)
    note(powered.sentence(lang))
    if powered.run:
        note(f"Run {powered.run} keeps this table.")


def _check_alone(context: click.Context, question: dict[str, Any]) -> None:
    """A run brings its own question."""
    names = [*question, "count_only"]
    given = [n for n in names if context.get_parameter_source(n) is ParameterSource.COMMANDLINE]
    if given:
        flags = {p.name: p.opts[0] for p in context.command.params}
        raise UsageError(
            f"a run has a question of its own, so --run takes no {flags[given[0]]}", remedy="Leave one out."
        )


def measured(desk: "Project", run: str | None, **asked: Any) -> "Powered":
    """The table, with progress on a terminal."""
    from graphwatch.cli.progress import shown

    with shown() as progress:
        return desk.power(run=run, progress=progress, **asked)


def _rounded(powered: "Powered") -> Any:
    """The table with shares that a person can read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = powered.table
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            table = table.set_column(index, field, pc.round(table[field.name], 3))
    return table
