"""What a notebook shows is bounded and does nothing."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import graphwatch
from graphwatch.api.showing import card


@given(st.text(), st.lists(st.tuples(st.text(), st.text() | st.integers() | st.none())), st.text())
def test_no_text_becomes_markup(title: str, rows: list[tuple[str, object]], note: str) -> None:
    shown = card(title, rows, note)
    for tag in ("table", "caption", "tr", "th", "td", "p"):
        shown = shown.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in shown
    assert "\x1b" not in shown


def test_a_card_stays_small() -> None:
    shown = card("n" * 10_000, [("n" * 10_000, "<" * 10_000)] * 10_000, "n" * 10_000)
    assert len(shown) < 60_000
    assert "9,960 more" in shown


def test_a_desk_and_what_it_found_show_themselves(demo_store: Path, tmp_path: Path) -> None:
    with graphwatch.open(demo_store) as desk:
        assert "<th>Account</th>" in desk._repr_html_()
        found = desk.detect()
        assert found.run in found._repr_html_()
        assert "pseudonyms" in desk.export(tmp_path / "a.gexf", to="gexf")._repr_html_()
    with graphwatch.open(tmp_path / "<script>.gw", create=True) as desk:
        assert "<script>" not in desk._repr_html_()
