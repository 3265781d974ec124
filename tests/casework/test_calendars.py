"""Loading calendars, and the provisions that a reviewer would have to weigh by them."""

from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import UsageError
from graphwatch.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return graphwatch.open(tmp_path / "s.gw", create=True)


def test_a_calendar_loaded_twice_changes_nothing(project: Project) -> None:
    first, second = project.load_calendar(), project.load_calendar("pilkada-2024")
    assert [w.new for w in first.written] == [8, 19]
    assert [(w.new, w.changed) for w in second.written] == [(0, 0), (0, 0)]
    assert project.query("phases").to_pandas()["note"].notna().sum() == 4
    assert project.calendar().phases[0].first_day == project.calendar("pilkada-2024").phases[0].first_day


def test_a_phase_that_the_file_no_longer_has_is_told(project: Project, tmp_path: Path) -> None:
    project.load_calendar()
    text = 'id = "pilkada-2024"\n[[phases]]\nname = "kampanye"\nfirst_day = 2024-09-25\nlast_day = 2024-11-22\n'
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    loaded = project.load_calendar(path)
    assert [w.changed for w in loaded.written] == [1, 0]
    assert len(loaded.left) == 7


def test_of_two_calendars_one_must_be_named(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = 'id = "own"\n[[phases]]\nname = "penetapan"\nfirst_day = 2024-10-02\nlast_day = 2024-10-02\n'
    path.write_text(text, encoding="utf-8")
    project.load_calendar()
    project.load_calendar(path)
    with pytest.raises(UsageError, match=r"own, pilkada-2024|pilkada-2024, own"):
        project.provisions("LIKED", "2024-10-01")
    assert project.provisions("liked", "2024-10-01", calendar="own").to_pandas()["provision"].tolist() == [
        "KE-4",
        "DS-6",
    ]
    weighed = project.provisions("liked", "2024-10-01", calendar="pilkada-2024").to_pandas()
    assert weighed["provision"].tolist() == ["DS-6", "KE-4"]


def test_provisions_need_no_store(project: Project) -> None:
    assert not project.store.exists
    assert set(project.provisions("LIKED", "2024-09-22").to_pandas()["standing"]) == {"needs study"}
