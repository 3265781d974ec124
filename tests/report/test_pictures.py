"""Pictures of a summary and an account: everything inside, no text over another, hostile names as text."""

import re
from xml.etree import ElementTree as ET

import pytest
from graph_rows import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from report import case_store as made_of

from graphwatch.report.cases.model import Ego, Overview, Tie
from graphwatch.report.drawing.canvas import WIDTH, Days, fitted
from graphwatch.report.drawing.lead_pictures import surroundings
from graphwatch.report.drawing.run_pictures import strip, ties

NAMES = (HOSTILE, made_of.LONG, made_of.RTL, made_of.FORMULA, "\u202egnp.exe", "W" * 60, "漢" * 60, "Tim]]>&amp;")
DAY = 86_400_000
_SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Left, right, height and content of each text; letters are taken to be 5.2 units wide, which is about the mean."""
    found = []
    for element in ET.fromstring(svg).iter(f"{_SVG}text"):
        content = "".join(element.itertext())
        x, y, wide = float(element.attrib["x"]), float(element.attrib["y"]), 5.2 * len(content)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.attrib.get("text-anchor", "start")]
        found.append((left, left + wide, y, content))
    return found


def check(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root[0].tag == f"{_SVG}title"
    assert root[0].text
    height = float(root.attrib["viewBox"].split()[3])
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx", "y", "y1", "y2", "cy"):
            value = float(element.attrib.get(name, 1))
            assert 0 <= value <= (WIDTH if "x" in name else height)
    shown = texts(svg)
    assert all(left >= 0 and right <= WIDTH for left, right, _, _ in shown)
    for n, (left, right, y, _) in enumerate(shown):
        for other_left, other_right, other_y, _ in shown[n + 1 :]:
            assert right <= other_left or other_right <= left or abs(y - other_y) >= 9
    assert not re.search(r"<(script|style|image|a)\b", svg)


@pytest.mark.parametrize("pages", [0, 1, 12])
@pytest.mark.parametrize("partners", [0, 1, 18])
def test_an_account_with_hostile_names_around_it(pages: int, partners: int) -> None:
    if not pages + partners:
        return
    of = Ego(
        tuple((NAMES[n % len(NAMES)], None if n % 3 else NAMES[-n % len(NAMES)], 10**n % 99_991) for n in range(pages)),
        pages,
        tuple((NAMES[n % len(NAMES)], ("none", "duty", "verified")[n % 3], n + 1) for n in range(partners)),
        partners,
    )
    check(surroundings(of, "duty", NAMES[0], "akun ini", NAMES))


@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=15),
    st.integers(0, 12),
    st.lists(st.integers(0, 400), max_size=6),
)
def test_a_run_of_any_size(sizes: list[int], targets: int, days: list[int]) -> None:
    clusters = tuple(
        (n, size, tuple(sorted(1_726_000_000_000 + day * DAY for day in days))) for n, size in enumerate(sizes, 1)
    )
    lines = tuple(Tie(c, t, 1 + c * t, c > t) for c in range(len(sizes)) for t in range(targets))
    of = Overview(
        clusters, len(sizes), tuple((NAMES[t % len(NAMES)], t % 2 == 0) for t in range(targets)), targets, lines, 0
    )
    check(ties(of, "clusters", [f"{size} accounts" for size in sizes], ["told"]))
    if days:
        check(strip(of, (1_726_000_000_000 + 3 * DAY, "determination of candidates"), "when"))


def test_areas_are_like_numbers_of_members() -> None:
    of = Overview(((1, 400, ()), (2, 100, ())), 2, (), 0, (), 0)
    root = ET.fromstring(ties(of, "clusters", ["", ""], []))
    one, two = (float(circle.attrib["r"]) for circle in root.iter(f"{_SVG}circle"))
    assert (one / two) ** 2 == pytest.approx(4, rel=0.01)


def test_what_is_told_is_the_description() -> None:
    root = ET.fromstring(surroundings(Ego((("Tim", None, 2),), 1, (), 0), "none", "title", "own", ["2 <b> & c."]))
    assert [(element.tag, element.text) for element in root[:2]] == [
        (f"{_SVG}title", "title"), (f"{_SVG}desc", "2 <b> & c."),
    ]  # fmt: skip


@given(st.text(max_size=200), st.floats(0, 300))
def test_text_that_fits_is_whole_and_other_is_cut(text: str, room: float) -> None:
    shown = fitted(text, room)
    assert shown.endswith("…") or len(shown) * 3.6 <= room or not shown or any(c in shown for c in ("⟨", "\u0300"))
    assert fitted(shown, 10_000) == shown


def test_days_begin_at_midnight_in_wib() -> None:
    days = Days(1_726_000_000_000, 1_726_000_000_000 + DAY)
    assert (days.first + 7 * 3_600_000) % DAY == 0
    assert days.last - days.first == 2 * DAY
    assert days.x(days.first) < days.x(1_726_000_000_000) < days.x(days.last) <= WIDTH
