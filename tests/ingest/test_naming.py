"""What a file calls accounts, posts and pages comes in under one id, and is told."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwatch.common.notes import said

Stage = Callable[..., Any]
HEADER = "account,object,kind,platform,at\n"


def ids(outcome: Any, table: str) -> list[str]:
    return sorted(row["id"] for row in outcome.tables[table])


def test_spellings_of_a_handle_are_one_account_and_that_is_told(stage_file: Stage) -> None:
    rows = "Budi_S,p0,like,tiktok,\n@budi_s,p1,like,tiktok,\nhttps://www.tiktok.com/@BUDI_S?lang=id,p2,like,tiktok,\n"
    outcome = stage_file(HEADER + rows + "sari,p2,like,tiktok,\n")
    assert ids(outcome, "Account") == ["tiktok:budi_s", "tiktok:sari"]
    assert "4 spellings of accounts are 2 accounts" in outcome.notes


def test_forms_of_an_address_are_one_post_whatever_the_platform_is_called(stage_file: Stage) -> None:
    rows = (
        "a,https://x.com/b/status/1840000000000000007/photo/1,like,x,\n"
        "a,https://twitter.com/b/status/1840000000000000007?s=20,like,Twitter,\n"
        "b,1840000000000000007,like,X,\n"
        "a,https://www.instagram.com/reel/CxAbC12/,like,IG,\n"
    )
    outcome = stage_file(HEADER + rows)
    assert ids(outcome, "Post") == ["instagram:CxAbC12", "x:1840000000000000007"]
    assert outcome.platforms == ("instagram", "x")
    assert "4 spellings of posts are 2 posts" in outcome.notes


def test_ids_spelt_as_they_are_say_nothing(stage_file: Stage) -> None:
    assert stage_file(HEADER + "11,22,like,x,1728349200\nani,33,like,x,1728349200\n").notes == []


def test_a_short_link_and_another_platforms_address_are_refused_row_by_row(stage_file: Stage) -> None:
    rows = "a,https://vt.tiktok.com/ZS/,like,tiktok,\na,https://x.com/b/status/1,like,tiktok,\na,7,like,tiktok,\n"
    outcome = stage_file(HEADER + rows)
    assert (outcome.taken, [row["line"] for row in outcome.quarantine]) == (1, ["2", "3"])
    assert "short link" in outcome.quarantine[0]["reason"]
    assert "another platform" in outcome.quarantine[1]["reason"]


@pytest.mark.parametrize(
    "word", ["nan", "NaN", "NA", "N/A", "None", "NULL", "null", "-", "<NA>", "#N/A", "#NAME?", "#REF!"]
)
def test_words_that_stand_for_nothing_are_no_ids(stage_file: Stage, word: str) -> None:
    outcome = stage_file(
        f"account,object,kind,platform,content_id\na,{word},like,x,c\na,7,like,x,{word}\n{word},7,like,x,c"
    )
    assert outcome.taken == 1
    assert [row["column"] for row in outcome.quarantine] == ["object", "account"]
    assert outcome.tables["LIKED"][0]["content_id"] is None
    error = word.startswith("#")
    assert all(("error of a spreadsheet" in row["reason"]) == error for row in outcome.quarantine)


def test_a_handle_that_is_such_a_word_is_written_with_its_at(stage_file: Stage) -> None:
    assert ids(stage_file(HEADER + "@none,7,like,x,\nhttps://x.com/null,7,like,x,\n"), "Account") == [
        "x:none",
        "x:null",
    ]


@pytest.mark.parametrize(
    ("written", "id"),
    [("77001.0", "77001"), ("100000000000398.00", "100000000000398"), ("7.7001E+4", "77001"), ("77001", "77001")],
)
def test_a_decimal_that_is_whole_is_the_id(stage_file: Stage, written: str, id: str) -> None:
    outcome = stage_file(HEADER + f"{written},{written},like,x,\n")
    assert (ids(outcome, "Account"), ids(outcome, "Post")) == ([f"x:{id}"], [f"x:{id}"])


@pytest.mark.parametrize("written", ["1.84E+18", "1840000000000000123.0", "77001.5", "77.000", "-5.0"])
def test_no_other_decimal_is(stage_file: Stage, written: str) -> None:
    outcome = stage_file(HEADER + f"a,7,like,x,\na,{written},like,x,\n")
    assert (outcome.taken, outcome.refused) == (1, 1)


def test_a_page_that_is_not_named_loses_the_cell_and_not_the_row(stage_file: Stage) -> None:
    outcome = stage_file("account,object,kind,platform,page\na,7,like,x,https://t.co/ab\nb,7,like,x,@Paslon\n")
    assert ids(outcome, "Page") == ["x:paslon"]
    assert "1 cells of page name nothing and were left out; their rows were taken" in outcome.notes


def test_an_account_of_the_roster_may_be_an_address(stage_file: Stage) -> None:
    text = "platform,handle,agency\ninstagram,https://www.instagram.com/Rina_M73/,A\ninstagram,@123,B\n"
    assert ids(stage_file(text, "accounts-of-asn"), "Account") == ["instagram:@123", "instagram:rina_m73"]


def test_ids_of_a_tools_own_choice_are_taken_as_written(stage_file: Stage) -> None:
    text = (
        "object_id,account_id,content_id,timestamp_share\n-v0,@H0,-c0,1728349200\nhttps://bit.ly/a,@h0,-c1,1728349200\n"
    )
    outcome = stage_file(text, preset="coortweet")
    assert ids(outcome, "Account") == ["x:@H0", "x:@h0"]
    assert ids(outcome, "Post") == ["x:-v0", "x:https://bit.ly/a"]


def test_the_two_spellings_of_a_posts_id_are_one_post(stage_file: Stage) -> None:
    rows = (
        "a,3472585458436161536,like,instagram,\nb,3472585458436161536_501,like,instagram,\n"
        "c,https://www.instagram.com/p/DAxGhNuRkAA/,like,instagram,\nd,DAxGhNuRkAA,like,instagram,\n"
        f"e,https://www.instagram.com/p/DAxGhNuRkAA{28 * 'k'}/,like,instagram,\n"
        "a,1234567890_555,like,instagram,\nb,https://instagram.com/reel/BJlgLS/,like,instagram,\n"
        "a,3472585458436161536,like,threads,\nb,https://www.threads.net/@x/post/DAxGhNuRkAA,like,threads,\n"
        "a,100_77001,like,facebook,\nb,77001,like,facebook,\nc,UzpfSTEwMDo3NzAwMTo3NzAwMQ==,like,facebook,\n"
        "a,991,like,instagram,\n"
    )
    outcome = stage_file(HEADER + rows)
    assert ids(outcome, "Post") == [
        "facebook:77001",
        "instagram:991",
        "instagram:BJlgLS",
        "instagram:DAxGhNuRkAA",
        "threads:DAxGhNuRkAA",
    ]
    posts = stage_file("post,platform\n3472585458436161536,instagram\nDAxGhNuRkAA,instagram\n", "posts")
    assert [(row["id"], row["at_ms"]) for row in posts.tables["Post"]] == [("instagram:DAxGhNuRkAA", 1728184467125)]


def test_the_spellings_of_a_comments_id_are_one_comment(stage_file: Stage) -> None:
    rows = (
        "a,7,share,x,18\na,7,share,x,https://x.com/a/status/18?s=20\n"
        "a,9,comment,facebook,9_22\na,9,comment,facebook,https://www.facebook.com/p/posts/9?comment_id=22\n"
        "a,9,comment,facebook,Y29tbWVudDo5XzIy\n"
        "a,AbC,comment,instagram,179\na,AbC,comment,instagram,https://www.instagram.com/p/AbC/c/179/\n"
        "a,vid,comment,youtube,Ugx_1\na,vid,comment,youtube,https://www.youtube.com/watch?v=vid&lc=Ugx_1\n"
    )
    outcome = stage_file("account,object,kind,platform,content_id\n" + rows)
    found = {kind: [row["content_id"] for row in outcome.tables[kind]] for kind in ("COMMENTED", "SHARED")}
    assert sorted(found["COMMENTED"]) == ["179", "22", "Ugx_1"]
    assert found["SHARED"] == ["18"]


def test_rounded_numbers_of_instagram_are_refused_or_taken_from_the_address(stage_file: Stage) -> None:
    rounded = [f"3472585458436{n}0000" for n in range(10, 16)]
    rows = "".join(f"{id},instagram,\n" for id in rounded)
    outcome = stage_file(f"post,platform,url\n{rows}DAxGhNuRkAA,instagram,\n", "posts")
    assert (outcome.taken, outcome.refused) == (1, 6)
    assert [row["value"] for row in outcome.quarantine] == rounded
    beside = stage_file(
        "post,platform,url\n3.47258545843616E+18,instagram,https://www.instagram.com/p/DAxGhNuRkAA/\n", "posts"
    )
    assert ids(beside, "Post") == ["instagram:DAxGhNuRkAA"]


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("<https://www.instagram.com/p/DAbtDE4kGZp/>", "DAbtDE4kGZp"),
        ("\u200bhttps://www.instagram.com/p/DAbtDE4kGZp/\u200b", "DAbtDE4kGZp"),
        ("( https://www.instagram.com/reel/DAbtDE4kGZp/ ),", "DAbtDE4kGZp"),
        ("cek https://www.instagram.com/p/DAbtDE4kGZp/?igsh=a ya", "DAbtDE4kGZp"),
        ("Lihat unggahan", "teks beberapa kata"),
        ("https://instagram.com/p/DAbtDE4kGZp/?a https://instagram.com/p/DAD4nHQsspD/", "beberapa nama"),
    ],
)
def test_a_cell_of_several_words_names_the_one_post_whose_address_is_in_it(
    stage_file: Stage, written: str, id: str
) -> None:
    outcome = stage_file(HEADER + f'ani,"{written}",like,instagram,\nbudi,AbC,like,instagram,\n')
    if "DA" in id:
        assert ids(outcome, "Post") == ["instagram:AbC", f"instagram:{id}"]
    else:
        assert ids(outcome, "Post") == ["instagram:AbC"]
        [reason] = outcome.reasons
        assert id in said(reason, "id")


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("\u200b@Ani\xa0", "ani"),
        ("@ani (Ani Suryani, guru)", "ani"),
        ("Ani Suryani", None),
        ("@ani, @budi", None),
        ("@ani/@budi", None),
        ("ani dan budi", None),
        ("https://www.instagram.com/ani/ https://www.instagram.com/ani/?hl=id", "ani"),
    ],
)
def test_a_cell_of_several_words_names_the_one_account_in_it(stage_file: Stage, written: str, id: str | None) -> None:
    outcome = stage_file(HEADER + f'"{written}",AbC,like,instagram,\ncitra,AbC,like,instagram,\n')
    assert ids(outcome, "Account") == sorted(filter(None, ["instagram:citra", id and f"instagram:{id}"]))
    # Where accounts are also known by what they are called, that is taken as it is.
    assert ids(stage_file(HEADER + "Ani Suryani,7,comment,facebook,\n"), "Account") == ["facebook:Ani Suryani"]


@pytest.mark.parametrize("word", ["lihat", "Lihat", " klik ", "LINK"])
@pytest.mark.parametrize("platform", ["instagram", "x", "facebook"])
def test_the_text_before_a_link_is_no_post(stage_file: Stage, word: str, platform: str) -> None:
    outcome = stage_file(HEADER + f"a,{word},like,{platform},\nb,DAxGhNuRkAA,like,{platform},\n")
    assert (outcome.taken, [row["line"] for row in outcome.quarantine]) == (1, ["2"])
    assert "behind the cell" in outcome.quarantine[0]["remedy"]


@pytest.mark.parametrize("mark", ['""""', "sda", "Idem", "s.d.a."])
def test_marks_for_the_cell_above_are_no_ids(stage_file: Stage, mark: str) -> None:
    outcome = stage_file(HEADER + f"a,7,like,x,\nb,{mark},like,x,\n{mark},8,like,x,\n@idem,9,like,x,\n")
    assert ids(outcome, "Account") == ["x:a", "x:idem"]
    assert {row["reason"] for row in outcome.quarantine} == {
        "a mark for 'the same as above' instead of what it stands for"
    }


def test_pictures_beside_a_handle_are_no_part_of_it(stage_file: Stage) -> None:
    rows = "budi,7,like,instagram,\nbudi 🔥,8,like,instagram,\n@Budi👍🏽,9,like,instagram,\n❤️ budi,10,like,instagram,\n"
    assert ids(stage_file(HEADER + rows), "Account") == ["instagram:budi"]


def test_names_below_each_other_in_a_cell_are_several(stage_file: Stage) -> None:
    outcome = stage_file(HEADER + '"@ani\n@budi",7,like,instagram,\nc,7,like,instagram,\n')
    assert outcome.reasons == {"several names or addresses in one cell": 1}
