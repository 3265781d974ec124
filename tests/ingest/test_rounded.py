"""Ids that a spreadsheet has rounded are refused, or taken from where they still are."""

from collections.abc import Callable
from typing import Any

import pytest

from graphwatch.errors import InputError

Stage = Callable[..., Any]
HEADER = "account,object,kind,platform,object_url\n"


def test_ids_that_all_end_in_zeros_are_refused(stage_file: Stage) -> None:
    with pytest.raises(InputError, match="rounded"):
        stage_file(HEADER + "222,1234567890123450000,like,x,\n222,1294222333444550000,like,x,\n")


def test_rounded_ids_among_others_go_row_by_row(stage_file: Stage) -> None:
    rounded = "".join(f"222,12345678901234{n}0000,like,x,\n" for n in range(5))
    whole = "".join(f"222,123456789012349{n:04},like,x,\n" for n in range(1, 21))
    outcome = stage_file(HEADER + whole + rounded)
    assert (outcome.taken, outcome.refused) == (20, 5)
    assert {row["column"] for row in outcome.quarantine} == {"object"}
    assert [row["line"] for row in outcome.quarantine] == [str(line) for line in range(22, 27)]


def test_one_id_in_many_may_end_in_zeros(stage_file: Stage) -> None:
    rows = "".join(f"222,18400000000000000{n:02},like,x,\n" for n in range(12))
    assert stage_file(HEADER + rows).refused == 0


def test_short_ids_and_handles_with_zeros_are_whole(stage_file: Stage) -> None:
    assert stage_file(HEADER + "1000000000000000,7000,like,x,\n2000000000000000,8000,like,x,\n").refused == 0


@pytest.mark.parametrize("rounded", ["1.84E+18", "1840000000000120000"])
def test_the_address_still_has_the_id(stage_file: Stage, rounded: str) -> None:
    address = "https://x.com/a/status/1840000000000123457"
    assert stage_file(HEADER + f"222,{rounded},like,x,{address}\n").tables["Post"][0]["id"] == "x:1840000000000123457"


def test_an_address_of_another_post_does_not_stand_in(stage_file: Stage) -> None:
    with pytest.raises(InputError, match="rounded"):
        stage_file(HEADER + "222,1.84E+18,like,x,https://x.com/a/status/1720000000000123457\n")


def test_posts_of_tweet_harvest_resaved_by_a_spreadsheet_are_known_by_address_and_handle(stage_file: Stage) -> None:
    text = (
        "conversation_id_str,created_at,favorite_count,full_text,id_str,in_reply_to_screen_name,tweet_url,user_id_str,username\n"
        "1.84E+18,Tue Oct 08 01:00:00 +0000 2024,3,halo,1.84E+18,,"
        "https://x.com/melati_fiktif/status/1840000000000123457,1.70E+18,Melati_Fiktif\n"
    )
    tables = stage_file(text, "posts", preset="tweet_harvest").tables
    assert [row["id"] for row in tables["Post"]] == ["x:1840000000000123457"]
    assert [row["id"] for row in tables["Account"]] == ["x:melati_fiktif"]
