import pytest

from graphwatch.ingest.loads import KIND_WORDS

HEAD = "account,object,kind,platform,text\n"
GOOD = "ok,p1,like,x,\n"


def refused(stage_file, row, head=HEAD, good=GOOD, **more):
    outcome = stage_file(head + good + row, **more)
    assert (outcome.taken, outcome.refused) == (1, 1), outcome
    return outcome.quarantine[0]


@pytest.mark.parametrize("id", ["1.23E+17", "1,23E+17", "1.5e17", "1E+17", "-1.2E+16"])
def test_rounded_ids_are_refused(stage_file, id):
    row = refused(stage_file, f'"{id}",p1,like,x,\n')
    assert (row["line"], row["column"], row["reason"]) == ("3", "account", "an id that a spreadsheet has rounded")
    assert row["remedy"].startswith("Format the id column as text")


@pytest.mark.parametrize(
    "id", ["1e17", "007", "123456789012345678901", "UC_x-1", "E+1", "Ünïcode", "1.5", "'; DROP", "<b>"]
)
def test_odd_ids_are_taken_as_they_are(stage_file, id):
    assert stage_file(HEAD + f'"{id}",p1,like,x,\n').tables["Account"][0]["id"] == f"x:{id}"


@pytest.mark.parametrize("id", ["a\x00b", "a\x1fb", "a\u202eb", "a\u200bb", "a\nb", "a\x7f"])
def test_ids_with_control_or_invisible_characters_are_refused(stage_file, id):
    assert "invisible" in refused(stage_file, f'"{id}",p1,like,x,\n')["reason"]


def test_long_ids_are_refused(stage_file):
    assert "longer than 512" in refused(stage_file, f"{'a' * 513},p1,like,x,\n")["reason"]
    assert stage_file(HEAD + f"{'é' * 512},p1,like,x,\n").taken == 1


@pytest.mark.parametrize(
    ("row", "reason"), [(",p1,like,x,\n", "account is empty"), ("a,  ,like,x,\n", "object is empty")]
)
def test_required_cells_must_not_be_empty(stage_file, row, reason):
    assert refused(stage_file, row)["reason"] == reason


def test_a_row_counts_once_for_its_first_problem(stage_file):
    assert refused(stage_file, ",,smile,no platform,\n")["reason"] == "account is empty"


@pytest.mark.parametrize(("word", "kind"), sorted(KIND_WORDS.items()))
def test_kinds_have_synonyms_in_any_case(stage_file, word, kind):
    assert stage_file(HEAD + f"a,b,{word.title()} ,x,\n").tables[kind]


def test_unknown_kinds_and_platforms_are_refused(stage_file):
    assert refused(stage_file, "a,p,smile,x,\n")["reason"] == "an unknown kind of interaction"
    assert refused(stage_file, "a,p,like,x:y,\n")["reason"] == "not a platform"
    assert stage_file(HEAD + "a,p,like, TikTok ,\n").platforms == ("tiktok",)


def test_nul_is_taken_out_of_text(stage_file):
    body = HEAD + "a,p,comment,x,one\x00two, and enough letters for a text\n".replace(", and", " and")
    assert stage_file(body).tables["COMMENTED"][0]["text"].startswith("onetwo and")


def test_handles_lose_their_at_sign(stage_file):
    outcome = stage_file("account,object,kind,platform,account_handle\na,p,like,x,@si_a\n")
    assert outcome.tables["Account"][0]["handle"] == "si_a"


@pytest.mark.parametrize(
    ("kind", "object_type", "table"),
    [
        ("like", "", "LIKED"),
        ("like", "post", "LIKED"),
        ("join", "", "FOLLOWED"),
        ("join", "Page", "FOLLOWED"),
        ("join", "account", "FOLLOWED"),
    ],
)
def test_object_types_that_go_with_a_kind(stage_file, kind, object_type, table):
    outcome = stage_file(f"account,object,kind,platform,object_type\na,b,{kind},x,{object_type}\n")
    assert outcome.tables[table][0]["to"] == "x:b"


@pytest.mark.parametrize(("kind", "object_type"), [("like", "page"), ("like", "account"), ("join", "post")])
def test_object_types_that_do_not(stage_file, kind, object_type):
    head = "account,object,kind,platform,object_type\n"
    row = refused(stage_file, f"a,b,{kind},x,{object_type}\n", head)
    assert row["column"] == "object_type"


@pytest.mark.parametrize(
    ("word", "value"),
    [(w, True) for w in ("yes", "Ya", "TRUE", "1")]
    + [(w, False) for w in ("no", "tidak", "False", "0")]
    + [("", None)],
)
def test_yes_and_no(stage_file, word, value):
    page = stage_file(f"page,platform,registered\np,x,{word}\n", "pages").tables["Page"][0]
    assert page["registered"] is value


def test_what_is_neither_and_what_is_no_number(stage_file):
    outcome = stage_file("page,platform,registered\np,x,maybe\nq,x,ya\n", "pages")
    assert outcome.reasons == {"neither yes nor no": 1}
    outcome = stage_file("paslon,number\np1,satu\np2,2\np3,\n", "paslon")
    assert outcome.reasons == {}
    assert any("not a whole number" in note for note in outcome.notes)
    assert [row["number"] for row in outcome.tables["Paslon"]] == [None, 2, None]


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ('["#a","b c"]', ["a", "b c"]),
        ("#a|b", ["a", "b"]),
        ("a, #b ,,c", ["a", "b", "c"]),
        ("https://a.id/x,y, https://b.id", ["https://a.id/x,y", "https://b.id"]),
        ("", None),
    ],
)
def test_lists_in_three_spellings(stage_file, cell, items):
    quoted = cell.replace('"', '""')
    row = stage_file(f'post,platform,hashtags\np,x,"{quoted}"\n', "posts").tables["Post"][0]
    assert row["hashtags"] == items


@pytest.mark.parametrize("cell", ["[1]", "[", '["\\ud800"]', '[["a"]]'])
def test_a_broken_list_is_left_out_and_told(stage_file, cell):
    quoted = cell.replace('"', '""')
    outcome = stage_file(f'post,platform,hashtags\np,x,"{quoted}"\n', "posts")
    assert outcome.tables["Post"][0]["hashtags"] is None
    assert any(note.startswith("1 × a cell of 'hashtags' left out") for note in outcome.notes)


@pytest.mark.parametrize("word", ["Total", "JUMLAH", "Jumlah :", "Grand Total", "rata-rata"])
def test_a_row_of_totals_is_nobody(stage_file, word):
    outcome = stage_file(f"account,object,kind,platform\na1,p,like,x\n{word},2,like,x\n@total,p,like,x\n")
    assert outcome.reasons == {"a row of totals instead of an id": 1}
    assert sorted(row["id"] for row in outcome.tables["Account"]) == ["x:a1", "x:total"]


def test_marks_that_say_that_digits_are_text_are_no_part_of_an_id(stage_file):
    rows = '\'77001,\'1840000000000000001\n"=""77001""",1840000000000000001\n’77001,1840000000000000001\n'
    outcome = stage_file(f"account,object,kind,platform\n{rows}".replace("1\n", "1,like,x\n"))
    assert [row["id"] for row in outcome.tables["Account"]] == ["x:77001"]
    assert [row["id"] for row in outcome.tables["Post"]] == ["x:1840000000000000001"]
