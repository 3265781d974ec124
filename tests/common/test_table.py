"""Tables that verbs answer with, and how answers look in a notebook."""

import csv
import shutil
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphwatch
from graphwatch.common.table import Table, card

HOSTILE = ["=1+1", "<img src=x onerror=alert(1)>", "@SUM(A1)", "it's"]


@pytest.fixture
def table() -> Table:
    columns = {"name": pa.array(HOSTILE), "n": pa.array([1, None, -3, 4]), "lists": pa.array([["a", "b"]] * 4)}
    return Table(pa.table(columns), cut="only the first 4 rows are shown", differs=("one is two",), untimed=2)


def test_rows_are_what_the_arrow_table_has(table: Table) -> None:
    assert len(table) == 4
    assert list(table) == table.to_arrow().to_pylist()
    assert table.columns == ("name", "n", "lists")
    assert table == Table(table.to_arrow(), table.cut, table.differs, table.untimed)
    assert table != Table(table.to_arrow().slice(1))


def test_whole_numbers_stay_whole_for_pandas(table: Table) -> None:
    frame = table.to_pandas()
    assert frame["n"].isna().tolist() == [False, True, False, False]
    assert int(frame["n"].iloc[0]) == 1
    assert str(frame["n"].dtype) == "int64[pyarrow]"


def test_nothing_in_csv_is_computed(table: Table, tmp_path: Path) -> None:
    text = table.to_csv(tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == text
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["name"][0] for row in rows] == ["'", "<", "'", "i"]
    assert [row["n"] for row in rows] == ["1", "", "-3", "4"]
    assert rows[0]["lists"] == "a, b"


def test_nothing_in_a_workbook_is_computed(table: Table, tmp_path: Path) -> None:
    table.to_excel(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "inlineStr"}
    assert [row[1].value for row in rows[1:]] == [1, None, -3, 4]


def test_a_notebook_shows_little_and_runs_nothing(table: Table) -> None:
    shown = table._repr_html_()
    assert "<img" not in shown
    assert "&lt;img" in shown
    many = Table(pa.table({"n": range(100_000)}))
    assert len(many._repr_html_()) < 5_000
    assert "100,000 rows in all" in many._repr_html_()


def test_what_must_be_known_is_said(table: Table) -> None:
    said = " ".join(table.caveats)
    assert "only the first 4 rows" in said
    assert "one is two" in said
    assert "2 interactions without a time" in said
    assert Table(table.to_arrow()).caveats == ()


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
        assert (
            "<th>Within about 1 minute, 1 hour or more after publication: groups of 3 on 2 posts</th>"
            in power._repr_html_()
        )
        assert "pseudonyms" in project.export(tmp_path / "a.gexf", to="gexf")._repr_html_()
    with graphwatch.open(tmp_path / "<script>.gw", create=True) as project:
        assert "<script>" not in project._repr_html_()
        (tmp_path / "a.csv").write_text("account,object,kind,at\n1,2,like,2024-10-01T08:00:00+07:00\n1,3,like,never\n")
        loaded = project.load(tmp_path / "a.csv", constants={"platform": "x"})
        assert "<tr><th>rows taken</th><td>1</td></tr>" in loaded._repr_html_()
        assert "<tr><th>new in LIKED</th><td>1</td></tr>" in loaded._repr_html_()
