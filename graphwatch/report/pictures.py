"""Still pictures as SVG: of a cluster or an account, and of a run, which name nobody."""

from collections.abc import Iterator, Sequence
from typing import Final

from graphwatch.explain.model import Burst
from graphwatch.report.canvas import LEFT, RIGHT, WIDTH, Days, label, on_roster, shade, spread, svg, tick
from graphwatch.report.case_model import Ego, Overview, Picture

_TOP, _BASE = 26, 150
# Places of circles and what is written in them stay readable in print.
_RADIUS: Final = 8.0
_TALLEST: Final = 440


def timeline(bursts: Sequence[Burst], determined: tuple[int, str] | None, title: str) -> str:
    """For every stretch of time the most members who acted within one window.

    Args:
        bursts: at least one.
        determined: beginning of the day of determination, and its name; drawn where it lies between the bursts.
        title: of the picture.
    """
    days = Days(min(b.first_ms for b in bursts), max(b.first_ms for b in bursts))
    tallest: dict[int, int] = {}
    for burst in bursts:
        column = int(days.x(burst.first_ms))
        tallest[column] = max(burst.most, tallest.get(column, 0))
    most = max(tallest.values())
    marks = [_axis(most)]
    marks += [_bar(column, _height(n, most), 2) for column, n in sorted(tallest.items())]
    marks += days.ticks(_BASE)
    if determined:
        marks += days.day(*determined, _TOP, _BASE)
    return svg(_BASE + 26, marks, title)


def hours(counts: Sequence[int], title: str) -> str:
    """Interactions in bursts by hour of the day; 24 counts, the first from midnight in WIB."""
    most = max(counts, default=0) or 1
    width = (WIDTH - LEFT - RIGHT) / 24
    marks = [_axis(most)]
    for hour, count in enumerate(counts):
        x = LEFT + hour * width
        if count:
            marks.append(_bar(x + 2, _height(count, most), width - 4))
        if hour % 2 == 0:
            marks.append(tick(x + width / 2, _BASE, f"{hour:02}"))
    return svg(_BASE + 26, marks, title)


def network(picture: Picture, standing: Sequence[str], title: str) -> str:
    """Members as numbered circles, tied where they acted together: filled on the roster, square where duty accounts.

    Args:
        picture: places by number of the member, from 1.
        standing: of each member, by number less one.
        title: of the picture.
    """
    places = _fitted(picture)
    height = max((y for _, y in places.values()), default=0) + 2 * _RADIUS
    most = max((n for _, _, n in picture.pairs), default=1)
    marks = []
    for one, other, n in picture.pairs:
        (x1, y1), (x2, y2) = places[one], places[other]
        width = 0.5 + 2.5 * n / most
        marks.append(
            f'<line class="tie" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{width:.1f}"/>'
        )
    for number, (x, y) in places.items():
        which = standing[number - 1]
        marks.append(on_roster(x, y, which, _RADIUS))
        inside = f"in-{shade(which)}"
        marks.append(f'<text class="{inside}" x="{x:.1f}" y="{y + 3:.1f}" text-anchor="middle">{number}</text>')
    return svg(height, marks, title)


def _fitted(picture: Picture) -> dict[int, tuple[float, float]]:
    """The places moved and shrunk into the width and height that there are."""
    if not picture.places:
        return {}
    xs, ys = zip(*picture.places.values(), strict=True)
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    room = 2 * _RADIUS + 2
    scale = min((WIDTH - 2 * room) / (wide or 1), (_TALLEST - 2 * room) / (tall or 1), 1.6)
    left = (WIDTH - wide * scale) / 2
    return {
        number: (left + (x - min(xs)) * scale, room + (y - min(ys)) * scale)
        for number, (x, y) in sorted(picture.places.items())
    }


def _height(value: int, most: int) -> float:
    return (_BASE - _TOP) * value / most


