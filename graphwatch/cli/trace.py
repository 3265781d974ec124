"""`graphwatch trace` and `graphwatch neighbours`, with a trace in words that a person can read aloud."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from graphwatch.analysis.config import NeighboursConfig, TraceConfig
from graphwatch.cli.options import NamesWithDash, Place, config_options, lang_option, opened, store_options
from graphwatch.cli.tables import Form, form_options, json_option, print_json, show_table
from graphwatch.cli.terminal import note, told_names, visible
from graphwatch.common.clock import local
from graphwatch.common.files import read_text
from graphwatch.common.i18n import counted, text
from graphwatch.errors import InputError, UsageError
from graphwatch.export.config import ExportConfig
from graphwatch.model import INTERACTIONS
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.analysis.tracing import Hop, Traced
    from graphwatch.repository.ties import Node, Tie

_NAMED: Final = 3


def told(traced: "Traced", language: str) -> Iterator[str]:
    """The paths, hop by hop and relation by relation, in lines."""
    if traced.hops == 0:
        yield text("trace.same", language)
        return
    if traced.hops is None:
        yield text(
            "trace.none",
            language,
            hops=traced.farthest,
            seen=f"{traced.seen:,}",
            kinds=", ".join(traced.kinds),
            during=_during(traced, language),
        )
    for number, path in enumerate(traced.paths, 1):
        yield text("trace.path", language, number=number, n=len(path))
        for hop in path:
            for tie in hop.ties:
                yield "  " + _said(hop, tie, language)
    if traced.more:
        yield text("trace.more", language)


def caveats(traced: "Traced", language: str) -> Iterator[str]:
    """What was not searched, and what a path does not say."""
    if traced.hubs:
        names = ", ".join(_called(node, language) for node in traced.hubs[:_NAMED])
        names += " …" if len(traced.hubs) > _NAMED else ""
        yield text("trace.hubs", language, n=len(traced.hubs), names=names)
    if traced.paths:
        yield text("lead.path", language)


def _said(hop: "Hop", tie: "Tie", language: str) -> str:
    start, end = (hop.start, hop.end) if tie.forward else (hop.end, hop.start)
    rows = "; ".join(text("trace.row", language, file=visible(r.file), row=r.row) for r in tie.rows)
    said = text(
        "trace.hop",
        language,
        start=_called(start, language),
        says=text(f"trace.says.{tie.type}", language),
        end=_called(end, language),
        at=_when(tie, language),
        rows=text("trace.rows", language, rows=rows) if rows else "",
    )
    return " ".join(said.split())


def _when(tie: "Tie", language: str) -> str:
    """The time of an interaction, or how long the roster says that a link held."""
    if tie.at_ms is not None:
        return text("trace.at", language, time=_time(tie.at_ms))
    if tie.type in INTERACTIONS:
        return text("trace.untimed", language)
    ends = ("trace.since", "valid_from"), ("trace.until", "valid_to")
    days = ((key, tie.properties.get(name)) for key, name in ends)
    return " ".join(text(key, language, day=visible(day)) for key, day in days if day)


def _called(node: "Node", language: str) -> str:
    return f"{text(f'trace.node.{node.label}', language)} {visible(node.called)}"


def _time(at_ms: int) -> str:
    return f"{local(at_ms):%Y-%m-%d %H:%M:%S}"


def _during(traced: "Traced", language: str) -> str:
    begin_ms, end_ms = traced.during.begin_ms, traced.during.end_ms
    if begin_ms is None and end_ms is None:
        return text("trace.any_time", language)
    begin = "…" if begin_ms is None else _time(begin_ms)
    end = "…" if end_ms is None else _time(end_ms - 1)
    return text("trace.between", language, begin=begin, end=end)


@click.command(cls=NamesWithDash)
@click.argument("start", required=False)
@click.argument("end", required=False)
@click.option("--from-file", type=click.Path(path_type=Path), help="Lines `start,end`, or `start,` and `,end`.")
@config_options(TraceConfig)
@click.option("--html", type=click.Path(path_type=Path), help="The paths as a page of the network view, pseudonymised.")
@config_options(ExportConfig, only=("lang", "minutes", "unmask", "reason"), called="shown")
@json_option
@store_options
def trace(
    start: str | None,
    end: str | None,
    from_file: Path | None,
    html: Path | None,
    asked: dict[str, Any],
    shown: dict[str, Any],
    as_json: bool,
    place: Place,
) -> None:
    """How START and END are linked: all shortest paths, hop by hop, with times, files and rows.

    Both are accounts, pages, posts, paslon or agencies, by id, handle, name, address or pseudonym.

    \b
    graphwatch trace budi_s siti.r
    graphwatch trace x:123 "Page:Suara Maju" --kind LIKED --longer 2
    graphwatch trace budi_s siti.r --html path.html
    """
    from graphwatch.export.parts import Part

    page_config = ExportConfig(**shown)
    if html is None and (page_config.minutes or page_config.unmask or page_config.reason):
        what = "--minutes, --unmask and --reason are for the page of --html"
        raise UsageError(what, remedy="Add --html FILE, or leave them out.")
    starts, ends = _sides(start, end, from_file)
    with opened(place) as project:
        traced = project.trace(starts, ends, **asked)
        language = project.language(page_config.lang)
        page = None
        if html is not None and any(traced.paths):
            page = project.export(html, part=Part(traced=traced), config=page_config)
    if as_json:
        print_json(traced)
    else:
        for line in told(traced, language):
            click.echo(line)
    for line in caveats(traced, language):
        note(line)
    if page is not None:
        names = "under pseudonyms" if page.masked else told_names(page.named)
        note(f"{page.path}: {page.nodes:,} nodes, {page.edges:,} edges, {names}.")
    elif html is not None:
        note(f"{html} was not written: there is no path to show.")


@click.command(cls=NamesWithDash)
@click.argument("node")
@config_options(NeighboursConfig)
@lang_option
@form_options
@store_options
def neighbours(node: str, asked: dict[str, Any], lang: str | None, form: Form | None, place: Place) -> None:
    """What is near NODE: its ego network, nearest first, with a guard on its size."""
    config = NeighboursConfig(**asked)
    with opened(place) as project:
        near = project.neighbours(node, config)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(near, form, language)
    if near.left_out:
        listed = ", ".join(f"{counted(n, language)} {label}" for label, n in near.left_out.items())
        note(text("neighbours.left_out", language, room=counted(config.max_nodes, language), listed=listed))


def _sides(start: str | None, end: str | None, file: Path | None) -> tuple[list[str], list[str]]:
    """The starts and ends that were named as words or in a file."""
    starts, ends = [start] if start else [], [end] if end else []
    if file is not None:
        # A heading is no end.
        lines = [line for line in _lines(file) if tuple(map(str.lower, line)) != ("start", "end")]
        for begin, finish in lines:
            starts += [begin] if begin else []
            ends += [finish] if finish else []
    if not (starts and ends):
        raise UsageError("a trace needs a start and an end", remedy="Name both, or give a file with --from-file.")
    return list(dict.fromkeys(starts)), list(dict.fromkeys(ends))


def _lines(file: Path) -> list[tuple[str, str]]:
    import csv

    try:
        rows = list(csv.reader(read_text(file).splitlines()))
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(file), remedy="Check its name.") from None
    except csv.Error as error:
        raise InputError(f"invalid CSV: {error}", where=str(file), remedy="Save it as CSV UTF-8.") from error
    found = []
    for line, row in enumerate(rows, 1):
        if not row:
            continue
        if len(row) != 2:
            raise InputError(
                f"{len(row)} columns where there should be 2",
                where=f"{file}, line {line}",
                remedy="Write `start,end`; leave one side empty where there are more of the other.",
            )
        found.append((row[0].strip(), row[1].strip()))
    return found
