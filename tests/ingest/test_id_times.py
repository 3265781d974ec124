"""Times that native ids hold, where a file has none, and beside those it has."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

import graphwatch as gw
from graphwatch.ingest.id_times import IdTimes, times_of_ids

NOW_MS = 1_767_225_600_000
BEGAN_MS = int(datetime(2024, 10, 8, 1, 0, 5, tzinfo=UTC).timestamp()) * 1000


def of_x(at_ms: int, number: int = 0) -> str:
    """The id that X gives at that time, as it says itself that it does."""
    return str((at_ms - 1_288_834_974_657 << 22) | number)


def of_instagram(at_ms: int, number: int = 0) -> str:
    return str((at_ms - 1_314_220_021_721 << 23) | number)


def shortcode(at_ms: int) -> str:
    """The same in the digits of base 64 that an address has."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number, found = int(of_instagram(at_ms)), ""
    while number:
        number, digit = divmod(number, 64)
        found = alphabet[digit] + found
    return found


def of_tiktok(at_ms: int, number: int = 0) -> str:
    return str((at_ms // 1000 << 32) | number)


@pytest.mark.parametrize(
    ("platform", "id", "expected"),
    [
        ("x", of_x(BEGAN_MS, 77), BEGAN_MS),
        ("twitter", of_x(BEGAN_MS + 123), BEGAN_MS + 123),
        ("tiktok", of_tiktok(BEGAN_MS, 5), BEGAN_MS),
        ("x", "20", 0),  # ids before snowflakes
        ("x", of_x(NOW_MS + 86_400_000), 0),
        ("x", "9999999999999999999", 0),
        ("x", "c1", 0),
        ("x", None, 0),
        ("instagram", of_instagram(BEGAN_MS + 7), BEGAN_MS + 7),
        ("instagram", "17912345678901234", 0),  # of a comment, which is numbered otherwise
        ("facebook", of_x(BEGAN_MS), 0),
        ("tiktok", "1" * 19, 0),  # 1990
    ],
)
def test_an_id_holds_a_time_or_none(platform: str, id: str | None, expected: int) -> None:
    assert times_of_ids(pa.array([platform]), pa.array([id], pa.string()), NOW_MS).tolist() == [expected]


def rows(*acts: tuple[str, str, int | None]) -> dict[str, pa.Array]:
    kinds, ids, times = zip(*acts, strict=True)
    return {
        "platform": pa.array(["x"] * len(acts)),
        "kind": pa.array(kinds),
        "content_id": pa.array(ids, pa.string()),
        "at_ms": pa.array(times, pa.int64()),
    }


def test_only_the_id_of_the_act_gives_its_time_and_only_where_there_is_none() -> None:
    seen = IdTimes(NOW_MS)
    id = of_x(BEGAN_MS)
    filled = seen.filled(rows(("SHARED", id, None), ("SHARED", id, 5), ("LIKED", id, None), ("COMMENTED", "c", None)))
    assert filled["at_ms"].to_pylist() == [BEGAN_MS, 5, None, None]
    assert filled["basis"].to_pylist() == ["derived", None, None, None]
    assert seen.derived == 1


def test_ids_and_times_are_compared_and_a_wrong_zone_is_named() -> None:
    seen = IdTimes(NOW_MS)
    hours = [BEGAN_MS + n * 3_600_000 for n in range(20)]
    right = [("SHARED", of_x(ms), ms + 999 - 999) for ms in hours]
    assert seen.filled(rows(*right)) == {}
    assert seen.remarks(None) == []
    seen.filled(rows(*(("SHARED", of_x(ms), ms - 7 * 3_600_000) for ms in hours[:5])))
    assert seen.remarks(None) == [
        "80% of ids agree with their times; 5 do not: their times are 7 hours too early, so the time zone is wrong"
    ]
    minutes = IdTimes(NOW_MS)
    minutes.filled(rows(*(("SHARED", of_x(ms), ms - ms % 60_000) for ms in (BEGAN_MS, BEGAN_MS + 50_000))))
    assert minutes.remarks(60_000) == []
    assert len(minutes.remarks(None)) == 1


def test_derived_times_are_loaded_with_their_basis_and_enter_synchrony(tmp_path: Path) -> None:
    cells = [
        f"{account},p{post},share,x,{of_x(BEGAN_MS + post * 10_000_000 + 1000 * n, n)}"
        for post in range(3)
        for n, account in enumerate("abc")
    ]
    file = tmp_path / "a.csv"
    file.write_text("account,object,kind,platform,content_id\n" + "\n".join(cells) + "\n")
    with gw.open(tmp_path / "s.gw", create=True) as project:
        assert "9 acts without a time have that of their native id" in project.load(file).notes
        found = project.store.read("MATCH ()-[r:SHARED]->() RETURN r.basis AS basis, r.at AS at, count(r) AS n")
        assert found.to_pylist() == [{"basis": "derived", "at": None, "n": 9}]
        seen = project.detect(fdr=None).denominators
        assert (seen["interactions"], seen["pairs"], seen["untimed"]) == (9, 3, 0)


def test_posts_without_a_time_have_that_of_their_id(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        "post,platform,at\n"
        f"https://www.instagram.com/p/{shortcode(BEGAN_MS)}/,instagram,\n"
        f"{of_tiktok(BEGAN_MS)},tiktok,\n"
        f"{of_x(BEGAN_MS)},x,2024-10-08T01:00:05Z\n"
        "pfbid7,facebook,\n"
    )
    with gw.open(tmp_path / "s.gw", create=True) as project:
        loaded = project.load(file, kind="posts")
        found = project.query("MATCH (p:Post) RETURN p.platform AS platform, p.at_ms AS at_ms").to_arrow().to_pylist()
    assert {row["platform"]: row["at_ms"] for row in found} == {
        **dict.fromkeys(("instagram", "tiktok", "x"), BEGAN_MS),
        "facebook": None,
    }
    assert "2 posts without a time have that of their native id" in loaded.notes
