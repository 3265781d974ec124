"""What is known of the times of a file: whose they are, and how precise."""

from pathlib import Path

import pyarrow as pa
import pytest

import graphwatch as gw
from graphwatch.errors import NothingFound
from graphwatch.explain.words import sections
from graphwatch.ingest.act_times import Grain, settled, unsaid_column
from graphwatch.ingest.mapping import mappings_for

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000


@pytest.mark.parametrize(
    ("column", "file", "basis", "told"),
    [
        ("Tanggal Ambil", "a.csv", "observed", "by its name"),
        ("waktu pemantauan", "a.csv", "observed", "by its name"),
        ("retrieved_at", "a.csv", "observed", "by its name"),
        ("waktu", "a.csv", "observed", "nothing says"),
        ("tgl", "a.csv", "observed", "nothing says"),
        ("waktu_wib", "a.csv", "observed", "nothing says"),
        ("when", "a.xlsx", "observed", "nothing says"),
        ("Waktu Komentar", "a.csv", "acted", None),
        ("created_at", "a.xlsx", "acted", None),
        ("timestamp", "a.csv", "acted", None),
        ("twitter_time", "a.csv", "acted", None),
        ("when", "a.csv", "acted", None),
    ],
)
def test_a_column_tells_whose_times_it_has_or_the_careful_one_is_taken(
    tmp_path: Path, column: str, file: str, basis: str, told: str | None
) -> None:
    path = tmp_path / file
    path.write_bytes(b"PK\x03\x04" if file.endswith("xlsx") else b"a,b\n")
    [mapping] = mappings_for(None, columns={column: "at"})
    outcome, remark = settled(mapping, path)
    assert outcome.time == basis
    assert (remark is None) == (told is None)
    assert told is None or (told in (remark or "") and column in (remark or "") and "--time acted" in (remark or ""))
    assert (unsaid_column([mapping], path) == column) == (told == "nothing says")


def test_what_is_said_goes_before_what_is_assumed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    for said in ("acted", "observed"):
        [mapping] = mappings_for(None, columns={"waktu": "at"}, time=said)
        assert (settled(mapping, path), unsaid_column([mapping], path)) == ((mapping, None), None)
    assert {m.time for m in mappings_for(None, preset="coortweet")} == {"acted"}
    assert {m.time for m in mappings_for(None, preset="zeeschuimer_tiktok_comments")} == {"acted"}
    assert {m.time for m in mappings_for(None, preset="patroli")} == {None}
    assert settled(mappings_for(None)[0], path)[0].time == "acted"  # a column called `at` is that of the act


def test_the_same_file_as_acted_and_as_observed_are_two_sources() -> None:
    acted, observed, plain = (mappings_for(None, time=t)[0].as_json() for t in ("acted", "observed", None))
    assert acted == plain != observed


def grain(times: list[int], zone: str | None = None, written: str = "2024-10-08 01:00:00") -> int | None:
    looked = Grain(zone)
    for at_ms in times:  # a batch each
        looked.see(pa.array([at_ms, None]), pa.array([written, None]))
    return looked.precision_ms


BEGAN = 1_728_349_200_000  # 2024-10-08T01:00:00Z


@pytest.mark.parametrize(
    ("times", "zone", "expected"),
    [
        ([], None, None),
        ([BEGAN + MINUTE * n for n in range(30)], None, MINUTE),
        ([BEGAN + HOUR * n for n in range(30)], None, HOUR),
        ([BEGAN + HOUR * n for n in range(29)], None, None),  # a machine may act on the hour, and a few may by chance
        ([BEGAN, BEGAN + MINUTE, BEGAN + 3 * MINUTE + 1000], None, None),
        ([BEGAN - HOUR + DAY * d for d in range(2)], None, DAY),  # midnight in UTC
        ([BEGAN - 8 * HOUR + DAY * d for d in range(2)], None, DAY),  # in Jakarta
        ([BEGAN - 8 * HOUR] * 2, None, DAY),
        ([BEGAN - 8 * HOUR], None, None),
        ([BEGAN - 3 * HOUR + DAY * d for d in range(30)], None, HOUR),
        ([BEGAN - 3 * HOUR + DAY * d for d in range(3)], "Europe/Berlin", DAY),
    ],
)
def test_precision_is_what_all_times_of_a_file_are_whole_units_of(
    times: list[int], zone: str | None, expected: int | None
) -> None:
    assert grain(times, zone) == expected


def test_times_written_without_seconds_are_known_to_the_minute() -> None:
    assert grain([BEGAN], written="2024-10-08 08:00") == MINUTE
    assert grain([BEGAN], written="2024-10-08T08:00+07:00") == MINUTE


PATROL = "waktu_wib,platform,url,akun,jenis_interaksi\n" + "".join(
    f"2024-10-0{d} 09:{10 + d + a}:0{a},instagram,https://www.instagram.com/p/OBU0000000{d}/,asn{a},suka\n"
    for d in range(1, 7)
    for a in range(4)
)


@pytest.fixture(scope="module")
def patrol(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("patrol") / "patroli.csv"
    path.write_text(PATROL)
    return path


@pytest.mark.parametrize("window", [60, 3600, 86_400])
def test_what_an_officer_noted_in_one_sitting_is_no_cluster(tmp_path: Path, patrol: Path, window: int) -> None:
    with gw.open(tmp_path / "s.gw", create=True) as project:
        notes = project.load(patrol, preset="patroli").notes
        assert any("nothing says whether column 'waktu_wib'" in note for note in notes)
        with pytest.raises(NothingFound, match="24 have the time when somebody looked"):
            project.detect(window=window, fdr=None)


def test_detection_counts_what_it_leaves_out_and_uses_the_rest(tmp_path: Path, patrol: Path) -> None:
    acted = tmp_path / "acted.csv"
    acted.write_text(
        "account,object,kind,platform,at\n"
        + "".join(f"{a},p{o},like,x,{1_728_349_205 + 100 * o + n}\n" for o in range(3) for n, a in enumerate("abc"))
    )
    days = tmp_path / "days.csv"
    rows = "".join(f"d{n},p1,like,x,2024-10-0{n} 00:00:00\n" for n in (1, 2))
    days.write_text("account,object,kind,platform,at\n" + rows)
    with gw.open(tmp_path / "s.gw", create=True) as project:
        project.load(patrol, preset="patroli")
        project.load(acted)
        project.load(days, timezone="Asia/Jakarta")
        found = project.detect(fdr=None)
        seen = found.denominators
        assert (seen["interactions"], seen["untimed"], seen["observed"], seen["coarse"]) == (9, 0, 24, 2)
        assert (seen["pairs"], seen["clusters"]) == (3, 1)
        estimate = project.estimate(fdr=None)
        assert (estimate.interactions, estimate.observed, estimate.coarse) == (9, 24, 2)
        explained = str(sections(project.explain(f"{found.run}:1"), "en"))
        assert "24 other interactions were left out: their time is when somebody looked" in explained
        assert "2 other interactions were left out: their time is known less precisely" in explained
        wide = project.detect(window=86_400, fdr=None)
        assert (wide.denominators["interactions"], wide.denominators["coarse"]) == (11, 0)
