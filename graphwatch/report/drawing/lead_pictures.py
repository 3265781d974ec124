"""Still pictures of a cluster and of an account as SVG: when and with whom they acted, and on whose posts."""

from collections.abc import Sequence
from typing import Final

from graphwatch.explain.model import Burst
from graphwatch.report.cases.model import Ego, Picture
from graphwatch.report.drawing.canvas import LEFT, RIGHT, WIDTH, Days, label, on_roster, shade, spread, svg, tick

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
