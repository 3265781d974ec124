"""`graphwatch detect`, also with --compat: the tables of two other tools."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Literal

import click
from click.core import ParameterSource

from graphwatch.cli.configs import config_options
from graphwatch.cli.limits import measured, say_coverage
from graphwatch.cli.notes import note, waiting
from graphwatch.cli.options import Place, opened, store_options
from graphwatch.cli.tables import show_table
from graphwatch.detection.compat.config import CompatConfig
from graphwatch.detection.config import DetectionConfig
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from graphwatch.detection.detecting import Detected
    from graphwatch.detection.estimate import Estimate, Sampled
    from graphwatch.detection.powering import Powered

_OWN: Final = ("table", "min_participation", "edge_weight", "min_weight")
_SHARED: Final = ("window", "compat", "store", "project")


@dataclass(frozen=True, slots=True)
class Peer:
    """What --compat and the options that go with it say; `tool` is None without --compat."""

    tool: Literal["coortweet", "toolkit"] | None
    asked: dict[str, Any]


def compat_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--compat and the options that go with it, which the command gets as one `peer`."""

    @click.option(
        "--compat",
        type=click.Choice(["coortweet", "toolkit"]),
        help="Print the table that CooRTweet or the Coordination Network Toolkit would give, as CSV.",
    )
    @config_options(CompatConfig, only=_OWN, called="of_peer")
    @wraps(command)
    def with_peer(*words: Any, compat: Any, of_peer: dict[str, Any], **others: Any) -> Any:
        return command(*words, peer=Peer(compat, of_peer), **others)

    return with_peer


def check_words(context: click.Context, peer: Peer) -> None:
    """Options that have no part in what was asked are refused, not passed over.

    Raises:
        UsageError: an option goes only with --compat, or not with it.
    """
    given = [p for p in context.params if context.get_parameter_source(p) is ParameterSource.COMMANDLINE]
    flags = {p.name: p.opts[0] for p in context.command.params}
    if peer.tool is None:
        wrong = [name for name in given if name in _OWN]
        remedy = "Add --compat coortweet or --compat toolkit, or leave it out."
    else:
        wrong = [name for name in given if name not in (*_OWN, *_SHARED)]
        remedy = "Leave it out: the other tools take --window and their own thresholds, and all rows."
    if wrong:
        raise UsageError(
            f"{flags[wrong[0]]} goes {'only' if peer.tool is None else 'not'} with --compat", remedy=remedy
        )


def print_table(place: Place, peer: Peer, asked: Mapping[str, Any]) -> None:
    """The table as CSV on standard output; `asked` has the window, if one was given."""
    assert peer.tool is not None
    with opened(place) as project:
        answer = project.compat(peer.tool, **asked, **peer.asked)
    for line in answer.caveats:
        note(line)
    show_table(answer, "csv")


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


@click.command()
@config_options(DetectionConfig)
@click.option("--power", is_flag=True, help="Also say which groups would have been found; see `graphwatch power`.")
@click.option("--dry-run", is_flag=True, help="Say what there is to look at and what it will cost; detect nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: as one JSON object.")
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when a cluster is found, for cron.")
@compat_options
@store_options
@click.pass_context
def detect(
    context: click.Context,
    asked: dict[str, Any],
    power: bool,
    dry_run: bool,
    as_json: bool,
    fail_on_findings: bool,
    peer: Peer,
    place: Place,
) -> None:
    """Find pairs of accounts that act together on the same posts, and the clusters they form.

    Pairs are tested against what chance explains. The run, its pairs and its clusters are written back into the
    graph. The same question on the same data is the same run.

    With --compat nothing is written: the table of CooRTweet or the Coordination Network Toolkit is printed instead.

    \b
    graphwatch detect --paslon-pages --from 2024-09-25 --to 2024-11-23
    graphwatch detect --object link --kind shared --window 10
    graphwatch detect --compat coortweet --window 10 > edges.csv
    """
    check_words(context, peer)
    if peer.tool is not None:
        print_table(place, peer, asked)
        return
    if as_json and not dry_run:
        raise UsageError("--json is for --dry-run", remedy="`graphwatch query clusters --json` gives what was found.")
    config = DetectionConfig.asked(None, asked)
    with opened(place) as project:
        if dry_run:
            show(project.estimate(config), as_json=as_json)
            return
        with waiting(_detecting()):
            detected = project.detect(config)
        powered = measured(project, detected.run) if power else project.kept_power(detected.run)
        _report(detected, config, powered)
        if not detected.denominators["clusters"]:
            say_coverage(project)
    if fail_on_findings and detected.denominators["clusters"]:
        sys.exit(1)


def _detecting() -> str:
    from graphwatch.detection.counting import is_compiled

    return "Detecting …" if is_compiled() else "Detecting …; the first time, half a minute for compiling"


def _report(detected: "Detected", config: DetectionConfig, powered: "Powered | None") -> None:
    seen, object = detected.denominators, config.object
    note(
        f"Run {detected.run}{' (asked before; nothing was written)' if detected.already else ''}: "
        f"{seen['interactions']:,} timed interactions of {seen['accounts']:,} accounts with {seen['objects']:,} "
        f"{object}s; {seen['untimed']:,} without a time were left out."
    )
    note(
        f"{seen['pairs']:,} pairs acted within {config.window:g} s of each other on {config.min_objects} or more "
        f"{object}s; {seen['clusters']:,} clusters of three or more accounts."
    )
    if detected.coordinated is None:
        note("These are counts, not a test against chance: fans of a page act together too.")
    else:
        note(
            f"{detected.coordinated:,} of the pairs are beyond what chance explains by themselves; "
            "members of clusters keep company beyond chance."
        )
    for layer, alone in detected.layers.items():
        note(f"  {layer} alone: {_found(alone)}.")
    for at in detected.sensitivity:
        note(f"  at {(at['window_ms'] or 0) / 1000:g} s: {_found(at)} of {at['accounts']:,} accounts.")
    if detected.continued:
        note(f"{detected.continued:,} clusters continue one of an earlier run.")
    if seen["clusters"]:
        note("Clusters are leads for a person to weigh, never verdicts.")
    else:
        note("No cluster with these settings in these data.")
    if powered:
        note(powered.sentence("en"))
    elif not seen["clusters"]:
        note(f"`graphwatch power --run {detected.run}` says which groups would have been found.")
    if detected.slowness:
        note(detected.slowness)


def _found(numbers: dict[str, Any]) -> str:
    coordinated = numbers.get("coordinated")
    beyond = "" if coordinated is None else f", {coordinated:,} beyond chance"
    return f"{numbers['pairs']:,} pairs{beyond}; {numbers['clusters']:,} clusters"
