"""A load that is only rehearsed says what would come of it, and leaves everything as it is."""

from pathlib import Path
from typing import Any

import pytest

import graphwatch as gw
from graphwatch.errors import StoreError
from graphwatch.ingest.quarantine import refused_rows

FIRST = "account,object,kind,platform,at\n@a,p,like,x,2024-10-08T01:00:00Z\nb,p,comment,x,2024-10-08T01:00:00Z\n"
SECOND = (
    "account,object,kind,platform,at,account_handle\n7,p,like,x,2024-10-08T03:00:00Z,A\nA,p,like,x,,\n"
    "c,q,like,x,2024-10-08T01:00:00Z,\n,q,like,x,,\n"
)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(FIRST)
    second.write_text(SECOND)
    return first, second


def test_it_says_what_the_load_then_does_on_either_engine(empty_project: Any, sheets: tuple[Path, Path]) -> None:
    first, second = sheets
    rehearsed = empty_project.rehearse(first)
    assert not empty_project.store.exists
    assert rehearsed.written == empty_project.load(first).written
    before = empty_project.info().counts
    rehearsed = empty_project.rehearse(second)
    assert empty_project.info().counts == before
    loaded = empty_project.load(second)
    assert rehearsed.written == loaded.written
    assert (rehearsed.taken, rehearsed.refused, rehearsed.reasons) == (3, 1, {"account is empty": 1})
    assert rehearsed.quarantine is None
    assert loaded.quarantine is not None
    for done in (rehearsed, loaded):
        assert (done.rows, done.made, done.merged, done.refused) == (4, done.made, 3 - done.made, 1)
        assert done.made == sum(table.new for table in done.written if table.element == "LIKED")
    assert "1 accounts known by handle become known by native id, with all that is known of them" in rehearsed.notes
    assert "2 spellings of accounts are 2 accounts" not in rehearsed.notes
    assert empty_project.rehearse(second).already


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("roster", "nip,name,agency\n199001012015031002,Budi,Dinas A\n1990,Ani,Dinas A\n"),
        ("complaints", "number,text,complainant,account\nA-1,Suka unggahan,Citra,@a\n"),
        ("interactions", FIRST + ",p,like,x,\n"),
    ],
)
def test_nothing_is_written_not_even_a_key(tmp_path: Path, kind: str, text: str) -> None:
    file, place = tmp_path / "sheet.csv", tmp_path / "s.gw"
    file.write_text(text)
    with gw.open(place, create=True) as project:
        assert project.rehearse(file, kind=kind).taken
    assert not place.exists()
    with gw.open(place, create=True) as project:
        project.load_calendar()
        project.query("RETURN 1 AS asked")  # the graph, which follows what was loaded, has it
        before = files_of(place)
        assert project.rehearse(file, kind=kind).taken
        assert files_of(place) == before


def test_refused_rows_of_a_rehearsal_are_written_where_it_is_asked(empty_project: gw.Project, tmp_path: Path) -> None:
    file = tmp_path / "likes.csv"
    file.write_text("account,object,kind,platform\nani,p1,like,x\nbudi,,like,x\n", encoding="utf-8")
    assert empty_project.rehearse(file).quarantine is None
    done = empty_project.rehearse(file, refused=tmp_path / "refused")
    assert done.quarantine is not None
    assert done.quarantine.parent == tmp_path / "refused"
    (row,) = refused_rows(done.quarantine, 10)
    assert (row.line, row.column) == (3, "object")
    assert refused_rows(tmp_path / "none.csv", 10) == []
    done.quarantine.write_text("line\nx\n", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        refused_rows(done.quarantine, 10)
