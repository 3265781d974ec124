"""What still pictures are drawn with: SVG with a title and a description, text that fits, and an axis of days."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markupsafe import escape

from graphwatch.common.clock import DAY_MS, beginning_ms, day_of, end_ms, local
from graphwatch.common.sanitize import plain

WIDTH: Final = 700
LEFT, RIGHT = 34, 16
_MOST_TICKS: Final = 8
_TEXT_HEIGHT: Final = 4


def svg(height: float, marks: Iterable[str], title: str, told: Iterable[str] = ()) -> str:
    """A picture; who cannot see it is read its title and what it tells.

    Args:
        height: in units of which the picture is `WIDTH` wide.
        marks: SVG elements in which every outside text is escaped.
        title: what it shows.
        told: what can be seen in it, in sentences.
    """
    desc = " ".join(told)
    described = f"<desc>{escape(plain(desc, 4_000))}</desc>" if desc else ""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(plain(title))}</title>{described}{''.join(marks)}</svg>"
    )


def on_roster(x: float, y: float, standing: str, radius: float) -> str:
    """An account by its standing on the roster: filled where it is on one, a square where it is a duty account."""
    if standing == "duty":
        side = 2 * radius
        return f'<rect class="on" x="{x - radius:.1f}" y="{y - radius:.1f}" width="{side:g}" height="{side:g}"/>'
    return f'<circle class="{shade(standing)}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def shade(standing: str) -> str:
    """`on` for an account on the roster, `off` for one that is on none, as the classes of marks are called."""
    return "off" if standing in ("none", "unknown") else "on"


def label(x: float, y: float, text: str, room: float, *, anchor: str = "start", kind: str = "") -> str:
    """Text at the height of a mark, cut to the room that there is; what reads from the right stands apart."""
    mark = f' class="{kind}"' if kind else ""
    return (
        f'<text{mark} x="{x:.1f}" y="{y + _TEXT_HEIGHT:.1f}" text-anchor="{anchor}">'
        f'<tspan class="own">{escape(fitted(text, room))}</tspan></text>'
    )


def fitted(text: str, room: float) -> str:
    """The text made plain, and cut where it would be wider than the room, in units of the picture.

    >>> fitted("Tim Pemenangan", 300), fitted("Tim Pemenangan", 50)
    ('Tim Pemenangan', 'Tim Pe…')
    """
    shown = plain(text)
    if sum(map(_wide, shown)) <= room:
        return shown
    left = room - _wide("…")
    kept = []
    for character in shown:
        left -= _wide(character)
        if left < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _wide(character: str) -> float:
    """At least the width of a character in ten units high letters."""
    if unicodedata.combining(character):
        return 0
    if character in "mwMW@%":
        return 9.5
    if unicodedata.east_asian_width(character) in "WF" or (ord(character) >= 0x2000 and character not in "–…’"):
        return 11
    if character in "iljtfI .,:;'()|-":
        return 3.6
    return 7.8 if character.isupper() else 5.8


def spread(heights: Sequence[float], whole: float) -> list[float]:
    """The middles of rows one under another, in the middle of the whole height.

    >>> spread([10, 20], 50)
    [15.0, 30.0]
    """
    at = (whole - sum(heights)) / 2
    middles = []
    for height in heights:
        middles.append(at + height / 2)
        at += height
    return middles


class Days:
    """An axis of whole days in WIB, from the first instant to the last one."""

    def __init__(self, first_ms: int, last_ms: int) -> None:
        self.first, self.last = beginning_ms(day_of(first_ms)), end_ms(day_of(last_ms))

    def x(self, at_ms: int) -> float:
        """Where an instant stands."""
        return LEFT + (at_ms - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def ticks(self, base: float) -> Iterator[str]:
        """Days under the axis, as many as can be read."""
        days = round((self.last - self.first) / DAY_MS)
        for day in range(0, days, -(-days // _MOST_TICKS)):
            at = self.first + day * DAY_MS
            shown = local(at).strftime("%Y-%m-%d" if day == 0 else "%m-%d")
            yield tick(self.x(at), base, shown)

    def day(self, at_ms: int, name: str, top: float, base: float) -> Iterator[str]:
        """A dashed line where a day begins, and its name, where it lies within the axis."""
        if not self.first <= at_ms < self.last:
            return
        x = self.x(at_ms)
        side = ("start", 4) if x < WIDTH / 2 else ("end", -4)
        yield f'<line class="dash" x1="{x:.1f}" y1="{top - 8}" x2="{x:.1f}" y2="{base}"/>'
        yield f'<text x="{x + side[1]:.1f}" y="{top - 12}" text-anchor="{side[0]}">{escape(name)}</text>'


def tick(x: float, base: float, text: str) -> str:
    """A word under an axis."""
    # The first one would be cut at the left if it stood in the middle of its tick.
    anchor = "start" if x < LEFT + 1 else "middle"
    return f'<text x="{x:.1f}" y="{base + 16}" text-anchor="{anchor}">{escape(text)}</text>'
