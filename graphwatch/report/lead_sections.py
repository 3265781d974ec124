"""The parts of a document about a cluster or an account: what was found, on what evidence, what speaks against it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graphwatch.explain.lag_words import lag_sections
from graphwatch.explain.model import RegularLag
from graphwatch.explain.words import Section, SectionKey, section_heading, sections
from graphwatch.report.case_model import AccountCase, Case, ClusterCase, Evidence, Named
from graphwatch.report.document import Block, Column, Drawing, Lines, Part, Value
from graphwatch.report.pictures import hours, network, surroundings, timeline
from graphwatch.report.shared_sections import (
    Wording,
    addressees,
    complaints,
    coverage,
    decisions,
    determined,
    method,
    provisions,
    sources,
)

_REASONS = ("nobody", "duty", "several", "partly", "unknown")


def persons(case: Case, words: Wording) -> Iterator[Part]:
    """How many accounts have a name, and why the others have none; of a single account the name itself."""
    named = case.named
    if named is None:
        return
    lines = [words.say("persons.named", n=len(named.names), persons=named.persons)]
    if len(named.names) + len(named.without) == 1:
        lines += [words.say("persons.single", name=_with_position(named, account)) for account in named.names]
    counts = Counter(named.without.values())
    lines += [words.other(f"names.{reason}", n=counts[reason]) for reason in _REASONS if counts[reason]]
    yield words.part("persons", Lines((*lines, words.say("persons.basis"))))


def _with_position(named: Named, account: str) -> str:
    """The name of an account's person, and what they were when they acted."""
    name, position = named.names[account], named.positions.get(account)
    return name if position is None else f"{name} ({position})"


def person_column(named: Named | None) -> tuple[str, ...]:
    """The column of names, where names are opened."""
    return () if named is None else ("person",)


def person_cells(named: Named | None, account: str, words: Wording, *, long: bool = True) -> tuple[str, ...]:
    """The name of an account's person; where there is none, why, or in a narrow column only that there is none."""
    if named is None:
        return ()
    if account in named.names:
        return (_with_position(named, account) if long else named.names[account],)
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
    rows = [_where(known.get(source, 0), row, words) for source, row, _ in of.rows]
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


def _where(source: int, row: str, words: Wording) -> str:
    """The file and row; under pseudonyms the file alone, for rows lie in the order of time."""
    return words.say("evidence.row", source=source, row=row) if row else f"S{source}"


# What the explanation says, in its order, without what stands here in tables.
_FOUND: Final[tuple[SectionKey, ...]] = ("seen", "tests", "families", "pace")
_ON_ROSTER: Final = ("verified", "confirmed-by-superior", "self-declared", "duty")


def cluster_parts(case: ClusterCase, words: Wording) -> Iterator[Part]:
    """A cluster, in the order in which a reviewer needs it: innocent explanations before evidence."""
    of = case.explanation
    told = _told(case, words)
    lines = [line for name in _FOUND for line in told[name].lines]
    if case.beside and of.bursts and not of.question.changed:
        lines.append(words.say("beside", n=case.beside, timed=words.count(of.pace.interactions)))
        if case.beside_other:
            lines.append(words.say("beside_other", n=case.beside_other))
    yield words.part("what", Lines(tuple(lines)))
    yield from persons(case, words)
    yield _as_part(told["innocent"])
    yield words.part("network", *_network(case, words))
    if of.bursts:
        picture = timeline(of.bursts, determined(case, words), words.say("timeline.heading"))
        yield words.part(
            "timeline",
            Drawing(picture, words.say("timeline.caption")),
            Drawing(hours(of.pace.hours, words.say("hours.caption")), words.say("hours.caption")),
        )
    if told["agreed"].lines:
        yield _as_part(told["agreed"])
    yield _as_part(told["roster"])
    yield _as_part(told["targets"])
    if of.bursts:
        yield words.part("evidence", *evidence_table(case.evidence, case.sources, words, case.named))
    elif not of.family:
        yield words.part("evidence", Lines((words.other("explain.pace.lost"),)))
    yield from sources(case, words)
    yield from provisions(case, words, any(s in _ON_ROSTER for s in case.standing.values()))
    yield from complaints(case, words)
    yield from decisions(case, words)
    yield from addressees(case, words)
    yield coverage(case, words)
    yield method(case, words)


