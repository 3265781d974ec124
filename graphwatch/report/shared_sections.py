"""The parts that every document has, and the words that all parts are put in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from graphwatch.common.clock import wib
from graphwatch.common.i18n import text
from graphwatch.explain.words import number
from graphwatch.report.case_model import Case, SummaryCase
from graphwatch.report.document import Column, Lines, Part, Table, Value
from graphwatch.settings import FEWEST

# Columns of instants.
_TIMES: Final = ("time", "first", "last", "loaded")


class Wording:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **values: str | int) -> str:
        """A text of a report."""
        return text(f"report.{key}", self.language, **values)

    def other(self, key: str, **values: str | int) -> str:
        """A text that others say as well."""
        return text(key, self.language, **values)

    def kind(self, kind: str) -> str:
        """A kind of interaction."""
        return self.other(f"relation.{kind}")

    def count(self, value: object) -> str:
        """A whole number, or that it is not known."""
        return "–" if value is None else number(float(str(value)), self.language, 0)

    def told(self, value: int | None) -> str:
        """A number of persons, or that it is withheld."""
        return self.say("withheld") if value is None else self.count(value)

    def time(self, at_ms: int | None, written: str | None = None) -> str:
        """An instant in WIB; where there is none, what the source says of it."""
        if at_ms is not None:
            return wib(at_ms)
        return self.say("untimed") if written is None else written

    def table(self, name: str, columns: Sequence[Column | str], rows: Sequence[tuple[Value, ...]]) -> Table:
        """A complete table; a column that is a word is a text column of that heading."""
        made = tuple(c if isinstance(c, Column) else self.column(c, "time" if c in _TIMES else "text") for c in columns)
        return Table(self.say(f"{name}.heading"), made, tuple(rows))

    def column(self, key: str, form: str = "text", *, annex: bool = False, length: int = 600) -> Column:
        """A column with its heading."""
        return Column(self.say(f"column.{key}"), form, annex, length)  # type: ignore[arg-type]  # one of its literals

    def part(self, key: str, *blocks: object) -> Part:
        """A part with its heading, found by its key."""
        return Part(key, self.say(f"{key}.heading"), tuple(blocks))  # type: ignore[arg-type]  # blocks


def determined(case: Case, words: Wording) -> tuple[int, str] | None:
    """The beginning of the day of determination and what it is called in pictures; None where it is not known."""
    return None if case.determined_ms is None else (case.determined_ms, words.say("timeline.determined"))


def sources(case: Case, words: Wording) -> Iterator[Part]:
    """The files that the evidence is from."""
    if not case.sources:
        return
    rows = [
        (
            f"S{number}",
            str(s.get("file") or words.say("withheld")),
            words.time(int(str(s["loaded_at_ms"])) if s.get("loaded_at_ms") is not None else None),
            str(s.get("acquisition") or "–"),
            str(s.get("legal_basis") or "–"),
            str(s.get("file_sha256") or "–"),
        )
        for number, s in enumerate(case.sources, 1)
    ]
    columns = ("source", "file", "loaded", "acquisition", "legal_basis", words.column("sha256", "code"))
    yield words.part(
        "sources", Lines((words.say("sources.lead"),), listed=False), words.table("sources", columns, rows)
    )


def provisions(case: Case, words: Wording, on_roster: bool) -> Iterator[Part]:
    """What a reviewer would have to weigh; nothing where nobody is on the roster, of whom it could be asked."""
    if not on_roster:
        yield words.part("provisions", Lines((words.say("provisions.nobody"),)))
        return
    before, on, after = case.sides
    lines = [words.say("provisions.lead")]
    if case.determined:
        lines.append(words.say("provisions.sides", day=case.determined, before=before, on=on, after=after))
    lines += [words.say("provisions.differing", kind=words.kind(kind), sources=said) for kind, said in case.differing]
    wording = "wording" if words.language == "id" else "meaning"
    rows = [
        (p["id"], words.say(f"category.{p['category'].replace(' ', '_')}"), p[wording], _standing(p, words))
        for p in case.provisions
    ]
    table = words.table("provisions", ("code", "category", "wording", "how_sure"), rows)
    citations = Lines(tuple(f"{p['id']}: {p['citation'].split('; as reproduced')[0]}" for p in case.provisions))
    yield words.part("provisions", Lines(tuple(lines)), table, citations)


def _standing(provision: object, words: Wording) -> str:
    assert isinstance(provision, dict)
    return words.say(f"sure.{provision['standing'].replace(' ', '_')}")


def complaints(case: Case, words: Wording) -> Iterator[Part]:
    """Complaints about these accounts."""
    if not case.complaints:
        return
    rows = [
        (
            c.id,
            c.received_at or "–",
            c.deadline or "–",
            _status(c.status, words),
            words.say("seen.other_day" if c.day_differs else f"seen.{c.seen.replace(' ', '_')}"),
        )
        for c in case.complaints
    ]
    table = words.table("complaints", ("complaint", "received", "deadline", "status", "seen"), rows)
    yield words.part("complaints", table, Lines((words.say("complaints.caution"),)))


def _status(status: str | None, words: Wording) -> str:
    return words.say(f"status.{status}") if status else "–"


def decisions(case: Case, words: Wording) -> Iterator[Part]:
    """What reviewers decided so far, and that setting a lead aside is as valid as passing it on."""
    if not case.decisions:
        yield words.part("decisions", Lines((words.say("decisions.none"), words.other("explain.limits.lead"))))
        return
    rows = [
        (
            words.time(d.at_ms),
            words.say(f"outcome.{d.outcome}") + (f" → {d.forwarded_to}" if d.forwarded_to else ""),
            d.reviewer,
            d.reason if d.reason is not None else words.say("withheld"),
            (d.clarification or words.say("withheld")) if d.clarified else words.say("decisions.not_asked"),
            d.lead,
        )
        for d in case.decisions
    ]
    columns = ("time", "outcome", "reviewer", "reason", "clarification", words.column("lead", "code"))
    lines = Lines((words.other("explain.limits.lead"),))
    yield words.part("decisions", words.table("decisions", columns, rows), lines)


def addressees(case: Case, words: Wording) -> Iterator[Part]:
    """To whom the document may be handed on, once somebody has decided so."""
    if not case.addressees:
        return
    language: Literal["id", "en"] = "id" if words.language == "id" else "en"
    rows = [(of.names[language], of.roles[language], of.basis, " ".join(of.sources)) for of in case.addressees]
    columns = ("addressee", "role", "basis", words.column("read_at", "code"))
    lines = Lines((words.say("addressees.lead"),), listed=False)
    yield words.part("addressees", lines, words.table("addressees", columns, rows))


def coverage(case: Case, words: Wording) -> Part:
    """What the data can show at all."""
    power = case.power or (words.say("coverage.no_power"),)
    return words.part("coverage", Lines((*case.coverage, *power)))


def method(case: Case, words: Wording) -> Part:
    """How it was found, in plain words, with the run's own numbers."""
    run = case.run
    if run is None:
        return words.part("method", Lines((words.say("method.records"),)))
    lines = [
        words.say("method.records"),
        words.say("method.pairs", window=_seconds(run["window_ms"], words), n=words.count(run["min_objects"])),
    ]
    if run["fdr"] is None:
        lines.append(words.say("method.untested"))
    else:
        rate = words.count(100 * float(str(run["fdr"])))
        lines += [words.say("method.chance", tests=words.count(run["tests"])), words.say("method.rate", rate=rate)]
    lines += [
        words.say("method.clusters"),
        words.say(
            "method.numbers",
            interactions=words.count(run["interactions"]),
            accounts=words.count(run["accounts"]),
            objects=words.count(run["objects"]),
            pairs=words.count(run["pairs"]),
            untimed=words.count(run["untimed"]),
        ),
        *_left_out(run, words),
        *_lags(run, words),
        *([words.say("method.others", n=case.others)] if case.others else []),
        words.say("method.never"),
        *erased(case, words),
    ]
    return words.part("method", Lines(tuple(lines)))


