"""What the tests mean together, and which innocent explanations the evidence suggests."""

from dataclasses import replace
from datetime import datetime

import pytest

from graphwatch.common.clock import ZONE
from graphwatch.explain.model import Act, Agency, Burst, OnRoster, Ties
from graphwatch.explain.weighing import innocent, reading

TIES = Ties(pairs=4, n=20, median_gap_s=3.0, shared=30)
ROSTER = OnRoster(2, 2, 0, 0, 0, 9, 0.5, 0.01, (Agency("d", "Dinas", 2, 0.1, 0.01),))


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2024, 10, day, hour, minute, tzinfo=ZONE).timestamp() * 1000)


def burst(at_ms: int, age_s: int | None = None, page: str | None = None) -> Burst:
    acts = (Act("x:1", "LIKED", at_ms), Act("x:2", "LIKED", at_ms + 1_000))
    published = None if age_s is None else at_ms - 1_000 * age_s
    return Burst("x:p", None, None, page, published, 2, 2, acts)


def keys(*bursts: Burst, roster: OnRoster | None = None) -> list[str]:
    return [reason.text.rpartition(".")[2] for reason in innocent(bursts, roster, 0.05)]


@pytest.mark.parametrize(
    ("coordinated", "interested", "expected"),
    [
        (None, None, "untested"),
        (4, 1, "together"),
        (4, 2, "both"),
        (0, 4, "interest"),
        (0, 0, "neither"),
    ],
)
def test_two_answers_have_one_meaning(coordinated: int | None, interested: int | None, expected: str) -> None:
    assert reading(replace(TIES, coordinated=coordinated, interested=interested)) == expected


def test_fresh_posts_suggest_notifications_and_old_ones_a_chat() -> None:
    # 5 October 2024 is a Saturday.
    assert keys(burst(at(5, 9), age_s=60), burst(at(12, 9), age_s=1_800)) == ["notifications"]
    assert keys(burst(at(5, 9), age_s=1_801), burst(at(12, 9), age_s=86_400)) == ["chat"]
    assert keys(burst(at(5, 9)), burst(at(12, 9))) == ["unknown"]


def test_bursts_at_one_age_of_their_posts_suggest_a_schedule() -> None:
    """Two hours after publication, give or take half a minute: what a notification sent then would do."""
    ages = (7_200, 7_230, 7_190, 7_260, 7_205)
    pushed = [burst(at(day, 19, 5 * day), age_s=age) for day, age in enumerate(ages, 5)]
    found = {reason.text.rpartition(".")[2]: reason.values for reason in innocent(pushed, None, 0.05)}

    assert found["age_locked"] == {"total": 5, "minutes": 120}
    assert "age_locked" not in keys(*pushed[:4])
    assert "age_locked" not in keys(*pushed[:4], burst(at(12, 9), age_s=400), burst(at(13, 9), age_s=90_000))
    assert "age_locked" not in keys(*pushed, burst(at(12, 9)))


def test_office_hours_are_those_of_working_days() -> None:
    assert "office" in keys(burst(at(7, 7, 30)), burst(at(8, 15, 59)))
    assert "office" not in keys(burst(at(7, 7, 29)), burst(at(8, 16)), burst(at(12, 10)))


def test_one_day_and_one_page_are_named() -> None:
    assert "event" in keys(burst(at(5, 9)), burst(at(5, 21)))
    assert "event" not in keys(burst(at(5, 9)), burst(at(6, 9)))
    reasons = innocent([burst(at(d, 9), page="Halaman") for d in range(1, 5)], None, None)
    assert next(r for r in reasons if r.text.endswith(".page")).values == {"n": 4, "total": 4, "page": "Halaman"}


def test_one_agency_suggests_pressure_only_where_it_stands_out() -> None:
    assert keys(roster=ROSTER) == ["pressure"]
    assert keys(roster=replace(ROSTER, agencies=(Agency("d", None, 2, 1.9, 0.8),))) == []
    assert keys(roster=replace(ROSTER, agencies=(), duty=1)) == ["duty"]
