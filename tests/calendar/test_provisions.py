from datetime import UTC, date, datetime

import pytest

from graphwatch.calendar.provisions import KINDS, STANDINGS, provisions, provisions_for
from graphwatch.errors import UsageError

DETERMINED = date(2024, 9, 22)


def asked(kind: str | None, *when: int) -> dict[str, str]:
    at = int(datetime(*when, tzinfo=UTC).timestamp() * 1000) if when else None  # type: ignore[misc,arg-type]
    return {w.provision.id: w.standing for w in provisions_for(kind, at, DETERMINED)}


def test_the_nineteen_kinds_are_there_with_their_sources() -> None:
    rows = provisions()
    assert [p.id for p in rows] == [f"KE-{n}" for n in range(1, 8)] + [f"DS-{n}" for n in range(1, 13)]
    for row in rows:
        assert row.citation.startswith("SKB Netralitas ASN 2022")
        assert "https://" in row.citation
        assert row.applies in ("before", "after", "always")
        assert set(row.kinds) <= set(KINDS)
        assert row.note or not row.contested


def test_no_provision_says_what_it_may_lead_to() -> None:
    for row in provisions():
        said = f"{row.wording} {row.meaning} {row.note}".lower()
        assert not any(word in said for word in ("sanksi", "sanction", "hukdis", "berat", "sedang", "ptdh"))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ((2024, 9, 1), {"KE-4": "by its wording", "DS-6": "contested"}),
        ((2024, 9, 21, 16, 59), {"KE-4": "by its wording", "DS-6": "contested"}),
        ((2024, 9, 21, 17), {"KE-4": "needs study", "DS-6": "needs study"}),
        ((2024, 9, 22, 16, 59), {"KE-4": "needs study", "DS-6": "needs study"}),
        ((2024, 9, 22, 17), {"DS-6": "by its wording", "KE-4": "contested"}),
        ((), {"KE-4": "needs study", "DS-6": "needs study"}),
    ],
)
def test_a_like_before_on_and_after_determination(when: tuple[int, ...], expected: dict[str, str]) -> None:
    assert asked("LIKED", *when) == expected


def test_an_uncontested_provision_stays_on_its_side() -> None:
    assert "KE-2" in asked("PUBLISHED", 2024, 9, 1)
    assert "KE-2" not in asked("PUBLISHED", 2024, 10, 1)
    assert asked("PUBLISHED", 2024, 10, 1)["DS-8"] == asked("PUBLISHED", 2024, 9, 1)["DS-8"] == "by its wording"


def test_the_surest_come_first_and_without_a_kind_all_of_them() -> None:
    standings = [w.standing for w in provisions_for(None, None, DETERMINED)]
    assert len(standings) == 19
    assert standings == sorted(standings, key=STANDINGS.index)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="LIKED"):
        provisions_for("SMILED", None, DETERMINED)


def test_of_a_follow_both_sources_are_told():
    found = provisions_for("FOLLOWED", 1_727_740_800_000, DETERMINED)
    assert {w.standing for w in found} == {"contested"}
    for weighed in found:
        assert "the decree lists" in weighed.why
        assert weighed.why.count("https://") == 2
        assert set(weighed.provision.differing["FOLLOWED"]) == {"id", "en"}
