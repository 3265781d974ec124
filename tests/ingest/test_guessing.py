import json

import pytest
from ingest.test_presets import EXPECTED, SAMPLES, preset_name

from graphwatch.errors import InputError
from graphwatch.ingest.guessing import guesses
from graphwatch.ingest.mapping import mapping_for


@pytest.mark.parametrize("sample", EXPECTED)
def test_each_sample_is_known_by_its_columns(sample):
    best = guesses(SAMPLES / sample)[0]
    assert best.fits
    assert best.preset.name == preset_name(sample)


def test_a_guess_says_what_the_caller_has_to_give():
    assert guesses(SAMPLES / "youtube_data_tools_comments.tab")[0].to_give == ("object",)
    assert guesses(SAMPLES / "4cat_twitter_posts.csv")[0].to_give == ()


def test_a_lacking_column_and_another_platform_are_named(tmp_path):
    file = tmp_path / "a.ndjson"
    text = (SAMPLES / "zeeschuimer_tiktok.ndjson").read_text(encoding="utf-8")
    file.write_text(text.replace('"source_platform": "tiktok.com"', '"source_platform": "douyin.com"'))
    found = next(guess for guess in guesses(file) if guess.preset.name == "zeeschuimer_tiktok")
    assert found.missing == ("source_platform = tiktok.com",)
    file.write_text(text.replace('"createTime"', '"created"'))
    found = next(guess for guess in guesses(file) if guess.preset.name == "zeeschuimer_tiktok")
    assert found.missing == ("data.createTime",)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("account,object,kind,platform", "interactions"),
        ("nip,agency", "roster"),
        ("number,account,post", "complaints"),
        ("paslon,name", "paslon"),
    ],
)
def test_columns_named_like_properties_are_known_with_their_kind(tmp_path, header, kind):
    (tmp_path / "a.csv").write_text(header + "\n")
    best = guesses(tmp_path / "a.csv")[0]
    assert (best.preset.name, best.kinds, best.fits) == ("generic", (kind,), True)


def test_a_parquet_file_is_looked_at(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    row = {"object_id": "p", "account_id": "a", "content_id": None, "timestamp_share": 1_727_827_200}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    assert guesses(tmp_path / "a.parquet")[0].preset.name == "coortweet"


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"[" * 100_000, b"[\n{broken"])
def test_what_is_no_table_is_refused(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(InputError) as refused:
        guesses(tmp_path / "a.json")
    assert refused.value.remedy


@pytest.mark.parametrize("content", [b'{"a":' * 50_000, b'a,"b\n1,2\n', b"x\n"])
def test_of_what_no_preset_reads_none_fits(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    assert not any(guess.fits for guess in guesses(tmp_path / "a.json"))


def test_layouts_are_part_of_the_key_and_plain_mappings_keep_theirs():
    plain = json.loads(mapping_for("interactions", preset="coortweet").as_json())
    assert set(plain) == {"by_name", "columns", "constants", "time_format", "timezone"}
    assert json.loads(mapping_for("interactions", preset="x_api_v2_posts").as_json())["each"] == "referenced_tweets"
