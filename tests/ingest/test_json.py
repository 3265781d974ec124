import json

import pytest

from graphwatch.errors import InputError

ROW = {"account": "a1", "object": "p1", "kind": "reply", "platform": "x"}


def lines(*rows):
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


@pytest.mark.parametrize("how", ["none", "gzip", "zstd"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a"])
def test_json_lines_are_known_by_content(stage_file, packed, how, name):
    outcome = stage_file(packed(lines(ROW, ROW | {"account": "a2", "text": "é"}).encode(), how), name=name)
    assert outcome.taken == 2


def test_numbers_stay_as_written(stage_file):
    big = 12345678901234567890123
    outcome = stage_file(lines(ROW | {"account": big, "at": 1726938000}))
    assert outcome.tables["Account"][0]["id"] == f"x:{big}"
    assert outcome.tables["COMMENTED"][0]["at_ms"] == 1_726_938_000_000


def test_a_rounded_number_is_refused_as_an_id(stage_file):
    with pytest.raises(InputError, match="rounded"):
        stage_file(lines('{"account": 1.23E+17, "object": "p", "kind": "like", "platform": "x"}'))


def test_nested_objects_have_dotted_names(stage_file):
    row = {"author": {"id": "a9", "name": {"full": "<b>O'Neil</b>"}}, "object": "p", "kind": "like", "platform": "x"}
    outcome = stage_file(lines(row), columns={"author.id": "account", "author.name.full": "account_name"})
    assert outcome.tables["Account"][0] | {"url": None} == {
        "id": "x:a9",
        "platform": "x",
        "handle": None,
        "name": "<b>O'Neil</b>",
        "url": None,
    }


def test_a_line_that_is_no_object_is_refused_with_its_number(stage_file):
    outcome = stage_file(lines(ROW, "{broken", "", "[1]", '"x"', ROW | {"account": "a2"}, "[" * 100_000))
    assert outcome.taken == 2
    assert [row["line"] for row in outcome.quarantine] == ["2", "4", "5", "7"]
    assert outcome.tables["COMMENTED"][-1]["sources"] == ["s0:6"]


def test_a_broken_first_line_does_not_hide_the_format(stage_file):
    assert stage_file(lines('{"account": ', ROW), name="a.ndjson").refused == 1


def test_a_lone_surrogate_is_refused(stage_file):
    outcome = stage_file(lines(ROW, '{"account":"\\ud800","object":"p","kind":"like","platform":"x"}'))
    assert outcome.taken == 1
    assert outcome.quarantine[0]["value"] == "\\ud800"


def test_lists_and_truth_values(stage_file):
    post = {"post": "p1", "platform": "x", "links": ["https://a.id/1,2", "https://b.id"], "hashtags": ["#Satu", "dua"]}
    row = stage_file(lines(post), "posts").tables["Post"][0]
    assert row["links"] == ["https://a.id/1,2", "https://b.id"]
    assert row["hashtags"] == ["Satu", "dua"]
    page = stage_file(lines({"page": "p1", "platform": "x", "registered": True}), "pages").tables["Page"][0]
    assert page["registered"] is True


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_read_by_record(stage_file, indent):
    outcome = stage_file(json.dumps([ROW, 7, ROW | {"account": "é"}], indent=indent), name="a.json")
    assert [row["sources"] for row in outcome.tables["COMMENTED"]] == [["s0:1"], ["s0:2"]]


def test_a_document_over_several_lines_is_one_record(stage_file):
    assert stage_file("\ufeff" + json.dumps(ROW, indent=1), name="a.json").taken == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [("[\n{broken", "invalid JSON"), ("[" * 100_000, "nested too deeply"), ("{\n" + '"a":' * 3, "invalid JSON")],
)
def test_a_broken_document_is_refused_with_a_remedy(stage_file, content, said):
    with pytest.raises(InputError, match=said) as refused:
        stage_file(content, name="a.json")
    assert refused.value.remedy
    assert "one JSON object on each line" in refused.value.remedy


def test_a_large_document_is_refused_with_a_remedy(stage_file, monkeypatch):
    monkeypatch.setattr("graphwatch.ingest.json._DOCUMENT_BYTES", 100)
    with pytest.raises(InputError, match="one JSON document of more than"):
        stage_file(json.dumps([ROW, ROW]), name="a.json")


def test_a_name_that_no_object_has_is_missing(stage_file):
    with pytest.raises(InputError, match="no column 'user'"):
        stage_file(lines(ROW), columns={"user": "account"})
