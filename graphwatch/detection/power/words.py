"""What power is in words: for each family, window and age of posts the weakest groups that would have been found."""

from typing import TYPE_CHECKING, Final

from graphwatch.common.i18n import counted, text
from graphwatch.model.scope import ALL, FAMILIES, WINDOWS

if TYPE_CHECKING:
    from graphwatch.detection.power.planting import Age
    from graphwatch.detection.power.table import Cell, Line, Power

# What a span is said in: the largest unit of which it is a whole number, else seconds.
_UNITS: Final = {"hours": 3_600.0, "minutes": 60.0, "seconds": 1.0}


def sentences(power: "Power", language: str) -> list[str]:
    """What can be said where nothing was found.

    The smallest groups found at least nine times in ten are named, or else the easiest; times are rounded down.
    """
    lines = power.lines()
    if not any(line.tried for line in lines):
        return [text("power.untried", language), *_lacking(power, language)]
    told = []
    for layer in dict.fromkeys(line.layer for line in lines):
        of_layer = [line for line in lines if line.layer == layer]
        ages = "; ".join(_outcome(line, language) for line in of_layer)
        told.append(text("power.line", language, what=_layer(layer, power.window_ms, language), outcome=ages))
    return [*told, *_lacking(power, language), *_made_of(power, language)]


def line_in_words(line: "Line", window_ms: int | None, language: str) -> str:
    """Which layer and age a line is of.

    >>> from graphwatch.detection.power.table import Line
    >>> line_in_words(Line("text", None, ()), None, "en"), line_in_words(Line("all", None, ()), 60_000, "id")
    ('By the same texts', 'Dalam kira-kira 1 menit')
    """
    layer = _layer(line.layer, window_ms, language)
    return layer if line.age is None else f"{layer}, {_age(line.age, language)}"


def group_in_words(cell: "Cell", language: str) -> str:
    """The groups of a cell.

    >>> from graphwatch.detection.power.table import Cell
    >>> group_in_words(Cell(5, 8, 20, 18, 0.9), "en")
    'groups of 5 on 8 posts'
    """
    key = cell.layer if cell.layer in ("text", "link") else "post"
    return text(f"power.groups.{key}", language, size=cell.size, posts=cell.posts)


def _outcome(line: "Line", language: str) -> str:
    """What would have been found of one layer and age."""
    cell = line.weakest_found()
    if not line.tried:
        said = text("power.no_room", language)
    elif cell is not None:
        said = _times("power.found", cell, language)
    else:
        easiest = max(line.tried, key=lambda c: (c.share, c.size, c.posts))
        rarely = 10 * easiest.found < easiest.planted
        key = "none" if not easiest.found else "rarely" if rarely else "best"
        said = _times(f"power.{key}", easiest, language)
    return said if line.age is None else f"{_age(line.age, language)} {said}"


def _times(key: str, cell: "Cell", language: str) -> str:
    times = 10 * cell.found // cell.planted
    return text(key, language, groups=group_in_words(cell, language), times=times, n=times)


def _layer(layer: str, window_ms: int | None, language: str) -> str:
    window_ms = window_ms if layer == ALL else WINDOWS.get(layer)
    if layer in FAMILIES or layer == "day":
        return text(f"power.layer.{layer}", language)
    if window_ms is None:
        return text("power.layer.all", language)
    return text("power.layer.within", language, span=_span(window_ms / 1000, language))


def _span(seconds: float, language: str) -> str:
    """A span as people say it.

    >>> _span(60.0, "en"), _span(10.0, "en"), _span(2.5, "id")
    ('1 minute', '10 seconds', '2,5 detik')
    """
    from graphwatch.explain.words import number

    unit, size = next(
        (unit, size) for unit, size in _UNITS.items() if unit == "seconds" or (seconds and seconds % size == 0)
    )
    return text(f"power.span.{unit}", language, n=seconds / size, number=number(seconds / size, language, 3))


def _age(age: "Age", language: str) -> str:
    if age.until_s is None:
        return text("power.age.later", language, since=_span(age.since_s, language))
    if not age.since_s:
        return text("power.age.first", language, until=_span(age.until_s, language))
    return text("power.age.between", language, since=_span(age.since_s, language), until=_span(age.until_s, language))


def _lacking(power: "Power", language: str) -> list[str]:
    """What could not be tried, with what it would need; and what the question leaves out."""
    told = [
        text(
            "power.untested",
            language,
            what=_layer(layer, power.window_ms, language),
            needed=text(f"power.needed.{layer if layer in FAMILIES or layer == 'day' else 'timed'}", language),
        )
        for layer in power.untested
    ]
    if power.unasked:
        names = ", ".join(text(f"power.name.{name}", language) for name in power.unasked)
        told.append(text("power.unasked", language, what=names))
    return told


def _made_of(power: "Power", language: str) -> list[str]:
    """Of whom groups were made, and how often members join; nothing of tables that did not keep it."""
    if power.accounts is None:
        return []
    key = "power.of_roster" if power.of_roster else "power.of_all"
    joins = round(10 * power.trials.joins)
    return [text(key, language, accounts=counted(power.accounts, language), joins=joins)]
