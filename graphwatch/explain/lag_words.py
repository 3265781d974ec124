"""A regular lag in words: why one account is a lead, and what else may explain it."""

from collections.abc import Iterator
from typing import Final

from graphwatch.common.clock import wib
from graphwatch.common.i18n import text
from graphwatch.explain.model import Explanation, RegularLag
from graphwatch.explain.words import Section, SectionKey, headed, number, sections

_ACTS: Final = 10


def lead_sections(of: Explanation | RegularLag, language: str, *, most: int = _ACTS) -> tuple[Section, ...]:
    """Any lead that a run found in words.

    Args:
        language: id or en.
        most: so many bursts, or acts of a single account, are told; the rest is counted.
    """
    return lag_sections(of, language, most=most) if of.kind == "lag" else sections(of, language, bursts=most)


def lag_sections(of: RegularLag, language: str, *, most: int = _ACTS) -> tuple[Section, ...]:
    """A regular lag in words. Where lags are withheld nothing is said that tells them."""
    told = _Told(of, language, most)
    parts: dict[SectionKey, Iterator[str]] = {
        "lead": told.lead(),
        "seen": told.seen(),
        "tests": told.tests(),
        "acts": told.acts(),
        "innocent": told.innocent(),
        "limits": told.limits(),
    }
    return headed(parts, language)


class _Told:
    """The lines of each section."""

    def __init__(self, of: RegularLag, language: str, most: int) -> None:
        self._of, self._language, self._most = of, language, most

    def _say(self, key: str, **values: str | int) -> str:
        return text(f"explain.{key}", self._language, **values)

    def _number(self, value: float, digits: int = 0) -> str:
        return number(value, self._language, digits)

    def lead(self) -> Iterator[str]:
        of = self._of
        yield self._say("lead.lag", account=f"{of.id} (@{of.handle})" if of.handle else of.id, run=of.question.run)
        yield text("lead", self._language)

    def seen(self) -> Iterator[str]:
        of = self._of
        if of.window_s is None:
            yield self._say("seen.lag.masked", n=of.posts)
            return
        shortest, longest = (self._number(at, 1) for at in of.window_s)
        values: dict[str, str | int] = {"n": of.posts, "near": self._number(of.near), "known": self._number(of.known)}
        yield self._say("seen.lag", shortest=shortest, longest=longest, **values)
        if of.expected is not None:
            yield self._say("seen.lag.expected", expected=self._number(of.expected, 1))

    def tests(self) -> Iterator[str]:
        of = self._of
        tested, fdr = self._number(of.tested), self._number(of.question.fdr or 0, 3)
        if of.q is None:
            yield self._say("tests.lag.masked", fdr=fdr, tested=tested)
            return
        shown = self._number(of.q, 4)
        q = f"< {shown[1:]}" if shown.startswith("<") else f"= {shown}"
        yield self._say("tests.lag", q=q, fdr=fdr, tested=tested)

    def acts(self) -> Iterator[str]:
        for act in self._of.acts[: self._most]:
            lag = self._number((act.at_ms - act.published_ms) / 1000, 1)
            kind = text(f"relation.{act.kind}", self._language)
            yield self._say("acts.one", at=wib(act.at_ms), lag=lag, kind=kind, post=act.url or act.post)
        if len(self._of.acts) > self._most:
            yield self._say("bursts.more", n=len(self._of.acts) - self._most)

    def innocent(self) -> Iterator[str]:
        for reason in self._of.innocent:
            yield text(reason.text, self._language, **reason.values)

    def limits(self) -> Iterator[str]:
        yield self._say("limits.lead")
        yield self._say("limits.lag")
        if self._of.question.others:
            yield self._say("limits.others", n=self._of.question.others)
        if self._of.question.changed:
            yield self._say("limits.changed")
