import json

import pytest

from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.mapping import mapping_for, mappings_for, source_key
from graphwatch.ingest.presets import PRESETS


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_makes_mappings_of_declared_properties(preset):
    for kind in preset.kinds or LOADS:
        for mapping in mappings_for(kind, preset=preset.name):
            names = {field.name for field in LOADS[kind].fields}
            assert {*dict(mapping.columns), *dict(mapping.constants), *dict(mapping.layout.cells)} <= names


def test_what_the_caller_gives_replaces_the_preset():
    mapping = mapping_for(
        "interactions", preset="coortweet", columns={"what": "kind"}, constants={"object": "p1", "platform": "TikTok"}
    )
    assert dict(mapping.columns) == {
        "account": "account_id",
        "at": "timestamp_share",
        "content_id": "content_id",
        "kind": "what",
    }
    assert dict(mapping.constants) == {"object": "p1", "object_type": "post", "platform": "TikTok"}


def test_equal_mappings_have_equal_json_and_key():
    one = mapping_for("posts", columns={"b": "url", "a": "post"}, constants={"platform": "x"})
    two = mapping_for("posts", columns={"a": "post", "b": "url"}, constants={"platform": "x"})
    assert one == two
    assert one.as_json() == two.as_json()
    assert source_key("f", one) == source_key("f", two)
    assert json.loads(one.as_json())["columns"] == {"post": "a", "url": "b"}


def test_the_key_depends_on_file_kind_and_mapping():
    keys = {
        source_key("f", mapping_for("posts")),
        source_key("g", mapping_for("posts")),
        source_key("f", mapping_for("pages")),
        source_key("f", mapping_for("posts", timezone="Asia/Jakarta")),
    }
    assert len(keys) == 4
    for short, long in keys:
        assert len(long) == 64
        assert long.startswith(short)
        assert len(short) == 16


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("interaction", {}, "Did you mean 'interactions'"),
        ("posts", {"preset": "coortweet"}, "is for interactions"),
        ("posts", {"preset": "cortweet"}, "Did you mean 'coortweet'"),
        ("posts", {"columns": {"a": "urll"}}, "Did you mean 'url'"),
        ("posts", {"constants": {"acount": "a"}}, "Did you mean 'account'"),
        ("posts", {"columns": {"a": "url", "b": "url"}}, "given twice"),
        ("posts", {"columns": {"a": "url"}, "constants": {"url": "u"}}, "given twice"),
        ("posts", {"timezone": "Asia/Jakrta"}, "Asia/Jakarta"),
        ("posts", {"timezone": "../../etc/passwd"}, "no time zone"),
        ("posts", {"time_format": "%d/%m/%Y %H:%M"}, "no time zone is given"),
        ("posts", {"time_format": "%B %Y", "timezone": "Asia/Jakarta"}, "time of day"),
        ("posts", {"time_format": "%Q %H", "timezone": "Asia/Jakarta"}, "strptime"),
        ("interactions", {"constants": {"kind": "smile"}}, "unknown kind"),
        ("interactions", {"constants": {"platform": ""}}, "platform is empty"),
        ("interactions", {"constants": {"at": "yesterday"}}, "not a time"),
    ],
)
def test_words_that_do_not_fit_are_wrong_use(kind, given, message):
    with pytest.raises(UsageError, match=message):
        mapping_for(kind, **given)


def test_the_declaration_has_unique_names_and_meanings():
    for load in LOADS.values():
        names = [field.name for field in load.fields]
        assert len(set(names)) == len(names)
        assert all(field.meaning for field in load.fields)
        assert any(field.required for field in load.fields) or load.one_of
        assert set(load.one_of) <= set(names)


@pytest.mark.parametrize("kind", LOADS)
def test_no_load_takes_a_row_that_says_nothing(stage_file, kind):
    names = [field.name for field in LOADS[kind].fields]
    with pytest.raises(InputError, match="not one of 1 rows can be taken"):
        stage_file(f"{','.join(names)}\n{',' * (len(names) - 1)}\n", kind)
