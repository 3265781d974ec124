"""`graphwatch coverage`, and the words about coverage that go with finding nothing."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from graphwatch.cli.options import Place, note, opened, store_options

if TYPE_CHECKING:
    from graphwatch.api import Coverage, Desk

# Text, whether the platform shows such interactions, and whether some must be, or must not be, loaded.
_SEEN: Final = (
    ("coverage.unseen", "no", False),
    ("coverage.odd", "no", True),
    ("coverage.partly", "partly", None),
)


@click.command()
@click.option("--suppress", is_flag=True, help="Withhold numbers of agencies below five persons.")
@click.option("--language", type=click.Choice(["id", "en"]), default="en", show_default=True, help="Of the texts.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@store_options
def coverage(suppress: bool, language: str, as_json: bool, place: Place) -> None:
    """What the loaded data can show at all.

    How much of the roster has a known account, by agency, platform and basis; which interactions of which platform
    anyone can see; which days have data. Finding nothing means little where little could be seen.
    """
    from dataclasses import asdict

    with opened(place) as desk:
        found = desk.coverage(suppress=suppress, language=language)
    if as_json:
        click.echo(json.dumps({**asdict(found), "days_without": found.days_without}, ensure_ascii=False, indent=1))
        return
    for line in sentences(found, language):
        click.echo(line)
    for heading, rows in _sections(found):
        if rows:
            _show(heading, rows, language)


def say_coverage(desk: "Desk", language: str = "en") -> None:
    """Say what the data could show at all, where nothing was found in them."""
    note(" ".join(sentences(desk.coverage(language=language), language)))


def sentences(found: "Coverage", language: str) -> Iterator[str]:
    """Coverage in a few sentences."""
    from graphwatch.texts import text

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
        kinds = ", ".join(
            f"{k.kind} ({k.platform})" for k in found.kinds if k.seen == seen and loaded in (None, bool(k.interactions))
        )
        if kinds:
            yield text(key, language, kinds=kinds)
    yield from _about_roster(found, language)
    yield text("coverage.caution", language)


def _about_roster(found: "Coverage", language: str) -> Iterator[str]:
    from graphwatch.texts import text

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


def _sections(found: "Coverage") -> list[tuple[str, Sequence[Any]]]:
    sections: list[tuple[str, Sequence[Any]]] = [("kinds", found.kinds)]
    if found.roster:
        roster = found.roster
        sections += [("platforms", roster.platforms), ("bases", roster.bases), ("agencies", roster.agencies)]
        sections.append(("disputes", roster.disputed))
    return [*sections, ("gaps", [{"first": a, "last": b} for a, b in found.gaps])]


def _show(heading: str, rows: Sequence[Any], language: str) -> None:
    from dataclasses import asdict, is_dataclass

    import pyarrow as pa

    from graphwatch.cli.render import render
    from graphwatch.texts import text

    click.echo(f"\n{text(f'coverage.{heading}', language)}")
    values = [asdict(row) if is_dataclass(row) and not isinstance(row, type) else row for row in rows]
    render(pa.Table.from_pylist([_cells(row) for row in values]), "table", sys.stdout)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """The row as it fits a terminal: citations are in the JSON."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items() if k != "citation"}
