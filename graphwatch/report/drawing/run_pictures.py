"""Still pictures of a run that name nobody: clusters, on whose posts they act, and when each was active."""

from collections.abc import Iterator
from typing import Final

from graphwatch.report.cases.model import Overview
from graphwatch.report.drawing.canvas import LEFT, RIGHT, WIDTH, Days, label, spread, svg

# Middles of the discs, and of the marks of those on whose posts they act.
_DISCS: Final = 120.0
_MARKS: Final = 390.0
_LARGEST: Final = 26.0
_SMALLEST: Final = 8.0
_ROW: Final = 24.0
_TOP: Final = 26
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
    base = _TOP + _BAR * len(known) + 4
    marks = [f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}"/>', *days.ticks(base)]
    if determined:
        marks += days.day(*determined, _TOP, base)
    for row, (number, times) in enumerate(known):
        marks += _span(_TOP + _BAR * (row + 0.5), number, times, days)
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
