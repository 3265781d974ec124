"""What a notebook shows is bounded and does nothing."""

import shutil
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import graphwatch
from graphwatch.common.notebook import card


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


def test_a_project_and_what_it_found_show_themselves(demo_store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "demo.gw"
    shutil.copytree(demo_store, copy)
    with graphwatch.open(copy) as project:
        assert "<th>Account</th>" in project._repr_html_()
        found = project.detect()
        assert found.run in found._repr_html_()
        ends = [
            str(id)
            for id in project.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id LIMIT 41").to_pandas()["id"]
        ]
        assert "2 hops" in project.trace(ends[2], ends[40])._repr_html_()
        assert (
            "no path of up to 2 hops" in project.trace(ends[2], ends[40], kinds=["FOLLOWED"], max_hops=2)._repr_html_()
        )
        assert "components" in project.metrics()._repr_html_()
        power = project.power(sizes=(3,), posts=(2,), repeats=1)
        assert "<th>3 accounts on 2 posts</th>" in power._repr_html_()
        assert "pseudonyms" in project.export(tmp_path / "a.gexf", to="gexf")._repr_html_()
    with graphwatch.open(tmp_path / "<script>.gw", create=True) as project:
        assert "<script>" not in project._repr_html_()
        (tmp_path / "a.csv").write_text("account,object,kind,at\n1,2,like,2024-10-01T08:00:00+07:00\n1,3,like,never\n")
        loaded = project.load(tmp_path / "a.csv", constants={"platform": "x"})
        assert "<tr><th>rows taken</th><td>1</td></tr>" in loaded._repr_html_()
        assert "<tr><th>new in LIKED</th><td>1</td></tr>" in loaded._repr_html_()
