"""Times that count back from when somebody looked, as apps show them."""

from pathlib import Path
from typing import Any

import pytest

import graphwatch as gw
from graphwatch.errors import InputError
from graphwatch.ingest.relative_times import counted_back

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
SEEN_MS = 1_728_367_200_000  # 2024-10-08T13:00+07:00
HEADER = "account,object,kind,platform,at,observed_at\n"


@pytest.mark.parametrize(
    ("text", "back_ms", "precision_ms"),
    [
        ("3 jam lalu", 3 * HOUR, HOUR),
        ("3 jam yang lalu", 3 * HOUR, HOUR),
        ("Sekitar 3 jam yg lalu", 3 * HOUR, HOUR),
        ("3h", 3 * HOUR, HOUR),
        ("3h lalu", 3 * DAY, DAY),
        ("3h ago", 3 * HOUR, HOUR),
        ("30h", 30 * DAY, DAY),
        ("3 j", 3 * HOUR, HOUR),
        ("2 hari", 2 * DAY, DAY),
        ("2d", 2 * DAY, DAY),
        ("kemarin", DAY, DAY),
        ("Yesterday", DAY, DAY),
        ("5 menit yang lalu", 5 * MINUTE, MINUTE),
        ("5m", 5 * MINUTE, MINUTE),
        ("10 detik", 10 * SECOND, SECOND),
        ("2 hours ago", 2 * HOUR, HOUR),
        ("an hour ago", HOUR, HOUR),
        ("sejam yang lalu", HOUR, HOUR),
        ("seminggu lalu", 7 * DAY, 7 * DAY),
        ("2 mgg", 14 * DAY, 7 * DAY),
        ("1 bulan yang lalu", 30 * DAY, 30 * DAY),
        ("1 jam 30 menit lalu", 90 * MINUTE, MINUTE),
        ("3 jam · Diedit", 3 * HOUR, HOUR),
        ("baru saja", 0, MINUTE),
    ],
)
def test_a_text_counts_back_by_its_unit(text: str, back_ms: int, precision_ms: int) -> None:
    back = counted_back(text)
    assert back is not None
    assert (back.ms, back.precision_ms, back.clock) == (back_ms, precision_ms, None)


@pytest.mark.parametrize(
    "text", ["", "3", "jam 3", "besok", "8 Okt 2024", "3 orang", "13.05", "m", "kemarin sore", "-3 jam"]
)
def test_what_does_not_count_back_is_none(text: str) -> None:
    assert counted_back(text) is None


def times(project: gw.Project) -> list[tuple[Any, ...]]:
    asked = "MATCH (a:Account)-[r]->(:Post) RETURN a.id, r.at_ms, r.basis, r.precision_ms ORDER BY a.id"
    return [tuple(row.values())[1:] for row in project.query(asked).to_arrow().to_pylist()]


def test_they_are_derived_from_when_the_row_was_seen_and_known_to_their_unit(tmp_path: Path) -> None:
    rows = (
        "a1,p,like,x,3 jam lalu,2024-10-08 13:00\n"
        "a2,p,like,x,kemarin pukul 13.05,2024-10-08 13:00\n"
        "a3,p,like,x,2024-10-08T09:00:10+07:00,2024-10-08 13:00\n"
        "a4,p,like,x,10 detik,2024-10-08 13:00\n"
        "a5,p,like,x,5 menit,\n"
    )
    file = tmp_path / "suka.csv"
    file.write_text(HEADER + rows)
    with gw.open(tmp_path / "s.gw", create=True) as project:
        outcome = project.load(file, kind="interactions", timezone="Asia/Jakarta")
        assert times(project) == [
            (SEEN_MS - 3 * HOUR, "derived", HOUR),
            (SEEN_MS - DAY + 5 * MINUTE, "derived", MINUTE),
            (SEEN_MS - 4 * HOUR + 10 * SECOND, None, None),
            (SEEN_MS - 10 * SECOND, "derived", None),
        ]
    assert outcome.reasons == {"a time that counts back from when somebody looked, and nothing says when that was": 1}
    assert any("3 times count back" in note for note in outcome.notes)
    assert outcome.quarantine is not None
    assert "--set observed_at=" in outcome.quarantine.read_text()


def test_a_constant_says_when_all_were_seen_and_nothing_is_refused_for_lack_of_it(tmp_path: Path) -> None:
    file = tmp_path / "suka.csv"
    file.write_text("account,object,kind,platform,waktu\na1,p,like,x,2 hari\na2,p,like,x,3h\na3,p,like,x,3j\n")
    with gw.open(tmp_path / "s.gw", create=True) as project:
        with pytest.raises(InputError, match="counts back from when somebody looked"):
            project.load(file, columns={"waktu": "at"})
        outcome = project.load(file, columns={"waktu": "at"}, constants={"observed_at": "2024-10-08T13:00+07:00"})
        # In one column with j for jam, h is short for hari.
        assert [t[0] for t in times(project)] == [SEEN_MS - 2 * DAY, SEEN_MS - 3 * DAY, SEEN_MS - 3 * HOUR]
    assert not [note for note in outcome.notes if "somebody looked, so" in note]


def test_posts_and_complaints_have_them_too_and_no_times_that_are_known_worse_than_to_the_day(tmp_path: Path) -> None:
    posts = "post,platform,at,observed_at\np1,facebook,3 jam lalu,2024-10-08 13:00\np2,facebook,2 hari,2024-10-08\n"
    posts += "p3,facebook,1 bulan lalu,2024-10-08 13:00\np4,facebook,5 jam,2024-10-08\n"
    # An id that holds the time knows it better than what counts back.
    posts += "1842086850560000000,x,4 h,2024-10-04 13:00\n"
    said = "number,text,received,at,observed_at\n1,a,2024-10-08,kemarin,\n2,a,2024-10-08,3 jam lalu,\n"
    said += "3,a,2024-10-08,3 jam lalu,2024-10-08 13:00\n4,a,2024-10-08,7 Oktober 2024,\n"
    (tmp_path / "posts.csv").write_text(posts)
    (tmp_path / "aduan.csv").write_text(said)
    with gw.open(tmp_path / "s.gw", create=True) as project:
        of_posts = project.load(tmp_path / "posts.csv", kind="posts", timezone="Asia/Jakarta")
        of_complaints = project.load(tmp_path / "aduan.csv", kind="complaints", timezone="Asia/Jakarta")
        published = project.query("MATCH (p:Post) RETURN p.id, p.at_ms").to_arrow().to_pylist()
        happened = project.query("MATCH (c:Complaint) RETURN c.id, c.at, c.at_ms ORDER BY c.id").to_arrow().to_pylist()
    of_x = (1842086850560000000 >> 22) + 1288834974657
    beginning = SEEN_MS - 13 * HOUR
    assert {row["p.id"]: row["p.at_ms"] for row in published} == {
        "facebook:p1": SEEN_MS - 3 * HOUR,
        "facebook:p2": beginning - 2 * DAY,
        "facebook:p3": None,
        "facebook:p4": None,
        "x:1842086850560000000": of_x,
    }
    assert [tuple(row.values())[1:] for row in happened] == [
        ("2024-10-07", None),
        (None, None),
        ("3 jam lalu", SEEN_MS - 3 * HOUR),
        ("2024-10-07", None),
    ]
    told = " ".join(of_posts.notes)
    assert "3 times count back" in told
    assert "known to the week, month or year only" in told
    assert "nothing says when that was" in told
    assert "2 × a time of what is complained about that counts back" in " ".join(of_complaints.notes)
