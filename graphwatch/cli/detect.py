"""`graphwatch detect`."""

import sys
from typing import TYPE_CHECKING

import click

from graphwatch.cli.coverage import say_coverage
from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.settings import MIN_OBJECTS, WINDOW_SECONDS

if TYPE_CHECKING:
    from graphwatch.api import Detected


@click.command()
@click.option(
    "--window",
    default=WINDOW_SECONDS,
    show_default=True,
    help="Seconds within which two actions are together.",
)
@click.option("--min-objects", default=MIN_OBJECTS, show_default=True, help="Posts on which a pair must act together.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="LIKED, COMMENTED, SHARED or MENTIONED; repeat for several. [default: all]",
)
@click.option(
    "--fdr",
    type=float,
    metavar="RATE",
    help="Test against chance at this false discovery rate, for example 0.05. [default: count only]",
)
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when a cluster is found, for cron.")
@store_options
def detect(
    window: float, min_objects: int, kinds: tuple[str, ...], fdr: float | None, fail_on_findings: bool, place: Place
) -> None:
    """Find pairs of accounts that act together on the same posts, and the clusters they form.

    The run, its pairs and its clusters are written back into the graph. The same question on the same data is the
    same run.
    """
    from graphwatch.model import POST_INTERACTIONS

    with opened(place) as desk:
        detected = desk.detect(window=window, min_objects=min_objects, kinds=kinds or POST_INTERACTIONS, fdr=fdr)
        _report(detected, window, min_objects)
        if not detected.denominators["clusters"]:
            say_coverage(desk)
    if fail_on_findings and detected.denominators["clusters"]:
        sys.exit(1)


def _report(detected: "Detected", window: float, min_objects: int) -> None:
    seen = detected.denominators
    note(
        f"Run {detected.run}{' (asked before; nothing was written)' if detected.already else ''}: "
        f"{seen['interactions']:,} timed interactions of {seen['accounts']:,} accounts with {seen['objects']:,} posts; "
        f"{seen['untimed']:,} without a time were left out."
    )
    note(
        f"{seen['pairs']:,} pairs acted within {window:g} s of each other on {min_objects} or more posts; "
        f"{seen['clusters']:,} clusters of three or more accounts."
    )
    if detected.coordinated is None:
        note("These are counts, not a test against chance: fans of a page act together too. --fdr 0.05 tests.")
    else:
        note(f"{detected.coordinated:,} of the pairs are beyond what chance explains; clusters are made of these.")
    if seen["clusters"]:
        note("Clusters are leads for a person to weigh, never verdicts.")
    else:
        note("No cluster with these settings in these data.")
    if detected.slowness:
        note(detected.slowness)
