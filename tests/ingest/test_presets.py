"""Each preset reads its sample: a small fictional file with the header that the tool writes."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.complaints import ComplainantFilter
from graphwatch.ingest.mapping import mappings_for
from graphwatch.ingest.persons import PersonFilter
from graphwatch.ingest.presets import PRESETS, preset_of
from graphwatch.ingest.staging import stage

SAMPLES = Path(__file__).parent / "samples"
NOW_MS = 1_767_225_600_000
# What samples do not say themselves, as a person would give it.
GIVEN: dict[str, dict[str, Any]] = {
    "minet_instagram_comments": {"columns": {"post": "object"}},
    "minet_facebook_comments": {"constants": {"object": "301"}},
    "youtube_data_tools_comments": {"constants": {"object": "fiktif00001"}, "timezone": "UTC"},
}
# Rows of each table that come of a sample; `refused` rows are those with a trap.
EXPECTED = {
    "4cat_facebook_posts.csv": {"Account": 2, "Post": 2, "PUBLISHED": 2},
    "4cat_instagram_posts.csv": {"Account": 2, "Post": 2, "PUBLISHED": 2},
    "4cat_telegram.csv": {"Account": 2, "Page": 2, "Post": 3, "PUBLISHED": 5, "COMMENTED": 1},
    "4cat_tiktok_comments.csv": {"Account": 2, "Post": 1, "COMMENTED": 2},
    "4cat_tiktok_posts.csv": {"Account": 2, "Post": 2, "PUBLISHED": 2},
    "4cat_twitter_posts.csv": {"Account": 3, "Post": 4, "PUBLISHED": 4, "COMMENTED": 1, "SHARED": 1},
    "4cat_twitterv2_posts.csv": {"Account": 3, "Post": 4, "PUBLISHED": 4, "COMMENTED": 1},
    "aduan.xlsx": {"refused": 1},
    "akun_asn.csv": {"Account": 2, "Asn": 2, "BELONGS_TO": 2},
    "coortweet.csv": {"Account": 2, "Post": 1, "SHARED": 2},
    "crowdtangle_facebook.csv": {"Page": 1, "Post": 2, "PUBLISHED": 2},
    "crowdtangle_facebook_groups.csv": {"Page": 1, "Post": 2, "PUBLISHED": 2},
    "crowdtangle_instagram.csv": {"Account": 1, "Post": 1, "PUBLISHED": 1},
    "generic.csv": {"Account": 1, "Post": 1, "LIKED": 1},
    "meta_content_library_comments.csv": {"Account": 1, "Post": 1, "COMMENTED": 1, "refused": 1},
    "minet_facebook_comments.csv": {"Account": 2, "Post": 1, "COMMENTED": 2},
    "minet_instagram_comments.csv": {"Account": 2, "Post": 1, "COMMENTED": 2},
    "minet_youtube_comments.csv": {"Account": 2, "Post": 1, "COMMENTED": 2},
    "patroli.xlsx": {"Account": 3, "Page": 1, "Post": 2, "LIKED": 1, "COMMENTED": 1, "FOLLOWED": 1, "refused": 1},
    "roster_asn.csv": {"Asn": 2, "Agency": 1, "WORKS_AT": 2},
    "tweet_harvest_older.csv": {"Account": 2, "Post": 2, "PUBLISHED": 2},
    "tweet_harvest.csv": {"Account": 2, "Post": 2, "PUBLISHED": 2, "COMMENTED": 1},
    "twarc_v1.jsonl": {"Account": 3, "Post": 2, "PUBLISHED": 2, "COMMENTED": 1, "SHARED": 1},
    "x_api_v2_posts.json": {"Account": 3, "Post": 3, "PUBLISHED": 3, "SHARED": 2, "COMMENTED": 1},
    "youtube_comment_threads.json": {"Account": 3, "Post": 1, "COMMENTED": 4},
    "youtube_data_tools_comments.tab": {"Account": 2, "Post": 1, "COMMENTED": 2},
    "zeeschuimer_instagram.ndjson": {"Account": 2, "Post": 2, "PUBLISHED": 2},
    "zeeschuimer_tiktok.ndjson": {"Account": 2, "Post": 2, "PUBLISHED": 2},
    "zeeschuimer_tiktok_comments.ndjson": {"Account": 1, "Post": 1, "COMMENTED": 1},
    "zeeschuimer_x.ndjson": {"Account": 4, "Post": 5, "PUBLISHED": 5, "COMMENTED": 1, "SHARED": 3},
}


def preset_name(sample):
    return sample.partition(".")[0].removesuffix("_groups")


@pytest.fixture
def said(tmp_path):
    """Rows of each table that a file gives under a preset, by table and id; how many were refused, under `refused`."""

    def run(file, preset, **given):
        tables: dict[str, dict[Any, dict[str, Any]]] = {}
        refused = 0
        for at, mapping in enumerate(mappings_for(None, preset=preset, **given)):
            persons = PersonFilter(b"k" * 32) if mapping.kind in ("roster", "accounts-of-asn") else None
            complaints = ComplainantFilter() if mapping.kind == "complaints" else None
            with stage(
                file,
                mapping,
                source="s0",
                folder=tmp_path,
                quarantine=tmp_path / f"{at}.csv",
                now_ms=NOW_MS,
                pii_filter=persons or complaints,
            ) as staged:
                refused += staged.refused
                for table in staged.tables():
                    for batch in table.batches:
                        for row in batch.to_pylist():
                            key = row.get("id") if "from" not in row else (row["from"], row["to"], row["id"])
                            kept = tables.setdefault(table.element.name, {}).setdefault(key, {})
                            kept.update({k: v for k, v in row.items() if v is not None})
        return {**tables, **({"refused": refused} if refused else {})}

    return run


def read(said, sample):
    name = preset_name(sample)
    return said(SAMPLES / sample, name, **GIVEN.get(name, {}))


def test_there_is_a_sample_of_every_preset():
    assert {preset_name(sample) for sample in EXPECTED} == set(PRESETS)
    assert {path.name for path in SAMPLES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("sample", EXPECTED)
def test_a_preset_reads_its_sample(said, sample):
    tables = read(said, sample)
    assert {name: rows if name == "refused" else len(rows) for name, rows in tables.items()} == EXPECTED[sample]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_says_what_it_reads_and_what_it_cannot_show(preset):
    assert preset.meaning.endswith(".")
    assert preset.unseen or preset.by_name
    assert all(line.endswith(".") for line in preset.unseen)
    meaning, unseen = preset.described("id")
    assert meaning != preset.meaning
    assert len(unseen) == len(preset.unseen)
    assert not set(unseen) & set(preset.unseen)


def ends(tables, relation):
    return Counter((start, end) for start, end, _ in tables[relation])


def test_a_post_row_of_x_gives_the_post_and_the_act(said):
    for sample in ("zeeschuimer_x.ndjson", "4cat_twitter_posts.csv"):
        tables = read(said, sample)
        assert ends(tables, "COMMENTED") == {("x:9002", "x:1841000000000000001"): 1}
        assert ("x:9003", "x:1841000000000000001") in ends(tables, "SHARED")
        assert tables["Account"]["x:9001"]["handle"] == "melati_fiktif"
    tables = read(said, "zeeschuimer_x.ndjson")
    assert ends(tables, "SHARED") == {
        ("x:9003", "x:1841000000000000001"): 2,
        ("x:9004", "x:1841000000000000001"): 1,
    }, "a repost of a quote shares the quote, not what it quotes"
    assert tables["Post"]["x:1841000000000000003"]["text"] == "Bagus dan panjang"
    assert tables["Post"]["x:1841000000000000001"]["hashtags"] == ["desa"]
    assert {row["at_ms"] for row in tables["SHARED"].values()} == {1_727_827_200_000}


def test_references_of_the_x_api_become_acts(said):
    tables = read(said, "x_api_v2_posts.json")
    assert ends(tables, "SHARED") == {("x:9002", "x:1841000000000000001"): 1, ("x:9003", "x:1841000000000000001"): 1}
    assert ends(tables, "COMMENTED") == {("x:9003", "x:1841000000000000002"): 1}
    assert tables["Post"]["x:1841000000000000001"]["links"] == ["https://contoh.example/a,b"]


def test_posts_of_the_x_api_one_a_line_are_the_same(said, tmp_path):
    import json

    posts = json.loads((SAMPLES / "x_api_v2_posts.json").read_text(encoding="utf-8"))["data"]
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    lines = said(file, "x_api_v2_posts")
    document = read(said, "x_api_v2_posts.json")
    assert {name: set(rows) for name, rows in lines.items()} == {name: set(rows) for name, rows in document.items()}


def test_replies_inside_a_thread_are_comments_on_the_video(said):
    tables = read(said, "youtube_comment_threads.json")
    assert {row["content_id"] for row in tables["COMMENTED"].values()} == {"Ug1", "Ug1.a", "Ug1.b", "Ug2"}
    assert set(ends(tables, "COMMENTED")) == {(f"youtube:UCfiktif{n}", "youtube:fiktif00001") for n in (1, 2, 3)}
    assert {row["text"] for row in tables["COMMENTED"].values()} >= {"awal", "balas"}, "the original, not its HTML"


def test_of_two_columns_of_one_name_minets_own_counts(said):
    comments = read(said, "minet_instagram_comments.csv")["COMMENTED"].values()
    assert {row["content_id"] for row in comments} == {"17900000000000000", "17900000000000001"}


def test_a_partial_item_has_no_time_but_that_of_its_id(said):
    posts = read(said, "4cat_instagram_posts.csv")["Post"]
    assert "at" not in posts["instagram:DAfiktif002"]
    assert posts["instagram:DAfiktif002"]["at_ms"] == 1_727_595_196_061, "(id >> 23) + the beginning of its clock"
    assert "at_ms" in posts["instagram:DAfiktif001"]


def test_messages_of_two_chats_with_one_number_are_two_posts(said):
    tables = read(said, "4cat_telegram.csv")
    assert {"telegram:kanalfiktif/11", "telegram:grupfiktif/11"} < set(tables["Post"])
    assert set(ends(tables, "COMMENTED")) == {("telegram:8002", "telegram:kanalfiktif/11")}


def test_a_patrol_sheet_gives_ids_out_of_addresses(said):
    tables = read(said, "patroli.xlsx")
    assert set(ends(tables, "LIKED")) == {("instagram:bukit_fiktif", "instagram:DAfiktif001")}
    assert set(ends(tables, "COMMENTED")) == {("x:kenanga_fiktif", "x:1841000000000000001")}
    assert set(ends(tables, "FOLLOWED")) == {("instagram:lembah_fiktif", "instagram:halaman_fiktif")}
    times = {row["at_ms"] for kind in ("LIKED", "COMMENTED", "FOLLOWED") for row in tables[kind].values()}
    assert times == {1_727_827_200_000, 1_727_827_500_000}, "07:05 WIB is 08:05 WITA"


def test_times_of_crowdtangle_name_their_zone(said):
    posts = read(said, "crowdtangle_facebook.csv")["Post"]
    assert {row["at_ms"] for row in posts.values()} == {1_601_596_800_000, 1_601_640_000_000}


def test_a_preset_that_names_a_missing_column_says_which(said, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("id,body,unix_timestamp,author_id,is_reply,quote_tweet_id,urls,hashtags\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'link', which gives url"):
        said(file, "4cat_twitter_posts")
    file.write_text("URL,Message,Post Created,Facebook Id\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'Page Name' or 'Group Name', which gives name"):
        said(file, "crowdtangle_facebook")
    file.write_text("id,text,a\n1,b,c\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'author_url', which gives account"):
        said(file, "minet_facebook_comments")


OWN = """
meaning = "Ours."
timezone = "Asia/Jakarta"
[[statements]]
kind = "interactions"
when = { status = ["Tayang"] }
constants = { platform = "x" }
[statements.columns]
account = "akun"
object = { column = "alamat", take = "post" }
kind = { column = "aksi", values = { Jempol = "LIKED", abai = "" } }
at = "waktu"
"""


def test_a_preset_of_ones_own(said, tmp_path):
    (tmp_path / "kami.toml").write_text(OWN, encoding="utf-8")
    file = tmp_path / "a.csv"
    rows = ["akun,alamat,aksi,waktu,status", "a1,https://x.com/b/status/7,jempol,2024-10-02 07:00,tayang"]
    rows += ["a2,https://x.com/b/status/7,jempol,2024-10-02 07:00,tarik", "a3,7,abai,2024-10-02 07:00,tayang"]
    file.write_text("\n".join(rows), encoding="utf-8")
    tables = said(file, str(tmp_path / "kami.toml"))
    assert set(ends(tables, "LIKED")) == {("x:a1", "x:7")}
    assert next(iter(tables["LIKED"].values()))["at_ms"] == 1_727_827_200_000
    assert tables["refused"] == 1, "a word that stands for nothing leaves the property empty"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("meaning = ", "invalid TOML"),
        ('meaning = "M."', "no \\[\\[statements\\]\\]"),
        ('nope = "x"', "unknown key 'nope'"),
        ("statements = 7", "'statements' is not a list"),
        ('[[statements]]\nkind = "likes"', "no kind of load 'likes'"),
        ('[[statements]]\nkind = "posts"\ncolumns = { pst = "a" }', "no property 'pst' of posts"),
        ('[[statements]]\nkind = "posts"\ncolumns = { post = 7 }', "statements #1, columns, post' is neither text"),
        ('[[statements]]\nkind = "posts"\ncolumns = { post = [] }', "statements #1, columns, post' is empty"),
        (
            '[[statements]]\nkind = "posts"\ncolumns = { post = { column = "a", take = "b" } }',
            "'b' is not .* columns, post, take'",
        ),
        (
            '[[statements]]\nkind = "posts"\ncolumns = { post = { column = "a", joined = "b" } }',
            "unknown key 'joined' in .*post'",
        ),
        (
            '[[statements]]\nkind = "posts"\nwhen = { a = "yes" }',
            "when, a' is neither true .* list",
        ),
        ('[[statements]]\nkind = "posts"\ncolumns = {post = "a"}\nconstants = {post = "b"}', "given twice"),
        ("a = " + "[" * 5000, "invalid TOML"),
        ("a = " + "9" * 5000, "invalid TOML"),
        ('[[statements]]\nkind = "posts"\ncolumns = { post = "a" }\n' * 41, "more than 40"),
    ],
)
def test_a_preset_that_is_none_says_what_is_wrong(text, what):
    with pytest.raises(UsageError, match=what) as refused:
        preset_of("a", text, "a.toml")
    assert refused.value.where == "a.toml"
    assert refused.value.remedy


def test_a_preset_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        mappings_for(None, preset=str(tmp_path / "none.toml"))
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        mappings_for(None, preset=str(tmp_path / "a.toml"))
