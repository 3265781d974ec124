"""The parts of documents that name nobody: an agency in numbers, and a run as a whole."""

import json
from collections.abc import Iterator
from typing import Final

from graphwatch.report.case_model import AgencyCase, SummaryCase
from graphwatch.report.document import Block, Column, Drawing, Lines, Part, Value
from graphwatch.report.pictures import strip, ties
from graphwatch.report.shared_sections import Wording, coverage, determined, method, sources
from graphwatch.settings import FEWEST

_SIDES: Final = ("before", "on", "after", "all")


def agency_parts(case: AgencyCase, words: Wording) -> Iterator[Part]:
    """How many of an agency's persons did what, for instruction; no paslon, nobody in particular."""
    seen = words.say("agency.persons", persons=words.told(case.persons), known=words.told(case.with_account))
    yield words.part("what", Lines((seen, words.say("agency.rule", n=FEWEST), words.say("agency.unseen"))))
    kinds = list(dict.fromkeys(cell.row for cell in case.cells))
    numbers = {(cell.row, cell.column): cell.n for cell in case.cells}
    rows: list[tuple[Value, ...]] = [
        (
            words.say("agency.any") if kind == "all" else words.kind(kind),
            *(words.told(numbers[kind, s]) for s in _SIDES),
        )
        for kind in kinds
    ]
    columns: list[Column | str] = ["kind", *(words.column(f"side.{side}", "number") for side in _SIDES)]
    blocks: list[Block] = [words.table("acts", columns, rows)] if rows else []
    day = words.say("agency.day", day=case.determined) if case.determined else words.say("agency.no_day")
    yield words.part("acts", *blocks, Lines((day, words.say("agency.many"))))
    yield words.part("teaching", Lines(tuple(words.say(f"teaching.{n}") for n in (1, 2, 3, 4))))
    yield coverage(case, words)
    yield method(case, words)


def summary_parts(case: SummaryCase, words: Wording) -> Iterator[Part]:
    """What a run found, what was decided, and what could be seen at all."""
    assert case.run is not None
    tested = case.run["coordinated"] is not None
    pairs = words.count(case.run["coordinated" if tested else "pairs"])
    found = words.say("summary.found" if tested else "summary.counted", n=len(case.clusters), pairs=pairs)
    regular = json.loads(str(case.run["lags"] or "{}")).get("regular")
    lags = (words.say("summary.lags", n=regular),) if regular else ()
    yield words.part("what", Lines((found, *lags, words.other("lead.more"))))
    yield words.part("clusters", *_clusters(case, words))
    yield from _overview(case, words)
    rows = [(words.say(f"outcome.{outcome}"), n) for outcome, n in case.outcomes.items()]
    yield words.part("statuses", words.table("statuses", ("outcome", words.column("leads", "number")), rows))
    if case.complaints:
        by = sorted({(c.status or "new") for c in case.complaints})
        rows = [(words.say(f"status.{s}"), sum((c.status or "new") == s for c in case.complaints)) for s in by]
        table = words.table("complaints", ("status", words.column("complaints", "number")), rows)
        yield words.part("complaints", table)
    if case.agencies:
        told = [(name, words.told(persons), words.told(known)) for name, persons, known in case.agencies]
        columns = ("agency", words.column("persons", "number"), words.column("known", "number"))
        rule = Lines((words.say("agency.rule", n=FEWEST),))
        yield words.part("agencies", words.table("agencies", columns, told), rule)
    if case.positions:
        told = [(words.other(f"position.{of}"), words.told(n), words.told(known)) for of, n, known in case.positions]
        columns = ("position", words.column("persons", "number"), words.column("known", "number"))
        rule = Lines((words.say("agency.rule", n=FEWEST),))
        yield words.part("positions", words.table("positions", columns, told), rule)
    yield from sources(case, words)
    yield coverage(case, words)
    yield method(case, words)


def _overview(case: SummaryCase, words: Wording) -> Iterator[Part]:
    """On whose posts the clusters act, and when, in pictures; nothing where there is none."""
    of = case.overview
    if not of.clusters:
        return
    sizes = [words.other("count.accounts", n=size) for _, size, _ in of.clusters]
    told = [words.say("overview.cluster", number=c[0], size=size) for c, size in zip(of.clusters, sizes, strict=True)]
    told += [
        words.say("overview.tie", number=of.clusters[tie.cluster][0], n=tie.n, target=of.targets[tie.target][0])
        for tie in of.ties
    ]
    caption = [words.say("overview.caption")]
    if len(of.clusters) < of.clusters_in_all or len(of.targets) < of.targets_in_all:
        counts = {"drawn": len(of.clusters), "clusters": of.clusters_in_all}
        counts |= {"targets": len(of.targets), "of_targets": of.targets_in_all}
        caption.append(words.say("overview.cut", **counts))
    if of.withheld:
        caption.append(words.say("overview.withheld", n=of.withheld, few=FEWEST))
    title = words.say("overview.heading")
    blocks = [Drawing(ties(of, title, sizes, told), " ".join(caption))]
    if sum(bool(times) for _, _, times in of.clusters) > 1:
        picture = strip(of, determined(case, words), words.say("strip.title"))
        blocks.append(Drawing(picture, words.say("strip.caption")))
    yield words.part("overview", *blocks)


def _clusters(case: SummaryCase, words: Wording) -> Iterator[Block]:
    if not case.clusters:
        yield Lines((words.say("summary.none"),))
        return
    rows: list[tuple[Value, ...]] = [
        (
            c.id,
            c.size,
            words.count(c.bursts),
            words.time(c.first_ms),
            words.time(c.last_ms),
            words.say(f"outcome.{case.statuses[c.id]}"),
        )
        for c in case.clusters
    ]
    columns = (
        words.column("cluster", "code"),
        words.column("members", "number"),
        words.column("bursts", "number"),
        "first",
        "last",
        "outcome",
    )
    yield words.table("clusters", columns, rows)
    yield Lines((words.say("summary.order"),))
