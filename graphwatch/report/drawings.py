"""Still pictures as SVG: when members acted together, at which hours, and who with whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from markupsafe import escape

from graphwatch.explanation import Burst
from graphwatch.explanation.weighing import WIB
from graphwatch.report.cases import Picture

_WIDTH: Final = 700
_LEFT, _RIGHT = 34, 16
_TOP, _BASE = 26, 150
_MOST_TICKS: Final = 8
# Places of circles and what is written in them stay readable in print.
_RADIUS: Final = 8.0
_TALLEST: Final = 440


def timeline(bursts: Sequence[Burst], determined: tuple[int, str] | None) -> str:
    """For every stretch of time the most members who acted within one window.

    Args:
        bursts: at least one.
        determined: beginning of the day of determination, and its name; drawn where it lies between the bursts.
    """
    first, last = _whole_days(bursts)
    inner = _WIDTH - _LEFT - _RIGHT
    tallest: dict[int, int] = {}
    for burst in bursts:
        column = _LEFT + int((burst.first_ms - first) / (last - first) * inner)
        tallest[column] = max(burst.most, tallest.get(column, 0))
    most = max(tallest.values())
    marks = [_axis(most)]
    marks += [_bar(column, _height(n, most), 2) for column, n in sorted(tallest.items())]
    days = round((last - first) / _DAY_MS)
    step = -(-days // _MOST_TICKS)
    for day in range(0, days, step):
        at = first + day * _DAY_MS
        x = _LEFT + (at - first) / (last - first) * inner
        marks.append(_tick(x, datetime.fromtimestamp(at / 1000, WIB).strftime("%Y-%m-%d" if day == 0 else "%m-%d")))
    if determined and first <= determined[0] < last:
        x = _LEFT + (determined[0] - first) / (last - first) * inner
        side = ("start", 4) if x < _WIDTH / 2 else ("end", -4)
        marks.append(f'<line class="dash" x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{_BASE}"/>')
        marks.append(
            f'<text x="{x + side[1]:.1f}" y="{_TOP - 12}" text-anchor="{side[0]}">{escape(determined[1])}</text>'
        )
    return _svg(_BASE + 26, marks)


def hours(counts: Sequence[int]) -> str:
    """Interactions in bursts by hour of the day; 24 counts, the first from midnight in WIB."""
    most = max(counts, default=0) or 1
    width = (_WIDTH - _LEFT - _RIGHT) / 24
    marks = [_axis(most)]
    for hour, count in enumerate(counts):
        x = _LEFT + hour * width
        if count:
            marks.append(_bar(x + 2, _height(count, most), width - 4))
        if hour % 2 == 0:
            marks.append(_tick(x + width / 2, f"{hour:02}"))
    return _svg(_BASE + 26, marks)


def network(picture: Picture, standing: Sequence[str]) -> str:
    """Members as numbered circles, tied where they acted together: filled on the roster, square where duty accounts.

    Args:
        picture: places by number of the member, from 1.
        standing: of each member, by number less one.
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
        kind = "off" if which in ("none", "unknown") else "on"
        if which == "duty":
            side = 2 * _RADIUS
            marks.append(
                f'<rect class="on" x="{x - _RADIUS:.1f}" y="{y - _RADIUS:.1f}" width="{side:g}" height="{side:g}"/>'
            )
        else:
            marks.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS:g}"/>')
        marks.append(f'<text class="in-{kind}" x="{x:.1f}" y="{y + 3:.1f}" text-anchor="middle">{number}</text>')
    return _svg(height, marks)


_DAY_MS: Final = 86_400_000


def _whole_days(bursts: Sequence[Burst]) -> tuple[int, int]:
    """The beginning of the first day with a burst and the end of the last one, in WIB."""
    first = datetime.fromtimestamp(min(b.first_ms for b in bursts) / 1000, WIB)
    last = datetime.fromtimestamp(max(b.first_ms for b in bursts) / 1000, WIB)
    begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    end = last.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int(begin.timestamp() * 1000), int(end.timestamp() * 1000)


def _fitted(picture: Picture) -> dict[int, tuple[float, float]]:
    """The places moved and shrunk into the width and height that there are."""
    if not picture.places:
        return {}
    xs, ys = zip(*picture.places.values(), strict=True)
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    room = 2 * _RADIUS + 2
    scale = min((_WIDTH - 2 * room) / (wide or 1), (_TALLEST - 2 * room) / (tall or 1), 1.6)
    left = (_WIDTH - wide * scale) / 2
    return {
        number: (left + (x - min(xs)) * scale, room + (y - min(ys)) * scale)
        for number, (x, y) in sorted(picture.places.items())
    }


def _height(value: int, most: int) -> float:
    return (_BASE - _TOP) * value / most


def _bar(x: float, height: float, width: float) -> str:
    return f'<rect class="bar" x="{x:.1f}" y="{_BASE - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _axis(most: int) -> str:
    right = _WIDTH - _RIGHT
    return (
        f'<line class="axis" x1="{_LEFT}" y1="{_BASE}" x2="{right}" y2="{_BASE}"/>'
        f'<line class="grid" x1="{_LEFT}" y1="{_TOP}" x2="{right}" y2="{_TOP}"/>'
        f'<text x="{_LEFT - 6}" y="{_TOP + 4}" text-anchor="end">{most}</text>'
        f'<text x="{_LEFT - 6}" y="{_BASE + 4}" text-anchor="end">0</text>'
    )


def _tick(x: float, label: str) -> str:
    # The first label would be cut at the left if it stood in the middle of its tick.
    anchor = "start" if x < _LEFT + 1 else "middle"
    return f'<text x="{x:.1f}" y="{_BASE + 16}" text-anchor="{anchor}">{escape(label)}</text>'


def _svg(height: float, marks: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" xmlns="http://www.w3.org/2000/svg">{"".join(marks)}</svg>'
    )