def _left_out(run: Mapping[str, object], words: Wording) -> Iterator[str]:
    """Interactions whose times are no times of acts, or too coarse; most runs have none."""
    for name in ("observed", "coarse"):
        number = run[name]  # null where the run is of an older version
        if number:
            yield words.say(f"method.{name}", n=words.count(number))


def _lags(run: Mapping[str, object], words: Wording) -> Iterator[str]:
    """That lags were looked at, too: out of how many accounts something was found."""
    looked = json.loads(str(run["lags"] or "{}"))
    if looked:
        yield words.say("method.lags", **{name: words.count(looked[name]) for name in ("accounts", "regular")})


def erased(case: Case, words: Wording) -> Iterator[str]:
    """That records were erased since the run, the numbers of which are of before."""
    of = case.erased
    if of is None:
        return
    day = words.time(of.at_ms)
    if not of.size:
        yield words.say("method.erased", day=day)
    elif of.members and isinstance(case, SummaryCase) and of.members < FEWEST:
        yield words.say("method.erased_few", day=day, few=FEWEST, of=words.count(of.size))
    else:
        yield words.say("method.erased_members", day=day, n=of.members, of=words.count(of.size))


def _seconds(ms: object, words: Wording) -> str:
    from graphwatch.explain.words import number

    return number(float(str(ms)) / 1000, words.language)
