"""The list of evidence: whole in a workbook, its fullest part on a page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graphwatch.report.cases.model import Case, Evidence, Named
from graphwatch.report.form.document import Block, Lines, Part, Value
from graphwatch.report.sections.wording import Wording

_REASONS = ("nobody", "duty", "several", "partly", "unknown")


def persons(case: Case, words: Wording) -> Iterator[Part]:
    """How many accounts have a name, and why the others have none; of a single account the name itself."""
    named = case.named
    if named is None:
        return
    lines = [words.say("persons.named", n=len(named.names), persons=named.persons)]
    if len(named.names) + len(named.without) == 1:
        lines += [words.say("persons.single", name=name) for name in named.names.values()]
    counts = Counter(named.without.values())
    lines += [words.other(f"names.{reason}", n=counts[reason]) for reason in _REASONS if counts[reason]]
    yield words.part("persons", Lines((*lines, words.say("persons.basis"))))


def person_column(named: Named | None) -> tuple[str, ...]:
    """The column of names, where names are opened."""
    return () if named is None else ("person",)


def person_cells(named: Named | None, account: str, words: Wording, *, long: bool = True) -> tuple[str, ...]:
    """The name of an account's person; where there is none, why, or in a narrow column only that there is none."""
    if named is None:
        return ()
    if account in named.names:
        return (named.names[account],)
    return (f"– ({words.other(f'unnamed.{named.without[account]}')})" if long else "–",)


# A page with more rows is not read; the workbook has them all.
PAGE_ROWS: Final = 300
_PER_CELL: Final = 3
# A name stands whole in the list of members; here it is only to be recognised.
_NAME: Final = 60


def evidence_table(
    evidence: Sequence[Evidence], sources: Sequence[Mapping[str, object]], words: Wording, named: Named | None = None
) -> Iterator[Block]:
    """Every interaction with the file and row that it is from, in order of time."""
    if not evidence:
        yield Lines((words.say("evidence.none"),))
        return
    known = {str(source["id"]): number for number, source in enumerate(sources, 1)}
    columns = (
        words.column("burst", "number"),
        words.column("time", "time"),
        words.column("account", length=_NAME),
        *(words.column(key, length=_NAME) for key in person_column(named)),
        words.column("kind"),
        words.column("post", "code", length=_NAME),
        words.column("page", length=_NAME),
        words.column("source"),
        words.column("sha256", "code", annex=True),
        words.column("url", "code", annex=True),
        words.column("text", annex=True),
    )
    table = words.table("evidence", columns, [_row(e, known, words, named) for e in evidence])
    shown = shown_rows(evidence)
    yield Lines((words.say("evidence.lead"),), listed=False)
    if shown is None:
        yield table
    else:
        cut = words.say("evidence.cut", shown=words.count(len(shown)), n=words.count(len(evidence)))
        yield replace(table, shown=shown, cut=cut)


def shown_rows(evidence: Sequence[Evidence], most: int = PAGE_ROWS) -> tuple[int, ...] | None:
    """Places of the rows that a page shows: whole bursts, the fullest first, then others; None where all fit."""
    if len(evidence) <= most:
        return None
    sizes = Counter(e.burst for e in evidence if e.burst is not None)
    order = sorted(range(len(evidence)), key=lambda i: (-sizes[evidence[i].burst or 0], evidence[i].burst or 0, i))
    return tuple(sorted(order[:most]))


def _row(of: Evidence, known: Mapping[str, int], words: Wording, named: Named | None) -> tuple[Value, ...]:
    rows = [words.say("evidence.row", source=known.get(source, 0), row=row) for source, row, _ in of.rows]
    more = [f"+{len(rows) - _PER_CELL}"] if len(rows) > _PER_CELL else []
    digests = sorted({digest for _, _, digest in of.rows if digest})
    return (
        of.burst,
        words.time(of.at_ms, of.at),
        of.account,
        *person_cells(named, of.account, words, long=False),
        words.kind(of.kind),
        of.post,
        of.page or "–",
        "; ".join(rows[:_PER_CELL] + more) or "–",
        " ".join(digests),
        of.url or "",
        of.text or "",
    )
