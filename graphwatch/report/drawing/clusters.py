"""Still pictures of a cluster as SVG: when members acted together, at which hours, and who with whom."""

from collections.abc import Sequence
from typing import Final

from graphwatch.explain.model import Burst
from graphwatch.report.cases.model import Picture
from graphwatch.report.drawing.canvas import LEFT, RIGHT, WIDTH, Days, on_roster, shade, svg, tick

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
