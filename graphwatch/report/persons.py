"""Names of persons in an opened document: beside their accounts, and who has none and why."""

from collections import Counter
from collections.abc import Iterator

from graphwatch.report.cases import Case, Named
from graphwatch.report.document import Lines, Part
from graphwatch.report.wording import Wording

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
