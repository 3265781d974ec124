"""What stands above, before and between the cells of a text file: titles, sep lines, row names, stray quotes."""

import gzip

import pytest

from graphwatch.errors import InputError
from graphwatch.ingest.guessing import guesses

ROWS = "ani;p1;like;x\nbudi;p1;like;x\n"
HEAD = "account;object;kind;platform\n"
PASSED_OVER = "the names of the columns are in line {}; what stands above them was passed over"


def taken(outcome):
    return {row["from"].removeprefix("x:"): row["sources"][0] for row in outcome.tables["LIKED"]}


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=;\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_line_that_names_the_delimiter_is_obeyed(stage_file, line, mark):
    outcome = stage_file(f"{mark}{line}\n{HEAD}{ROWS}")
    assert taken(outcome) == {"ani": "s0:3", "budi": "s0:4"}
    assert outcome.notes == ["2 rows have no time, so nobody is found by them to act together; --map COLUMN=at names "
                             "the column of the time"]  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", ","])
def test_any_mark_may_be_named(stage_file, delimiter):
    told = "\\t" if delimiter == "\t" else delimiter
    assert stage_file(f"sep={told}\n{HEAD}{ROWS}".replace(";", delimiter)).taken == 2


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("REKAP PATROLI SIBER\n", 2),
        ("REKAP PATROLI SIBER;;;\nBulan Oktober 2024;;;\n;;;\n", 4),
        ("\nDaftar, per 8 Oktober 2024\n\n", 4),
        ("sep=;\nREKAP;;;\n", 3),
    ],
)
def test_titles_and_blank_rows_above_the_names_are_passed_over_and_told(stage_file, above, line):
    outcome = stage_file(above + HEAD + ROWS)
    assert taken(outcome) == {"ani": f"s0:{line + 1}", "budi": f"s0:{line + 2}"}
    assert PASSED_OVER.format(line) in outcome.notes


@pytest.mark.parametrize("named", ["", "account,object,kind,platform"])
def test_a_header_that_no_table_has_is_refused_before_its_columns_are_compared(stage_file, tmp_path, named):
    wide = named + "," * 16_384
    with pytest.raises(InputError, match="more than 16,384 columns"):
        stage_file(f"{wide}\na,p,like,x\n")
    (tmp_path / "wide.csv").write_text(wide)
    with pytest.raises(InputError, match="more than 16,384 columns"):
        guesses(tmp_path / "wide.csv")


def test_titles_in_a_packed_file_in_another_encoding(stage_file):
    packed = gzip.compress(("Rekap é\n" + HEAD + ROWS).encode("utf-16"))
    assert taken(stage_file(packed, name="a.csv.gz")) == {"ani": "s0:3", "budi": "s0:4"}


def test_where_no_row_has_the_names_the_first_is_shown(stage_file):
    with pytest.raises(InputError, match=r"line 1: no column gives 'object'.*The columns are: account, kind"):
        stage_file("account;kind\nani;like\n", delimiter=";")


@pytest.mark.parametrize("head", ["Account;OBJECT; Kind ;Platform\n", "ACCOUNT;object;kind;platform\n"])
def test_names_of_columns_match_in_any_case_and_without_blanks(stage_file, head):
    assert stage_file(head + ROWS).taken == 2
    assert stage_file(head.replace("OBJECT", "Kiriman").replace("object", "KIRIMAN") + ROWS,
                      columns={"kiriman": "object"}).taken == 2  # fmt: skip


def test_a_name_that_is_the_same_goes_before_one_that_is_alike(stage_file):
    outcome = stage_file("Account;account;object;kind;platform\nx1;ani;p1;like;x\nx2;budi;p1;like;x\n")
    assert set(taken(outcome)) == {"ani", "budi"}
    with pytest.raises(InputError, match="appears twice"):
        stage_file("Account;ACCOUNT;object;kind;platform\nx1;ani;p1;like;x\n")


def test_names_in_json_match_in_any_case(stage_file):
    line = '{"Account": "ani", "Object": "p1", "KIND": "like", "platform": "x"}\n'
    assert taken(stage_file(line, name="a.jsonl")) == {"ani": "s0:1"}


def test_row_names_that_the_header_lacks_are_left_out_and_told(stage_file):
    outcome = stage_file(
        '"account","object","kind","platform"\n"1","ani","p1","like","x"\n"4","budi","p1","like","x"\n'
    )
    assert set(taken(outcome)) == {"ani", "budi"}
    assert outcome.notes[0].startswith("every row has one cell more than the header")


def test_a_delimiter_behind_every_row_is_no_cell(stage_file):
    assert set(taken(stage_file(HEAD + "ani;p1;like;x;\nbudi;p1;like;x;\n"))) == {"ani", "budi"}


@pytest.mark.parametrize("rows", ["r1;ani;p1;like;x\nr2;budi;p1;like;x\n", "1;ani;p1;like;\n2;budi;p1;like;\n"])
def test_one_cell_more_in_every_row_is_an_error_with_its_cause_where_it_is_not_plain_which(stage_file, rows):
    with pytest.raises(InputError, match="every row has one cell more than the header, as where R or pandas") as error:
        stage_file(HEAD + rows)
    assert "Give that column a name" in str(error.value.remedy)


COMMENTS = "account;object;kind;platform;text\n"


def texts(outcome):
    return [row["text"] for row in sorted(outcome.tables["COMMENTED"], key=lambda row: row["from"])]


def test_quotes_that_are_not_doubled_are_text_where_the_cells_come_out_right(stage_file):
    rows = [
        'u1;p;comment;x;"kata "kutip" di tengah"',
        'u2;p;comment;x;"awal "kutip" saja; ya"',
        'u3;p;comment;x;"baik"',
    ]
    outcome = stage_file(COMMENTS + "\n".join(rows))
    assert texts(outcome) == ['kata "kutip" di tengah', 'awal "kutip" saja; ya', "baik"]
    assert "2 rows have quotes in quoted cells that are not doubled; taken as text" in outcome.notes


@pytest.mark.parametrize("cell", ['"dia "bilang"; "ya";"', '"bad" tail', 'x "a"; "b" c"', '"satu "dua'])
def test_where_the_cells_do_not_come_out_right_the_row_is_refused(stage_file, cell):
    outcome = stage_file(COMMENTS + f'u1;p;comment;x;"baik"\nu2;p;comment;x;{cell}\nu3;p;comment;x;"baik"\n')
    assert (outcome.taken, outcome.refused) == (2, 1)


@pytest.mark.parametrize("name", ["export.xls", "export.csv"])
@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (b"<html><body><table><tr><th>account</th></tr></table></body></html>", r"a web page \(HTML\)"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<TABLE>", r"a web page \(HTML\)"),
        ("<table><tr><td>account".encode("utf-16"), r"a web page \(HTML\)"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', r"a web page \(HTML\)"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x", r"a web page \(MHTML\)"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "spreadsheet written",
        ),
    ],
)
def test_a_page_that_is_named_like_a_spreadsheet_is_called_what_it_is(stage_file, page, kind, name):
    with pytest.raises(InputError, match=kind) as error:
        stage_file(page, name=name)
    assert error.value.remedy == "Open it in a spreadsheet program and save it as .xlsx."
