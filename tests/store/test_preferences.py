"""The language that is kept for a project, and what wins over it."""

from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import StoreDamaged, UsageError


def test_what_is_asked_for_wins_then_the_project_then_the_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        assert (project.language(), project.language(otherwise="en")) == ("id", "en")
        monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
        assert project.language(otherwise="id") == "en"
        project.set_language("id")
        assert (project.language(), project.language("en")) == ("id", "en")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        assert project.language() == "id"
        project.set_language(None)
        assert project.language() == "en"


def test_a_language_can_be_kept_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "likes.csv").write_text("account,object,kind,platform\nani,p1,like,x\n", encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.set_language("en")
        assert project.load(tmp_path / "likes.csv").taken == 1
        assert project.language() == "en"


def test_a_language_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as project, pytest.raises(UsageError, match="id, en"):
        project.set_language("fr")  # type: ignore[arg-type]


@pytest.mark.parametrize("content", ["", "{", '{"lang": "fr"}', "[]"])
def test_damaged_settings_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "s.gw").mkdir()
    (tmp_path / "s.gw" / "settings.json").write_text(content, encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        with pytest.raises(StoreDamaged, match=r"settings\.json"):
            project.language()
        assert project.language("id") == "id"