def account_parts(case: AccountCase, words: Wording) -> Iterator[Part]:
    """An account: single interactions, never a sum of what they might mean."""
    yield words.part("what", Lines(tuple(_about_account(case, words))))
    yield from persons(case, words)
    if case.lag is not None:
        yield words.part("lag", *_regular_lag(case.lag, words))
    yield from _surroundings(case, words)
    rows = [(c.id, c.run, c.size, _role(c.entered, words)) for c in case.clusters]
    columns = (words.column("cluster", "code"), "run", words.column("members", "number"), "entered")
    blocks: list[Block] = [words.table("clusters", columns, rows)] if rows else []
    yield words.part("clusters", *(blocks or [Lines((words.say("clusters.none"),))]))
    yield words.part("evidence", *evidence_table(case.evidence, case.sources, words, case.named))
    yield from sources(case, words)
    yield from provisions(case, words, case.standing in _ON_ROSTER)
    yield from complaints(case, words)
    yield from decisions(case, words)
    yield from addressees(case, words)
    yield coverage(case, words)
    yield method(case, words)


def _about_account(case: AccountCase, words: Wording) -> Iterator[str]:
    """What the account is, how much of what it did is listed, and what speaks against taking that for all."""
    of = case.counts
    yield words.say("account.platform", platform=case.platform or "–")
    yield words.say(f"standing.{case.standing}")
    known = {"timed": words.count(of.timed), "observed": words.count(of.observed), "untimed": words.count(of.untimed)}
    yield words.say("account.times", n=len(case.evidence), **known)
    if of.other:
        yield words.say("account.other", n=of.other)
    yield words.say("account.elsewhere", n=of.elsewhere)
    yield words.say("account.like")


def _regular_lag(of: RegularLag, words: Wording) -> Iterator[Block]:
    """A regular lag: what was seen and what the test says, and before the acts what else may explain it."""
    told = {section.key: section.lines for section in lag_sections(of, words.language)}
    yield Lines((*told["seen"], *told["tests"]))
    yield Lines((*told["innocent"], words.other("explain.limits.lag")))
    if "acts" in told:
        yield Lines(told["acts"])


def _surroundings(case: AccountCase, words: Wording) -> Iterator[Part]:
    """A picture of the pages and partners, where there are any."""
    of = case.ego
    if not of.pages and not of.partners:
        return
    told = [words.say("ego.page", n=n, page=name if to is None else f"{name} ({to})") for name, to, n in of.pages]
    told += [words.say("ego.partner", n=n, account=name) for name, _, n in of.partners]
    title = words.say("ego.heading")
    caption = [words.say("ego.caption")]
    if len(of.pages) < of.pages_in_all or len(of.partners) < of.partners_in_all:
        counts = {"pages": len(of.pages), "of_pages": of.pages_in_all}
        counts |= {"partners": len(of.partners), "of_partners": of.partners_in_all}
        caption.append(words.say("ego.cut", **counts))
    picture = surroundings(of, case.standing, title, words.say("ego.own"), told)
    yield words.part("ego", Drawing(picture, " ".join(caption)))


def _told(case: ClusterCase, words: Wording) -> dict[SectionKey, Section]:
    """The sections of the explanation that stand here, by their keys; empty where it says nothing there."""
    found = {section.key: section for section in sections(case.explanation, words.language)}
    keys: tuple[SectionKey, ...] = (*_FOUND, "agreed", "roster", "targets", "innocent")
    return {key: found.get(key) or Section(key, section_heading(key, words.language), ()) for key in keys}


def _as_part(section: Section) -> Part:
    return Part(section.key, section.heading, (Lines(section.lines),))


def _network(case: ClusterCase, words: Wording) -> Iterator[Block]:
    members = case.explanation.members
    standing = [case.standing[m.account] for m in members]
    picture = case.picture
    caption = [words.say("network.caption", n=picture.pairs_in_all)]
    if len(picture.pairs) < picture.pairs_in_all or len(picture.places) < len(members):
        caption.append(words.say("network.cut", drawn=len(picture.places), pairs=len(picture.pairs)))
    yield Drawing(network(picture, standing, words.say("network.heading")), " ".join(caption))
    rows: list[tuple[Value, ...]] = [
        (
            number,
            member.account,
            *person_cells(case.named, member.account, words),
            words.say(f"standing.{which}"),
            _role(member.entered, words),
        )
        for number, (member, which) in enumerate(zip(members, standing, strict=True), 1)
    ]
    columns: list[Column | str] = [
        words.column("number", "number"),
        "account",
        *person_column(case.named),
        "standing",
        "entered",
    ]
    yield words.table("members", columns, rows)


def _role(entered: object, words: Wording) -> str:
    """How a member came into its cluster."""
    return words.other(f"value.{entered}") if entered else "–"
