"""What `graphwatch detect --dry-run` shows."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from graphwatch.cli.options import note
from graphwatch.cli.tabular import show_table

if TYPE_CHECKING:
    from graphwatch.detect import Estimate
    from graphwatch.detect.estimate import Sampled


def show(estimate: "Estimate", *, as_json: bool) -> None:
    """The estimate on standard output: two small tables, or one JSON object."""
    if as_json:
        click.echo(json.dumps(asdict(estimate), ensure_ascii=False))
        return
    import pyarrow as pa

    names, values = zip(*_rows(estimate), strict=True)
    show_table(pa.table({"what": names, "number": values}), "table")
    if estimate.busiest:
        busiest = [(b.object, f"{b.interactions:,}", f"{b.share:.1%}") for b in estimate.busiest]
        columns = zip(*busiest, strict=True)
        click.echo()
        show_table(pa.table(dict(zip(("busiest", "interactions", "share of work"), columns, strict=True))), "table")
    note(
        "Time and memory are orders of magnitude, from a sample of this work on this machine; reading and writing the "
        "store come on top. Nothing was detected or written."
    )


def _rows(estimate: "Estimate") -> list[tuple[str, str]]:
    rows = [
        ("timed interactions", f"{estimate.interactions:,}"),
        ("without a time, left out", f"{estimate.untimed:,}"),
        ("accounts", f"{estimate.accounts:,}"),
        ("objects", f"{estimate.objects:,}"),
        ("co-interactions within the window", f"{estimate.co_interactions:,}"),
        ("pair visits of the count", f"{estimate.visits:,}"),
        ("pairs that reach the count", _sampled(estimate.pairs)),
    ]
    if estimate.tests:
        rows += [
            ("opportunities within the coarse window", f"{estimate.opportunities:,}"),
            ("pair visits of the test", f"{estimate.coarse_visits:,}"),
            ("pairs to be tested", _sampled(estimate.tests)),
        ]
    return [
        *rows,
        ("seconds", f"about {estimate.seconds:.2g}"),
        ("memory", f"about {estimate.bytes / 1e9:.2g} GB"),
    ]


def _sampled(sampled: "Sampled") -> str:
    if not sampled.relative_error:
        return f"{sampled.number:,}"
    return f"about {sampled.number:,} ± {sampled.relative_error:.0%}"
