"""A still picture of an account: whose posts it acted on, and with whom it is in a cluster."""

from collections.abc import Sequence
from typing import Final

from graphwatch.report.cases.model import Ego
from graphwatch.report.drawing.canvas import WIDTH, label, on_roster, spread, svg

_PARTNERS: Final = 215.0
_MIDDLE: Final = 315.0
_PAGES: Final = 415.0
_PARTNER_ROW: Final = 20.0
_PAGE_ROW: Final = 34.0
_RADIUS: Final = 6.0
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
    marks = [_line(_PARTNERS, y, middle, n, of.partners) for y, (_, _, n) in zip(left, of.partners, strict=True)]
    marks += [_line(_PAGES, y, middle, n, of.pages) for y, (_, _, n) in zip(right, of.pages, strict=True)]
    marks.append(on_roster(_MIDDLE, middle, standing, 10))
    marks.append(label(_MIDDLE, middle + 20, own, 100, anchor="middle", kind="over"))
    for y, (name, which, n) in zip(left, of.partners, strict=True):
        marks.append(on_roster(_PARTNERS, y, which, _RADIUS))
        marks.append(label(_PARTNERS - 12, y, f"{n}×", 36, anchor="end"))
        marks.append(label(_PARTNERS - 52, y, name, _PARTNERS - 58, anchor="end"))
    for y, (name, paslon, n) in zip(right, of.pages, strict=True):
        points = " ".join(f"{_PAGES + dx:g},{y + dy:.1f}" for dx, dy in ((0, -7), (7, 0), (0, 7), (-7, 0)))
        marks.append(f'<polygon class="{"on" if paslon else "off"}" points="{points}"/>')
        marks.append(label(_PAGES + 12, y - (6 if paslon else 0), f"{n}×", 36))
        marks.append(label(_PAGES + 50, y - (6 if paslon else 0), name, WIDTH - _PAGES - 56))
        if paslon:
            marks.append(label(_PAGES + 50, y + 6, paslon, WIDTH - _PAGES - 56, kind="small"))
    return svg(height, marks, title, told)


def _line(x: float, y: float, middle: float, n: int, among: Sequence[tuple[object, object, int]]) -> str:
    width = 0.6 + 5 * n / max(each for _, _, each in among)
    return f'<line class="tie" x1="{_MIDDLE:g}" y1="{middle:.1f}" x2="{x:g}" y2="{y:.1f}" stroke-width="{width:.1f}"/>'
