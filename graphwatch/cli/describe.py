"""A trace in words that a person can read aloud."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from graphwatch.cli.cells import visible
from graphwatch.common.clock import local
from graphwatch.common.i18n import text
from graphwatch.model import INTERACTIONS

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
