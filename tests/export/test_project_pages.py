from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import InputError
from graphwatch.ingest.loaded import Loaded
from graphwatch.project import Project


def load(tmp_path: Path, *rows: str) -> tuple[Project, Loaded]:
    path = tmp_path / "pages.csv"
    path.write_text("\n".join(["page,platform,registered,class,paslon", *rows]), encoding="utf-8")
    project = graphwatch.open(tmp_path / "s.gw", create=True)
    return project, project.load(path, kind="pages")


def test_classes_are_kept_apart_in_both_languages(tmp_path: Path) -> None:
    words = ["resmi", "Tim Kampanye", "RELAWAN", "partai", "media", ""]
    project, _ = load(tmp_path, *(f"{n},x,,{word},01" for n, word in enumerate(words)))
    found = project.query("MATCH (p:Page) RETURN p.class AS class ORDER BY p.id").to_arrow()
    assert found["class"].to_pylist() == ["official", "campaign_team", "volunteers", "party", "media", None]


def test_another_class_is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a class of page"):
        load(tmp_path, "1,x,yes,influencer,01")
    quarantine = next((tmp_path / "s.gw" / "quarantine").iterdir()).read_text(encoding="utf-8")
    assert "official, campaign_team, volunteers, party, media" in quarantine


def test_more_registered_accounts_than_a_pair_may_have_in_an_app_are_noted(tmp_path: Path) -> None:
    allowed = [f"{n},x,yes,official,01" for n in range(20)]
    others = ["a,x,no,volunteers,01", "b,tiktok,yes,official,01", "c,x,yes,official,02"]
    assert load(tmp_path, *allowed, *others)[1].notes == []
    (tmp_path / "more").mkdir()
    notes = load(tmp_path / "more", *allowed, *others, "d,x,yes,official,01")[1].notes
    assert len(notes) == 1
    assert notes[0].startswith("paslon 01 has 21 registered accounts on x, more than the 20")
