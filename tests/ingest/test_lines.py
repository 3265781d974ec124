import pytest

from graphwatch.errors import InputError, UsageError

HEAD = "account,object,kind,platform,at,text\n"


def text_of(outcome):
    return [row["text"] for row in outcome.tables["COMMENTED"]]


def test_cp1252_is_assumed_and_said(stage_file):
    outcome = stage_file((HEAD + "a1,p1,comment,x,1726938000,café “x”\n").encode("cp1252"))
    assert text_of(outcome) == ["café “x”"]
    assert len(outcome.notes) == 1
    assert "cp1252" in outcome.notes[0]


def test_utf8_needs_no_note(stage_file):
    outcome = stage_file(HEAD + "a1,p1,comment,x,1726938000,café\n")
    assert text_of(outcome) == ["café"]
    assert outcome.notes == []


def test_of_mixed_encodings_the_odd_rows_are_refused(stage_file):
    body = (
        HEAD.encode()
        + "a1,p1,comment,x,1726938000,café\n".encode()
        + "a2,p1,comment,x,1726938000,café\n".encode("latin-1")
    )
    outcome = stage_file(body + b"a3,p1,comment,x,1726938000,ok\n")
    assert outcome.taken == 2
    assert outcome.quarantine[0]["line"] == "3"
    assert outcome.quarantine[0]["column"] == "text"
    assert outcome.quarantine[0]["value"] == "caf\\udce9"


def test_a_given_encoding_is_used(stage_file):
    outcome = stage_file((HEAD + "a1,p1,comment,x,1726938000,été\n").encode("latin-1"), encoding="latin-1")
    assert text_of(outcome) == ["été"]
    assert outcome.notes == []
    outcome = stage_file((HEAD + "a1,p1,comment,x,1726938000,été\n").encode("utf-16-le"), encoding="utf-16-le")
    assert text_of(outcome) == ["été"]


def test_a_byte_that_a_given_encoding_lacks_is_refused(stage_file):
    body = HEAD.encode() + b"a1,p1,comment,x,1726938000,\x81\na2,p1,comment,x,1726938000,\xe9\n"
    outcome = stage_file(body, encoding="cp1252")
    assert text_of(outcome) == ["é"]
    assert outcome.quarantine[0]["line"] == "2"


def test_lone_surrogates_of_utf16_are_refused(stage_file):
    text = HEAD + "a1,p1,comment,x,1726938000,\ud800\na2,p1,comment,x,1726938000,ok\n"
    outcome = stage_file(b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass"))
    assert text_of(outcome) == ["ok"]
    assert outcome.refused == 1


def test_half_a_character_at_the_end_of_utf16_is_refused(stage_file):
    text = HEAD + "a1,p1,comment,x,1726938000,ok\na2,p1,comment,x,1726938000,bad"
    outcome = stage_file(b"\xff\xfe" + text.encode("utf-16-le") + b"\x41")
    assert text_of(outcome) == ["ok"]
    assert outcome.quarantine[0]["line"] == "3"


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "cp037", "idna", "punycode", "unicode_escape", "hex"])
def test_an_encoding_that_cannot_be_read_is_wrong_use(stage_file, encoding):
    with pytest.raises(UsageError, match="encoding"):
        stage_file(HEAD, encoding=encoding)


def test_old_line_ends_are_line_ends(stage_file):
    outcome = stage_file(HEAD.replace("\n", "\r") + "a1,p1,comment,x,1726938000,ok\ra2,p1,comment,x,1726938000,\r")
    assert outcome.taken == 2


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, "a,b\n1,2\n".encode("utf-16-le")])
def test_what_is_not_text_is_refused(stage_file, content):
    with pytest.raises(InputError, match="not text"):
        stage_file(content)


def test_a_file_that_is_not_in_its_encoding_is_refused(stage_file):
    with pytest.raises(InputError, match="is not utf-32"):
        stage_file(b"\xff\xfe\x00\x00" + b"\xff" * 40)