def _bar(x: float, height: float, width: float) -> str:
    return f'<rect class="bar" x="{x:.1f}" y="{_BASE - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _axis(most: int) -> str:
    right = WIDTH - RIGHT
    return (
        f'<line class="axis" x1="{LEFT}" y1="{_BASE}" x2="{right}" y2="{_BASE}"/>'
        f'<line class="grid" x1="{LEFT}" y1="{_TOP}" x2="{right}" y2="{_TOP}"/>'
        f'<text x="{LEFT - 6}" y="{_TOP + 4}" text-anchor="end">{most}</text>'
        f'<text x="{LEFT - 6}" y="{_BASE + 4}" text-anchor="end">0</text>'
    )


# Around an account: where partners, the account and pages stand, and how high their rows are.
_PARTNERS_AT: Final = 215.0
_OWN_AT: Final = 315.0
_PAGES_AT: Final = 415.0
_PARTNER_ROW: Final = 20.0
_PAGE_ROW: Final = 34.0
_MARK: Final = 6.0
_SHORTEST: Final = 70.0


def surroundings(of: Ego, standing: str, title: str, own: str, told: Sequence[str]) -> str:
    """Partners on the left, the account in the middle, pages on the right; the thicker a line, the more often.

    Args:
        of: at least one page or partner.
        standing: of the account on the roster; filled where it is on one, square where it is a duty account.
        title: of the picture.
        own: what is written below the account.
        told: the same as the picture in sentences.
    """
    height = max(_PARTNER_ROW * len(of.partners), _PAGE_ROW * len(of.pages), _SHORTEST) + 8
    left = spread([_PARTNER_ROW] * len(of.partners), height)
    right = spread([_PAGE_ROW] * len(of.pages), height)
    middle = height / 2
    marks = [_tied(_PARTNERS_AT, y, middle, n, of.partners) for y, (_, _, n) in zip(left, of.partners, strict=True)]
    marks += [_tied(_PAGES_AT, y, middle, n, of.pages) for y, (_, _, n) in zip(right, of.pages, strict=True)]
    marks.append(on_roster(_OWN_AT, middle, standing, 10))
    marks.append(label(_OWN_AT, middle + 20, own, 100, anchor="middle", kind="over"))
    for y, (name, which, n) in zip(left, of.partners, strict=True):
        marks.append(on_roster(_PARTNERS_AT, y, which, _MARK))
        marks.append(label(_PARTNERS_AT - 12, y, f"{n}×", 36, anchor="end"))
        marks.append(label(_PARTNERS_AT - 52, y, name, _PARTNERS_AT - 58, anchor="end"))
    for y, (name, paslon, n) in zip(right, of.pages, strict=True):
        points = " ".join(f"{_PAGES_AT + dx:g},{y + dy:.1f}" for dx, dy in ((0, -7), (7, 0), (0, 7), (-7, 0)))
        marks.append(f'<polygon class="{"on" if paslon else "off"}" points="{points}"/>')
        marks.append(label(_PAGES_AT + 12, y - (6 if paslon else 0), f"{n}×", 36))
        marks.append(label(_PAGES_AT + 50, y - (6 if paslon else 0), name, WIDTH - _PAGES_AT - 56))
        if paslon:
            marks.append(label(_PAGES_AT + 50, y + 6, paslon, WIDTH - _PAGES_AT - 56, kind="small"))
    return svg(height, marks, title, told)


def _tied(x: float, y: float, middle: float, n: int, among: Sequence[tuple[object, object, int]]) -> str:
    width = 0.6 + 5 * n / max(each for _, _, each in among)
    return f'<line class="tie" x1="{_OWN_AT:g}" y1="{middle:.1f}" x2="{x:g}" y2="{y:.1f}" stroke-width="{width:.1f}"/>'


# Middles of the discs, and of the marks of those on whose posts they act.
_DISCS: Final = 120.0
_MARKS: Final = 390.0
_LARGEST: Final = 26.0
_SMALLEST: Final = 8.0
_ROW: Final = 24.0
_STRIP_TOP: Final = 26
_BAR: Final = 18


