"""`graphwatch compat`."""

import sys
from typing import Literal

import click

from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.settings import WINDOW_SECONDS


@click.command()
@click.argument("tool", type=click.Choice(["coortweet", "toolkit"]))
@click.option("--table", type=click.Choice(["edges", "pairs"]), default="edges", show_default=True, help="Which table.")
@click.option("--window", default=WINDOW_SECONDS, show_default=True, help="Seconds between two rows that match.")
@click.option("--min-participation", default=2, show_default=True, help="Rows that an account must have (coortweet).")
@click.option("--edge-weight", default=0.5, show_default=True, help="Quantile of weight_threshold (coortweet).")
@click.option("--min-weight", default=1, show_default=True, help="Least weight of an edge (toolkit).")
@store_options
def compat(
    tool: Literal["coortweet", "toolkit"],
    table: Literal["edges", "pairs"],
    window: float,
    min_participation: int,
    edge_weight: float,
    min_weight: int,
    place: Place,
) -> None:
    """The table that CooRTweet or the Coordination Network Toolkit would give, as CSV."""
    from graphwatch.api.compat import UNTIMED
    from graphwatch.cli.render import render

    with opened(place) as desk:
        answer = desk.compat(
            tool,
            table=table,
            window=window,
            min_participation=min_participation,
            edge_weight=edge_weight,
            min_weight=min_weight,
            to="arrow",
        )
    untimed = int(answer.schema.metadata[UNTIMED])
    if untimed:
        note(f"{untimed:,} interactions without a time were left out.")
    render(answer, "csv", sys.stdout)
