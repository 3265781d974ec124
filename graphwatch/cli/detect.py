"""`graphwatch detect`, also with --compat: the tables of two other tools."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Literal

import click
from click.core import ParameterSource

from graphwatch.cli.limits import measured, note_power, say_coverage
from graphwatch.cli.options import Place, config_options, lang_option, opened, store_options
from graphwatch.cli.tables import json_option, print_json, show_table
from graphwatch.cli.terminal import note, progress_shown
from graphwatch.common.i18n import text
from graphwatch.detection.config import CompatConfig, DetectionConfig, Means
from graphwatch.errors import UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.detection.detecting import Detected
    from graphwatch.detection.estimate import Estimate, Sampled
    from graphwatch.detection.power.powering import Powered

_OWN: Final = ("for_spreadsheets", "table", "min_participation", "edge_weight", "min_weight")
_SHARED: Final = ("window", "compat", "store", "project")


@dataclass(frozen=True, slots=True)
class Peer:
    """What --compat and the options that go with it say; `tool` is None without --compat."""

    tool: Literal["coortweet", "toolkit"] | None
    inert: bool
    asked: dict[str, Any]


def compat_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--compat and the options that go with it, which the command gets as one `peer`."""

    @click.option(
        "--compat",
        type=click.Choice(["coortweet", "toolkit"]),
        help="Print the table that CooRTweet or the Coordination Network Toolkit would give, as CSV.",
    )
    @click.option(
        "--for-spreadsheets",
        is_flag=True,
        help="With --compat: an apostrophe before ids that a spreadsheet would compute; else they are as in the data.",
    )
    @config_options(CompatConfig, only=_OWN, called="of_peer")
    @wraps(command)
    def with_peer(*words: Any, compat: Any, for_spreadsheets: bool, of_peer: dict[str, Any], **others: Any) -> Any:
        return command(*words, peer=Peer(compat, for_spreadsheets, of_peer), **others)

    return with_peer