def ties(of: Overview, title: str, sizes: list[str], told: list[str]) -> str:
    """Clusters as discs on the left, tied to those on whose posts they act: dark where more than others do.

    Args:
        of: at least one cluster.
        title: of the picture.
        sizes: what is written beside each disc.
        told: the same as the picture in sentences.
    """
    radii = _radii(of)
    rows = [max(2 * r + 6, _ROW) for r in radii]
    height = max(sum(rows), _ROW * 1.5 * len(of.targets)) + 12
    left = spread(rows, height)
    right = spread([height / max(len(of.targets), 1)] * len(of.targets), height)
    most = max((tie.n for tie in of.ties), default=1)
    marks = [
        f'<line class="{"tie-more" if tie.beyond else "tie"}" x1="{_DISCS:g}" y1="{left[tie.cluster]:.1f}" '
        f'x2="{_MARKS:g}" y2="{right[tie.target]:.1f}" stroke-width="{0.6 + 5 * tie.n / most:.1f}"/>'
        for tie in sorted(of.ties, key=lambda t: t.beyond)
    ]
    for (number, _, _), radius, y, size in zip(of.clusters, radii, left, sizes, strict=True):
        marks.append(f'<circle class="on" cx="{_DISCS:g}" cy="{y:.1f}" r="{radius:.1f}"/>')
        marks.append(f'<text class="in-on" x="{_DISCS:g}" y="{y + 3:.1f}" text-anchor="middle">{number}</text>')
        marks.append(label(_DISCS - _LARGEST - 6, y, size, _DISCS - _LARGEST - 12, anchor="end"))
    for (name, is_paslon), y in zip(of.targets, right, strict=True):
        marks.append(_mark(y, is_paslon))
        marks.append(label(_MARKS + 14, y, name, WIDTH - _MARKS - 20))
    return svg(height, marks, title, told)


def strip(of: Overview, determined: tuple[int, str] | None, title: str) -> str:
    """A row a cluster: from its first meeting to its last one, with a mark where a pair met first or last.

    Args:
        of: a cluster has a time.
        determined: beginning of the day of determination, and its name; drawn where it lies between them.
        title: of the picture.
    """
    known = [(number, times) for number, _, times in of.clusters if times]
    days = Days(min(times[0] for _, times in known), max(times[-1] for _, times in known))
    base = _STRIP_TOP + _BAR * len(known) + 4
    marks = [f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}"/>', *days.ticks(base)]
    if determined:
        marks += days.day(*determined, _STRIP_TOP, base)
    for row, (number, times) in enumerate(known):
        marks += _span(_STRIP_TOP + _BAR * (row + 0.5), number, times, days)
    return svg(base + 26, marks, title)


def _span(y: float, number: int, times: tuple[int, ...], days: Days) -> Iterator[str]:
    yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{number}</text>'
    first, last = days.x(times[0]), days.x(times[-1])
    yield f'<line class="span" x1="{first:.1f}" y1="{y:.1f}" x2="{last:.1f}" y2="{y:.1f}"/>'
    for x in sorted({round(days.x(at)) for at in times}):
        yield f'<rect class="bar" x="{x - 1}" y="{y - 5:.1f}" width="2" height="10"/>'


def _radii(of: Overview) -> list[float]:
    """Areas like numbers of members, where the number of the cluster still has room inside."""
    most = max(size for _, size, _ in of.clusters)
    return [max(_SMALLEST, _LARGEST * (size / most) ** 0.5) for _, size, _ in of.clusters]


def _mark(y: float, is_paslon: bool) -> str:
    """A paslon is a filled diamond, a page that supports none an empty square."""
    if is_paslon:
        points = " ".join(f"{_MARKS + dx:g},{y + dy:.1f}" for dx, dy in ((0, -8), (8, 0), (0, 8), (-8, 0)))
        return f'<polygon class="on" points="{points}"/>'
    return f'<rect class="off" x="{_MARKS - 6:g}" y="{y - 6:.1f}" width="12" height="12"/>'
