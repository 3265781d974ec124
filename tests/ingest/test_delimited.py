import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphwatch.errors import InputError, UsageError
from graphwatch.ingest import delimited

HEAD = "account,object,kind,platform,text\n"


def texts(outcome, table="COMMENTED"):
    return {row["from"].partition(":")[2]: row["text"] for row in outcome.tables[table]}


def test_a_stray_quote_costs_one_row(stage_file):
    rows = ['a1,p1,comment,x,"never closed', "a2,p1,comment,x,fine", 'a3,p1,comment,x,"well ""quoted"""']
    rows += [f"b{i},p1,comment,x,fine" for i in range(100)]
    outcome = stage_file(HEAD + "\n".join(rows) + "\n")
    assert outcome.taken == 102
    assert outcome.quarantine[0]["line"] == "2"
    assert outcome.quarantine[0]["value"] == rows[0]
    assert texts(outcome)["a3"] == 'well "quoted"'


def test_text_after_a_closing_quote_is_refused_with_its_line(stage_file):
    outcome = stage_file(HEAD + 'a1,p1,comment,x,ok\na2,p1,comment,x,"bad" tail\na3,p1,comment,x,ok\n')
    assert outcome.reasons == {"text after a closing quote": 1}
    assert outcome.quarantine[0]["line"] == "3"
    assert set(texts(outcome)) == {"a1", "a3"}


def test_lines_are_counted_across_quoted_line_ends_and_blank_lines(stage_file):
    body = 'a1,p1,comment,x,"two\nlines"\n\na2,p1,comment,x\na3,p1,comment,x,ok\n'
    outcome = stage_file(HEAD + body)
    assert [row["line"] for row in outcome.quarantine] == ["5"]
    assert {s for row in outcome.tables["COMMENTED"] for s in row["sources"]} == {"s0:2", "s0:6"}


@pytest.mark.parametrize("row", ["a2,p1,comment,x", "a2,p1,comment,x,t,extra"])
def test_a_wrong_number_of_cells_is_refused(stage_file, row):
    outcome = stage_file(HEAD + f"a1,p1,comment,x,ok\n{row}\na3,p1,comment,x,ok\n")
    assert outcome.taken == 2
    assert outcome.reasons == {"more or fewer cells than the header has": 1}


def test_a_broken_record_of_several_lines_costs_only_its_first(stage_file):
    outcome = stage_file(HEAD + 'a1,p1,comment,"x\na2,p1,comment,x,"ok"\na3,p1,comment,x,ok\n')
    assert set(texts(outcome)) == {"a2", "a3"}
    assert [row["line"] for row in outcome.quarantine] == ["2"]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_that_is_too_long_is_refused(stage_file, quote):
    long = "y" * ((1 << 20) + 1)
    outcome = stage_file(HEAD + f"a1,p1,comment,x,{quote}{long}{quote}\na2,p1,comment,x,ok\n")
    assert set(texts(outcome)) == {"a2"}
    assert len(outcome.quarantine[0]["value"]) <= 200


def test_a_line_without_end_is_refused_and_reading_goes_on(stage_file):
    outcome = stage_file(HEAD + "a1,p1,comment,x," + "y" * (5 << 20) + "\na2,p1,comment,x,ok\n")
    assert set(texts(outcome)) == {"a2"}
    assert outcome.quarantine[0]["line"] == "2"


def test_broken_quotes_without_end_stop_the_load(stage_file, monkeypatch):
    monkeypatch.setattr(delimited, "_RESUMPTIONS", 10)
    rows = "".join(f'a{i},p1,comment,x,"open\n' for i in range(60))
    with pytest.raises(InputError, match="broken quotes"):
        stage_file(HEAD + rows)


def test_the_field_limit_of_the_process_is_never_lowered(stage_file):
    before = csv.field_size_limit(1 << 24)
    try:
        stage_file(HEAD + "a1,p1,comment,x,ok\n")
        assert csv.field_size_limit() == 1 << 24
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(stage_file, delimiter):
    names = ["account", "object", "kind", "platform", "note, with; all | of them"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([names, ["a1", "p1", "like", "x", ""]])
    assert stage_file(out.getvalue()).taken == 1


def test_a_wrong_delimiter_is_named(stage_file):
    with pytest.raises(InputError, match=r"delimiter looks wrong.*';'") as caught:
        stage_file("account;object;kind;platform\na;b;like;x\n", delimiter=",")
    assert caught.value.where
    assert caught.value.where.endswith("line 1")


def test_only_known_delimiters_are_read(stage_file):
    with pytest.raises(UsageError):
        stage_file(HEAD + "a,b,like,x,\n", delimiter="#")


def test_a_missing_column_is_named_with_those_there_and_the_nearest(stage_file):
    with pytest.raises(InputError) as caught:
        stage_file("acount,object,kind,platform\na,b,like,x\n")
    assert caught.value.where
    assert caught.value.where.endswith("data.csv, line 1")
    assert "'account'" in caught.value.what
    assert "acount, object, kind, platform" in caught.value.what
    assert "Did you mean 'acount'?" in caught.value.what
    with pytest.raises(InputError, match=r"'userid'.*Did you mean 'user_id'"):
        stage_file("user_id,object,kind,platform\na,b,like,x\n", columns={"userid": "account"})


def test_a_column_there_twice_is_refused_only_if_it_is_used(stage_file):
    assert stage_file("account,object,note,note\na,b,1,2\n", constants={"kind": "like", "platform": "x"}).taken
    with pytest.raises(InputError, match="twice"):
        stage_file("account,account,object,kind,platform\na,b,c,like,x\n")


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ['"', '""', "\r", "\n", "\r\n", ",", ";|\t", "=1+1", "\u2028", "\x85", "a line\x0bof some length", "\ufeff"]
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]


def encoded(text: str, encoding: str) -> bytes:
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(cells, min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(ENCODINGS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["none", "gzip", "zstd"]),
)
def test_whatever_the_csv_module_writes_comes_back(stage_file, packed, values, delimiter, encoding, quoting, how):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)
    writer.writerow(["account", "object", "text", "kind", "platform"])
    writer.writerows([f"a{i}", "p", value, "reply", "x"] for i, value in enumerate(values))
    outcome = stage_file(packed(encoded(out.getvalue(), encoding), how))
    assert (outcome.taken, outcome.refused) == (len(values), 0)
    assert texts(outcome) == {f"a{i}": value or None for i, value in enumerate(values)}


def test_both_ways_of_parsing_give_the_same(stage_file, monkeypatch):
    body = "".join(f"a{i}, p{i % 7} ,comment,X,' é #{i}'\n" for i in range(500)) + "short,row\n\nz,p,like,x,\n"
    fast = stage_file(HEAD + body)
    monkeypatch.setattr(delimited, "_parsed_at_once", lambda *_: None)
    assert stage_file(HEAD + body) == fast
    good = HEAD + body.replace("short,row\n\n", "")
    slow = stage_file(good)
    monkeypatch.undo()
    assert stage_file(good) == slow
    assert slow.taken == 501


def test_blocks_may_end_anywhere(stage_file, monkeypatch):
    from graphwatch.ingest import files, lines

    rows = "".join(f'a{i},p1,comment,x,"é\r\n""{i}"""\r\n' if i % 3 else f"a{i},p1,comment,x,\r\n" for i in range(60))
    whole = stage_file(HEAD + rows)
    monkeypatch.setattr(lines, "_BLOCK", 1)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(files, "_BLOCK", size)
        assert stage_file(HEAD + rows) == whole
