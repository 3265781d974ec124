"""An explanation in words, as headings and lines in Indonesian or English; how they look is for others to decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from graphwatch.common.clock import wib
from graphwatch.common.i18n import text
from graphwatch.explain.model import Agency, Burst, Explanation, FamilyEvidence, OnRoster, Target, Ties
from graphwatch.explain.weighing import together

# So many bursts, targets and agencies are told; the rest is counted.
_BURSTS: Final = 10
_TARGETS: Final = 5
_AGENCIES: Final = 5
_BUSIEST: Final = 3
_USES: Final = 12
# Letters of a wording that are shown, and how alike two must be for their difference to be marked.
_SHOWN: Final = 300
_ALIKE: Final = 0.35


SectionKey = Literal[
    "lead",
    "members",
    "seen",
    "tests",
    "families",
    "pace",
    "bursts",
    "agreed",
    "acts",
    "roster",
    "targets",
    "innocent",
    "limits",
]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it. Lines hold handles and texts as people wrote them: escape when rendering.

    `key` is what the section is found by, in whatever language it is written.
    """

    key: SectionKey
    heading: str
    lines: tuple[str, ...]


def sections(explanation: Explanation, language: str, *, bursts: int = _BURSTS) -> tuple[Section, ...]:
    """The explanation in words.

    Args:
        explanation: of a pair or a cluster.
        language: id or en.
        bursts: how many bursts are told, the fullest of them.

    Raises:
        UsageError: there are no texts in that language.
    """
    told = _Told(explanation, language, bursts)
    parts: dict[SectionKey, Iterator[str]] = {
        "lead": told.lead(),
        "members": told.members(),
        "seen": told.seen(),
        "tests": told.tests(),
        "families": told.families(),
        "pace": told.pace(),
        "bursts": told.bursts(),
        "agreed": told.agreed(),
        "roster": told.roster(),
        "targets": told.targets(),
        "innocent": told.innocent(),
        "limits": told.limits(),
    }
    return headed(parts, language)


def headed(parts: Mapping[SectionKey, Iterable[str]], language: str) -> tuple[Section, ...]:
    """The lines of each section under its heading; a section without any is left out."""
    written = {key: tuple(lines) for key, lines in parts.items()}
    return tuple(Section(key, section_heading(key, language), lines) for key, lines in written.items() if lines)


def section_heading(key: SectionKey, language: str) -> str:
    """The heading of that section."""
    return text(f"explain.{key}.heading", language)


def number(value: float, language: str, digits: int = 1) -> str:
    """A number as the language writes it; very small ones as a bound.

    >>> number(1234.56, "id"), number(1234.56, "en"), number(0.00001, "en", 4), number(3.0, "id")
    ('1.234,6', '1,234.6', '< 0.0001', '3')
    """
    least = 10.0**-digits
    if 0 < value < least / 2:
        shown = f"< {least:.{digits}f}"
    else:
        shown = f"{value:,.{digits}f}"
        shown = shown.rstrip("0").rstrip(".") if digits else shown
    return shown if language == "en" else shown.translate(str.maketrans(",.", ".,"))


