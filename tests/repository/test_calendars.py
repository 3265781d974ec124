"""Time ranges by the phases of a calendar."""

from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import UsageError
from graphwatch.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return graphwatch.open(tmp_path / "s.gw", create=True)


def test_a_phase_needs_a_calendar_and_says_how_to_get_one(project: Project) -> None:
    with pytest.raises(UsageError, match="calendar load pilkada-2024"):
        project.resolve_range(phase="kampanye")
    named = project.resolve_range(phase="kampanye", calendar="pilkada-2024")
    assert named == project.resolve_range(phase="pilkada-2024:kampanye")
    project.load_calendar()
    assert project.resolve_range(phase="kampanye") == named


def test_a_phase_and_days_have_in_common_what_lies_in_both(project: Project) -> None:
    project.load_calendar()
    found = project.resolve_range("2024-11-01", None, "kampanye")
    assert (found.begin_ms, found.end_ms) == (project.resolve_range("2024-11-01").begin_ms, 1_732_381_200_000)
    with pytest.raises(UsageError, match=r"nothing of phase kampanye .* lies from 2025-01-01"):
        project.resolve_range("2025-01-01", None, "kampanye")
