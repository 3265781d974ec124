"""Cells that say nothing wrong by their absence: where one cannot be read its row stays, and that is told."""

import pytest

from graphwatch.ingest.complaints import ComplainantFilter


@pytest.mark.parametrize(
    ("kind", "header", "row", "column"),
    [
        ("posts", "post,platform,links", "p1,x,\"['a', 3]\"", "links"),
        ("posts", "post,platform,at", "p1,x,kemarin", "at"),
        ("interactions", "account,object,kind,platform,observed_at", "a,p,like,x,kemarin", "observed_at"),
        ("paslon", "paslon,number", "p1,satu", "number"),
        ("complaints", "text,at", "Camat hadir,akhir bulan", "at"),
        ("complaints", "text,received", "Camat hadir,-?", "received"),
        ("complaints", "text,kind", "Camat hadir,memfoto", "kind"),
    ],
)
def test_an_optional_cell_that_cannot_be_read_loses_the_cell_and_not_the_row(stage_file, kind, header, row, column):
    more = {"pii_filter": ComplainantFilter()} if kind == "complaints" else {}
    outcome = stage_file(f"{header}\n{row}\n{row.replace('p1', 'p2').replace('a,p', 'b,p')}\n", kind, **more)
    assert (outcome.taken, outcome.refused) == (2, 0)
    assert any(note.startswith(f"2 × a cell of '{column}' left out, its row taken: ") for note in outcome.notes)


def test_a_time_of_an_act_and_a_validity_are_never_left_out(stage_file):
    outcome = stage_file(
        "account,object,kind,platform,at\na,p,like,x,entah\nb,p,like,x,1728367500\n", timezone="Asia/Jakarta"
    )
    assert (outcome.taken, outcome.reasons) == (1, {"not a time": 1})
    roster = stage_file(
        "nip,agency,valid_from\n199001012015031002,diskominfo,kemarin\n199001012015031003,diskominfo,2024-01-02\n",
        "roster",
    )
    assert (roster.taken, roster.reasons) == (1, {"not a day": 1})


def test_rows_that_are_refused_for_another_cell_are_not_counted_twice(stage_file):
    outcome = stage_file("post,platform,at\n,x,kemarin\np2,x,kemarin\n", "posts")
    assert (outcome.taken, outcome.refused) == (1, 1)
    assert any(note.startswith("1 × a cell of 'at' left out") for note in outcome.notes)
