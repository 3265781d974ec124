"""The parts of a document about a cluster or an account: what was found, on what evidence, what speaks against it."""

from collections.abc import Iterator
from typing import Final

from graphwatch.explain.words import Section, SectionKey, section_heading, sections
from graphwatch.report.cases.model import AccountCase, ClusterCase
from graphwatch.report.drawing.lead_pictures import hours, network, surroundings, timeline
from graphwatch.report.form.document import Block, Column, Drawing, Lines, Part, Value
from graphwatch.report.sections.evidence_table import evidence_table, person_cells, person_column, persons
from graphwatch.report.sections.shared_sections import (
    complaints,
    coverage,
    decisions,
    determined,
    method,
    provisions,
    sources,
)
from graphwatch.report.sections.wording import Wording

# What the explanation says, in its order, without what stands here in tables.
_FOUND: Final[tuple[SectionKey, ...]] = ("seen", "tests", "pace")
_ON_ROSTER: Final = ("verified", "confirmed-by-superior", "self-declared", "duty")


def cluster_parts(case: ClusterCase, words: Wording) -> Iterator[Part]:
    """A cluster, in the order in which a reviewer needs it: innocent explanations before evidence."""
    of = case.explanation
    told = _told(case, words)
    yield words.part("what", Lines(tuple(line for name in _FOUND for line in told[name].lines)))
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
    yield _as_part(told["roster"])
    yield _as_part(told["targets"])
    if of.bursts:
        yield words.part("evidence", *evidence_table(case.evidence, case.sources, words, case.named))
    else:
        yield words.part("evidence", Lines((words.other("explain.pace.lost"),)))
    yield from sources(case, words)
    yield from provisions(case, words, any(s in _ON_ROSTER for s in case.standing.values()))
    yield from complaints(case, words)
    yield from decisions(case, words)
    yield coverage(case, words)
    yield method(case, words)


def account_parts(case: AccountCase, words: Wording) -> Iterator[Part]:
    """An account: single interactions, never a sum of what they might mean."""
    lines = [
        words.say("account.platform", platform=case.platform or "–"),
        words.say(f"standing.{case.standing}"),
        words.say("account.like"),
    ]
    yield words.part("what", Lines(tuple(lines)))
    yield from persons(case, words)
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
    yield coverage(case, words)
    yield method(case, words)


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
    keys: tuple[SectionKey, ...] = (*_FOUND, "roster", "targets", "innocent")
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