def marked(text: str, beside: str) -> str:
    """A wording, with what the other has not in square brackets, and a stroke where the other has more.

    Both are cut to 300 letters; wordings that have little in common are shown as they are.

    >>> marked("pilih nomor dua ya kawan", "pilih nomor dua ya"), marked("pilih nomor dua", "pilih saja nomor dua")
    ('pilih nomor dua ya [kawan]', 'pilih [–] nomor dua')
    """
    words, others = text[:_SHOWN].split(), beside[:_SHOWN].split()
    matcher = SequenceMatcher(None, others, words, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return " ".join(words)
    told = []
    for operation, _, _, start, stop in matcher.get_opcodes():
        own = " ".join(words[start:stop])
        told.append({"equal": own, "delete": "[–]"}.get(operation, f"[{own}]"))
    return " ".join(told)


class _Told:
    """The lines of each section."""

    def __init__(self, explanation: Explanation, language: str, bursts: int) -> None:
        self._of, self._language, self._most = explanation, language, bursts
        self._single = explanation.kind == "pair"

    def _say(self, key: str, **values: str | int) -> str:
        return text(f"explain.{key}", self._language, **values)

    def _number(self, value: float, digits: int = 1) -> str:
        return number(value, self._language, digits)

    def _q(self, value: float) -> str:
        """A false discovery rate behind the letter q: what it is, or what it is less than."""
        shown = self._number(value, 4)
        return f"< {shown[1:]}" if shown.startswith("<") else f"= {shown}"

    def _share(self, value: float) -> str:
        return f"{self._number(100 * value, 0)} %"

    def lead(self) -> Iterator[str]:
        of = self._of
        if of.number is None:
            yield self._say("lead.pair", run=of.question.run)
        else:
            yield self._say("lead.cluster", n=len(of.members), number=of.number, run=of.question.run)
        yield text("lead", self._language)

    def members(self) -> Iterator[str]:
        for member in self._of.members:
            name = f"{member.account} (@{member.handle})" if member.handle else member.account
            yield f"{name}: {text(f'value.{member.entered}', self._language)}" if member.entered else name

    def seen(self) -> Iterator[str]:
        ties, asked = self._of.ties, self._of.question
        which = "pair" if self._single else "cluster"
        if self._of.family:
            yield self._seen_of_family(ties)
            return
        if asked.object != "post":
            yield self._say("seen.object", object=self._say(f"object.{asked.object}"))
        window, gap = self._number(asked.window_s), self._number(ties.median_gap_s)
        told: dict[str, str | int] = {"n": ties.n, "pairs": self._number(ties.pairs, 0), "window": window}
        yield self._say(f"seen.{which}.day", **told) if asked.days else self._say(f"seen.{which}", **told)
        if ties.opportunities is not None and ties.expected is not None:
            coarse = None if asked.coarse_s is None else self._number(asked.coarse_s / 60)
            chance: dict[str, str | int] = {"n": ties.opportunities, "expected": self._number(ties.expected)}
            chance["seen"] = self._number(ties.n, 0)
            if coarse is not None:
                yield self._say("seen.chance", coarse=coarse, **chance)
            elif asked.days:
                yield self._say("seen.chance.day", **chance)
            else:
                yield self._say("seen.chance.ever", **chance)
        yield self._say(f"seen.gap.{which}", gap=gap)
        yield self._say(
            "seen.of",
            interactions=self._number(asked.interactions, 0),
            accounts=self._number(asked.accounts, 0),
            objects=self._number(asked.objects, 0),
        )
        if asked.observed:
            yield self._say("seen.observed", n=self._number(asked.observed, 0))
        if asked.coarse:
            yield self._say("seen.coarse", n=self._number(asked.coarse, 0))

    def _seen_of_family(self, ties: Ties) -> str:
        seen, expected = self._number(ties.n, 0), self._number(ties.expected or 0, 2)
        if self._single:
            return self._say(f"seen.pair.{self._of.family}", n=ties.n, expected=expected)
        pairs = self._number(ties.pairs, 0)
        return self._say(f"seen.{self._of.family}", n=len(self._of.agreed), pairs=pairs, seen=seen, expected=expected)

    def tests(self) -> Iterator[str]:
        ties, asked = self._of.ties, self._of.question
        if self._of.reading == "untested" or ties.q is None or asked.fdr is None:
            yield self._say("tests.untested")
            return
        which = "pair" if self._single else "cluster"
        q, fdr = self._q(ties.q), self._number(asked.fdr, 3)
        if self._of.family:
            yield self._tested_family(q, fdr, ties.coordinated or 0)
            yield self._say(f"tests.{self._of.family}")
            return
        tests = self._number(asked.tests or 0, 0)
        answer = "yes" if ties.coordinated else "no"
        yield self._say(f"tests.chance.{which}.{answer}", q=q, fdr=fdr, tests=tests, n=ties.coordinated or 0)
        if self._single:
            answer = "yes" if ties.interested else "no"
            expected = self._number(ties.shared_expected or 0)
            yield self._say(f"tests.interest.pair.{answer}", n=ties.shared, expected=expected)
        else:
            yield self._say("tests.interest.cluster", n=ties.interested or 0, pairs=self._number(ties.pairs, 0))
        yield self._say(f"reading.{self._of.reading}")

    def _tested_family(self, q: str, fdr: str, coordinated: int) -> str:
        if not self._single:
            return self._say("tests.family", q=q, fdr=fdr, n=coordinated)
        answer = "yes" if coordinated else "no"
        return self._say(f"tests.family.pair.{answer}", q=q, fdr=fdr)

    def families(self) -> Iterator[str]:
        """What each family shows, and where one that could have shown something does not: that speaks against."""
        of = self._of
        for shown in of.families:
            yield self._family(shown)
        tested = [shown.log10_p or 0.0 for shown in of.families]
        if self._single and len(tested) > 1:
            p = self._number(10.0 ** together(tested), 4)
            yield self._say("families.together", n=len(tested), p=f"{'' if p[0] == '<' else '= '}{p}")
        if of.families and of.untested:
            names = ", ".join(self._say(f"families.name.{name}") for name in of.untested)
            yield self._say("families.untested", families=names)

    def _family(self, shown: FamilyEvidence) -> str:
        size, name = len(self._of.members), self._say(f"families.name.{shown.family}")
        if not shown.pairs or shown.q is None:
            which = "none" if shown.doers > 1 else "blind"
            objects, accounts = self._number(shown.objects, 0), self._number(shown.accounts, 0)
            return self._say(
                f"families.{which}", family=name, n=shown.doers, size=size, accounts=accounts, objects=objects
            )
        seen = {"seen": self._number(shown.n, 0), "expected": self._number(shown.expected, 2), "q": self._q(shown.q)}
        if self._single:
            answer = "yes" if shown.coordinated else "no"
            return self._say(f"families.pair.{answer}", family=name, **seen)
        pairs = self._number(shown.pairs, 0)
        return self._say(
            "families.cluster", family=name, n=shown.coordinated, pairs=pairs, doers=shown.doers, size=size, **seen
        )

    def pace(self) -> Iterator[str]:
        pace, bursts = self._of.pace, self._of.bursts
        three = sum(burst.most > 2 for burst in bursts)
        if not bursts:
            if not self._single and not self._of.family:
                yield self._say("pace.lost")
            return
        yield self._say("pace.bursts", n=len(bursts), days=pace.days)
        if not self._single:
            yield self._say("pace.three", n=three)
        if pace.half_time_s is not None:
            yield self._say("pace.half", n=pace.half_objects or 0, seconds=self._number(pace.half_time_s))
        yield self._say("pace.share", share=self._share(pace.burst_share), n=pace.interactions)
        busiest = sorted(range(24), key=lambda hour: (-pace.hours[hour], hour))[:_BUSIEST]
        hours = ", ".join(f"{h:02}–{h + 1:02} ({pace.hours[h]})" for h in busiest if pace.hours[h])
        yield self._say("pace.hours", hours=hours)

    def bursts(self) -> Iterator[str]:
        fullest = sorted(self._of.bursts, key=lambda b: (-b.most, b.span_s, b.first_ms, b.object))[: self._most]
        for burst in sorted(fullest, key=lambda b: (b.first_ms, b.object)):
            yield self._burst(burst)
        if len(fullest) < len(self._of.bursts):
            yield self._say("bursts.more", n=len(self._of.bursts) - len(fullest))

    def agreed(self) -> Iterator[str]:
        """Each text, link or post, and who used it; what differs from the first wording is in brackets."""
        for agreed in self._of.agreed[: self._most]:
            yield self._say(
                "agreed.one", n=agreed.members, size=len(self._of.members), object=agreed.url or agreed.object
            )
            first = next((use.text for use in agreed.uses if use.text), "")
            for use in agreed.uses[:_USES]:
                at = wib(use.at_ms) if use.at_ms is not None else self._say("agreed.untimed")
                name = f"@{use.handle}" if use.handle else use.account
                shown = "" if use.text is None else f": {marked(use.text, first)}"
                yield f"– {name}, {at}{shown}"
            if len(agreed.uses) > _USES:
                yield self._say("bursts.more", n=len(agreed.uses) - _USES)
        if len(self._of.agreed) > self._most:
            yield self._say("bursts.more", n=len(self._of.agreed) - self._most)

    def _burst(self, burst: Burst) -> str:
        line = self._say(
            "bursts.one",
            at=wib(burst.first_ms),
            n=burst.members,
            size=len(self._of.members),
            span=self._number(burst.span_s),
            post=burst.url or burst.object,
        )
        age = self._say("bursts.age", age=self._duration(burst.age_s)) if burst.age_s is not None else ""
        return " ".join(part for part in (line, age) if part)

    def _duration(self, seconds: float) -> str:
        for name, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
            if seconds >= 2 * length:
                return text(f"span.{name}", self._language, n=int(seconds // length))
        return text("span.seconds", self._language, n=max(int(seconds), 0))

    def roster(self) -> Iterator[str]:
        roster = self._of.roster
        if roster is None:
            yield self._say("roster.none")
            return
        yield self._on_roster(roster)
        if roster.n:
            yield self._say(
                "roster.basis",
                verified=roster.verified,
                confirmed=roster.confirmed,
                self_declared=roster.self_declared,
            )
            yield from map(self._agency, roster.agencies[:_AGENCIES])
            yield self._say("roster.victims")

    def _agency(self, agency: Agency) -> str:
        n, size, name = agency.n, len(self._of.members), agency.name or agency.id
        if agency.expected is None or agency.q is None:
            return self._say("roster.agency.pair", n=n, size=size, agency=name)
        expected, q = self._number(agency.expected, 2), self._q(agency.q)
        return self._say("roster.agency", n=n, size=size, agency=name, expected=expected, q=q)

    def _on_roster(self, roster: OnRoster) -> str:
        size, active = len(self._of.members), self._number(roster.active, 0)
        accounts = self._number(self._of.question.accounts, 0)
        if roster.expected is None or roster.q is None:
            return self._say("roster.pair", n=roster.n, size=size)
        return self._say(
            "roster.n",
            n=roster.n,
            size=size,
            expected=self._number(roster.expected, 2),
            q=self._q(roster.q),
            active=active,
            accounts=accounts,
        )

    def targets(self) -> Iterator[str]:
        if self._single or self._of.family:
            return
        if self._of.targets is None:
            yield self._say("targets.none")
            return
        for kind in ("paslon", "page"):
            of_kind = [target for target in self._of.targets if target.kind == kind]
            yield from map(self._target, of_kind[:_TARGETS])
        yield self._say("targets.like")

    def _target(self, target: Target) -> str:
        fdr = self._of.question.fdr
        answer = "more" if fdr is not None and target.q <= fdr else "usual"
        return self._say(
            f"targets.{answer}",
            kind=text(f"node.{target.kind.title()}", self._language),
            name=target.name or target.id,
            share=self._share(target.share),
            n=target.interactions,
            expected=self._share(target.expected),
            q=self._q(target.q),
        )

    def innocent(self) -> Iterator[str]:
        for reason in self._of.innocent:
            yield text(reason.text, self._language, **reason.values)
        yield self._say("innocent.always")

    def limits(self) -> Iterator[str]:
        yield self._say("limits.lead")
        if self._of.question.others:
            yield self._say("limits.others", n=self._of.question.others)
        if self._of.question.changed:
            yield self._say("limits.changed")
