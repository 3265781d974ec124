"""Coverage in words, for terminals and documents."""

from collections.abc import Iterator
from typing import Final

from graphwatch.api.coverage.measuring import Coverage
from graphwatch.texts import text

# Text, whether the platform shows such interactions, and whether some must be, or must not be, loaded.
_SEEN: Final = (
    ("coverage.unseen", "no", False),
    ("coverage.odd", "no", True),
    ("coverage.partly", "partly", None),
)


def sentences(found: Coverage, language: str) -> Iterator[str]:
    """Coverage in a few sentences."""
    yield from about_data(found, language)
    yield from _about_roster(found, language)
    yield text("coverage.caution", language)


def about_data(found: Coverage, language: str) -> Iterator[str]:
    """The time that the data are of, and what no data of these platforms can show."""
    if found.first_day and found.last_day:
        yield text(
            "coverage.period",
            language,
            interactions=f"{found.interactions:,}",
            first=found.first_day,
            last=found.last_day,
            without=found.days_without,
            days=found.days,
            untimed=f"{found.untimed:,}",
        )
    else:
        yield text("coverage.no_period", language, untimed=f"{found.untimed:,}")
    for key, seen, loaded in _SEEN:
        chosen = [k for k in found.kinds if k.seen == seen and loaded in (None, bool(k.interactions))]
        kinds = ", ".join(f"{text(f'relation.{k.kind}', language)} ({k.platform})" for k in chosen)
        if kinds:
            yield text(key, language, kinds=kinds)


def _about_roster(found: Coverage, language: str) -> Iterator[str]:
    roster = found.roster
    if roster is None:
        yield text("coverage.no_roster", language)
        return
    yield text(
        "coverage.roster",
        language,
        persons=f"{roster.persons:,}",
        with_account=f"{roster.with_account:,}",
        seen=f"{roster.seen:,}",
    )
    counts = {
        "coverage.disputed": len(roster.disputed),
        "coverage.namesakes": roster.namesakes,
        "coverage.strangers": roster.strangers,
        "coverage.handles": roster.handles_elsewhere,
    }
    yield from (text(key, language, n=n) for key, n in counts.items() if n)