def check_words(context: click.Context, peer: Peer) -> None:
    """Options that have no part in what was asked are refused, not passed over.

    Raises:
        UsageError: an option is only for --compat, or cannot be combined with it.
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
            f"{flags[wrong[0]]} {'is only for' if peer.tool is None else 'cannot be combined with'} --compat",
            remedy=remedy,
        )


def print_table(place: Place, peer: Peer, asked: Mapping[str, Any]) -> None:
    """The table as CSV on standard output; `asked` has the window, if one was given."""
    assert peer.tool is not None
    with opened(place) as project:
        answer = project.compat(peer.tool, **asked, **peer.asked)
    for line in answer.caveats:
        note(line)
    show_table(answer, "csv", TERMINAL_LANGUAGE, inert=peer.inert)


def show(estimate: "Estimate", language: str) -> None:
    """The estimate on standard output, in two small tables."""
    import pyarrow as pa

    def said(key: str, **values: str) -> str:
        return text(f"estimate.{key}", language, **values)

    names, values = zip(*_rows(estimate, said), strict=True)
    show_table(pa.table({said("what"): [said(name) for name in names], said("number"): values}), "table", language)
    if estimate.busiest:
        busiest = [(b.object, f"{b.interactions:,}", f"{b.share:.1%}") for b in estimate.busiest]
        headings = map(said, ("busiest", "busiest_interactions", "share"))
        click.echo()
        show_table(pa.table(dict(zip(headings, zip(*busiest, strict=True), strict=True))), "table", language)
    note(said("caution"))


def _rows(estimate: "Estimate", said: Callable[..., str]) -> list[tuple[str, str]]:
    """What each number is called among the texts, and the number."""

    def sampled(number: "Sampled") -> str:
        if not number.relative_error:
            return f"{number.number:,}"
        return said("about", value=f"{number.number:,} ± {number.relative_error:.0%}")

    others = (("observed", estimate.observed), ("coarse", estimate.coarse))
    rows = [
        ("interactions", f"{estimate.interactions:,}"),
        ("untimed", f"{estimate.untimed:,}"),
        *((name, f"{number:,}") for name, number in others if number),
        ("accounts", f"{estimate.accounts:,}"),
        ("objects", f"{estimate.objects:,}"),
        ("co_interactions", f"{estimate.co_interactions:,}"),
        ("visits", f"{estimate.visits:,}"),
        ("pairs", sampled(estimate.pairs)),
    ]
    if estimate.tests:
        rows += [
            ("opportunities", f"{estimate.opportunities:,}"),
            ("coarse_visits", f"{estimate.coarse_visits:,}"),
            ("tests", sampled(estimate.tests)),
        ]
    for family in estimate.families:
        key = "family" if family.enough else "family_few"
        rows.append((f"family_{family.family}", said(key, n=f"{family.acts:,}", accounts=f"{family.accounts:,}")))
    size = f"{estimate.bytes / 1e9:.2g} GB"
    return [*rows, ("seconds", said("about", value=f"{estimate.seconds:.2g}")), ("memory", said("about", value=size))]


@click.command()
@config_options(DetectionConfig)
@config_options(Means, called="given")
@click.option("--power", is_flag=True, help="Also say which groups would have been found; see `graphwatch power`.")
@click.option("--dry-run", is_flag=True, help="Say what there is to look at and what it will cost; detect nothing.")
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when a cluster is found, for cron.")
@lang_option
@json_option
@compat_options
@store_options
@click.pass_context
def detect(
    context: click.Context,
    asked: dict[str, Any],
    given: dict[str, Any],
    power: bool,
    dry_run: bool,
    fail_on_findings: bool,
    lang: str | None,
    as_json: bool,
    peer: Peer,
    place: Place,
) -> None:
    """Find pairs of accounts that act together on the same posts, and the clusters they form.

    Pairs are tested against what chance explains. The run, its pairs and its clusters are written back into the
    graph. So are accounts that wrote the same or nearly the same texts, published the same links, or are in the same
    lists of likers without a time, each as a layer of its own; --family narrows that. Accounts that act always so long
    after publication, as programs do, are leads of their own (`graphwatch query regular-lags`).
    Without --window a minute is looked at, and 10 seconds, 15 minutes and the same day beside it, each as a layer of
    its own (10s, 15min, day); all are corrected together.
    The same question on the same data is the same run. --json gives the numbers of the run;
    `graphwatch query clusters --json` its clusters.

    With --compat nothing is written: the table of CooRTweet or the Coordination Network Toolkit is printed instead.

    \b
    graphwatch detect --paslon-pages --from 2024-09-25 --to 2024-11-23
    graphwatch detect --object link --kind shared --window 10
    graphwatch detect --acts 'acts/*.parquet' --memory 4
    graphwatch detect --engine spark --master spark://head:7077 --acts 's3a://office/acts/*.parquet'
    graphwatch detect --compat coortweet --window 10 > edges.csv
    """
    check_words(context, peer)
    if peer.tool is not None:
        print_table(place, peer, asked)
        return
    config = DetectionConfig.asked(None, asked)
    if dry_run and given:
        raise UsageError(
            "--dry-run looks at the acts of the store, here",
            remedy="Leave --memory, --acts, --engine and --master out.",
        )
    with opened(place) as project:
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
        if dry_run:
            estimate = project.estimate(config)
            if as_json:
                print_json(estimate)
            else:
                show(estimate, language)
            return
        with progress_shown(language, text(_beginning(), language)) as progress:
            detected = project.detect(config, progress=progress, **given)
        powered = measured(project, detected.run, language) if power else project.kept_power(detected.run)
        if as_json:
            print_json(_numbers(detected, powered))
        _report(detected, config, powered, language)
        if not clusters_of(detected):
            say_coverage(project, language)
    if fail_on_findings and clusters_of(detected):
        sys.exit(1)


def _beginning() -> str:
    from graphwatch.detection.counting.pairs import is_compiled

    return "progress.acts_read" if is_compiled() else "progress.first_time"


def _numbers(detected: "Detected", powered: "Powered | None") -> dict[str, Any]:
    """The run as JSON has it; power is a row for each planted sort of group, as `graphwatch power` shows them."""
    return {
        "run": detected.run,
        "already": detected.already,
        "denominators": detected.denominators,
        "coordinated": detected.coordinated,
        "layers": detected.layers,
        "windows": detected.windows,
        "families": detected.families,
        "sensitivity": detected.sensitivity,
        "lags": detected.lags,
        "continued": detected.continued,
        "other_questions": detected.others,
        "power": list(powered.table) if powered else None,
    }


def clusters_of(detected: "Detected") -> int:
    """Clusters of all kinds of act within the window, at further windows, and of the families."""
    beside = (*detected.windows.values(), *detected.families.values())
    return detected.denominators["clusters"] + sum(of["clusters"] for of in beside)


def _report_left_out(seen: dict[str, int], say: Callable[..., None]) -> None:
    """Interactions that have times of another sort; most stores have none."""
    for name in ("observed", "coarse"):
        if seen[name]:
            say(name, n=seen[name])


def _report_windows(detected: "Detected", say: Callable[..., None], found: Callable[[dict[str, Any]], str]) -> None:
    """What acts within further windows showed."""
    for name, of in detected.windows.items():
        say(f"beside.{name}", "  ", found=found(of))
        if of["clusters"]:
            say("family.explain", "    ", layer=name)


def _report_families(detected: "Detected", say: Callable[..., None], found: Callable[[dict[str, Any]], str]) -> None:
    """What texts, links and likes without a time showed, and how much of each was left out."""
    for family, of in detected.families.items():
        values: dict[str, Any] = {name: n for name, n in of.items() if name in _TOLD}
        say(f"family.{family}", **values, found=found(of))
        if of["clusters"]:
            say("family.explain", "  ", layer=family)


def _report_lags(detected: "Detected", say: Callable[..., None]) -> None:
    """Accounts that act always so long after publication, and out of how many; where no lag is known, nothing."""
    of = detected.lags
    if not of:
        return
    say("lags", regular=of["regular"], accounts=of["accounts"])
    if of["shared"]:
        say("lags.shared", "  ", shared=of["shared"])
    if of["regular"]:
        say("lags.explain", "  ")


def _report_beside(detected: "Detected", say: Callable[..., None]) -> None:
    """Earlier clusters that are found again, and other questions that were put to the same data."""
    for name, number in (("continued", detected.continued), ("others", detected.others)):
        if number:
            say(name, n=number)


_TOLD: Final = ("acts", "short", "quoted", "everybodys", "dropped", "no_page")


def _report(detected: "Detected", config: DetectionConfig, powered: "Powered | None", language: str) -> None:
    from graphwatch.explain.words import number

    def say(key: str, indent: str = "", **values: str | int | float) -> None:
        said = {k: number(v, language, 3) if isinstance(v, int | float) else v for k, v in values.items()}
        note(indent + text(f"detect.{key}", language, **said))

    def found(numbers: dict[str, Any]) -> str:
        names = ("pairs", "clusters") if numbers.get("coordinated") is None else ("pairs", "clusters", "coordinated")
        counts = {name: number(numbers[name], language, 0) for name in names}
        return text(f"detect.found{'_beyond' if 'coordinated' in counts else ''}", language, **counts)

    seen, objects = detected.denominators, text(f"detect.object.{config.object}", language)
    counted: dict[str, Any] = {name: seen[name] for name in ("interactions", "accounts", "objects", "untimed")}
    say("run_again" if detected.already else "run", run=detected.run, object=objects, **counted)
    _report_left_out(seen, say)
    least = config.min_objects
    say("pairs", pairs=seen["pairs"], window=config.seconds, least=least, object=objects, clusters=seen["clusters"])
    if detected.coordinated is None:
        say("counted")
    else:
        say("tested", coordinated=detected.coordinated)
    for layer, alone in detected.layers.items():
        say("layer", "  ", layer=layer, found=found(alone))
    _report_windows(detected, say, found)
    _report_families(detected, say, found)
    _report_lags(detected, say)
    for at in detected.sensitivity:
        say("window", "  ", window=(at["window_ms"] or 0) / 1000, found=found(at), accounts=at["accounts"] or 0)
    _report_beside(detected, say)
    say("leads" if clusters_of(detected) else "nothing")
    if powered:
        note_power(powered, language)
    elif not clusters_of(detected):
        say("ask_power", run=detected.run)
    if detected.slowness:
        note(detected.slowness)
