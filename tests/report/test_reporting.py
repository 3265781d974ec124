"""Documents from a store: what they say, what they withhold, and that it is the whole evidence."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from report import case_store as made_of

import graphwatch
from graphwatch.errors import NothingFound, UsageError
from graphwatch.project import Project
from graphwatch.report.lead_sections import PAGE_ROWS

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with made_of.made(tmp_path_factory.mktemp("report")) as project:
        yield project


def written(project: Project, folder: Path, subject: Any, id: str | None = None, **options: Any) -> str:
    options = {"to": "md", "lang": "en", **options}
    path = folder / f"out.{options['to']}"
    project.report(subject, id, path=path, **options)
    return path.read_text(encoding="utf-8")


def sheets(project: Project, folder: Path, subject: Any, id: str | None = None, **options: Any) -> dict[str, list[Any]]:
    """The rows of each sheet below its headings, by its name."""
    project.report(subject, id, path=folder / "out.xlsx", to="xlsx", lang="en", **options)
    book = openpyxl.load_workbook(io.BytesIO((folder / "out.xlsx").read_bytes()))
    return {sheet.title: list(sheet.iter_rows(min_row=3, values_only=True)) for sheet in book}


REVEALING = (*made_of.ACCOUNTS, *(a.partition(":")[2] for a in made_of.ACCOUNTS), *made_of.HANDLES)


@pytest.mark.parametrize(("subject", "id"), [("cluster", "1"), ("account", made_of.ACCOUNTS[0]), ("summary", None)])
@pytest.mark.parametrize("to", ["html", "md", "xlsx"])
def test_nothing_that_is_handed_on_names_an_account(
    project: Project, tmp_path: Path, subject: str, id: str | None, to: str
) -> None:
    if to == "xlsx":
        text = json.dumps(sheets(project, tmp_path, subject, id), ensure_ascii=False, default=str)
    else:
        text = written(project, tmp_path, subject, id, to=to)
    # The page's own name has letters of one handle; nothing else may.
    text = text.replace(made_of.RTL, "")
    assert not [word for word in REVEALING if word != made_of.RTL and word in text]
    assert "x.example" not in text
    assert "ani_hostile said so" not in text
    assert "sari_lestari" not in text
    assert ".csv" not in text


def test_a_cluster_has_all_that_a_reviewer_needs(project: Project, tmp_path: Path) -> None:
    text = written(project, tmp_path, "cluster", "1")
    run = project.explain(1).question.run
    fingerprint = project.query("MATCH (r:Run) RETURN r.fingerprint AS f").to_arrow()["f"][0].as_py()
    digest = project.query("MATCH (s:Source) WHERE s.kind = 'interactions' RETURN s.file_sha256 AS d").to_arrow()["d"][
        0
    ]
    for said in (
        "a lead – not a verdict", run, fingerprint, str(digest), "Innocent explanations", "victims", "DS-6", "KE-4",
        "Interactions before that day: 24; on it: 6; after it: 6", "needs clarification", "penelaah satu", "12/2024",
        "What the data can show", "plain words", "counted only", "made for a test",
    ):  # fmt: skip
        assert said.replace("#", "\\#") in text, said
    opened = written(project, tmp_path, "cluster", "1", unmask=True, reason="case 12")
    for exact in ("S1 row 2", "08:00:01 WIB"):
        assert exact in opened
        assert exact not in text
    assert text.index("Innocent explanations") < text.index("## Evidence")


def test_evidence_is_every_interaction_in_a_burst_with_its_row(project: Project, tmp_path: Path) -> None:
    masked = sheets(project, tmp_path, "cluster", "1")["Evidence"]
    assert len(masked) == 48
    assert {row[0] for row in masked} == set(range(1, 7))
    assert {row[6] for row in masked} == {"S1"}
    rows = sheets(project, tmp_path, "cluster", "1", unmask=True, reason="case 12")["Evidence"]
    told = project.explain(1)
    assert len(rows) == sum(len(burst.acts) for burst in told.bursts) == 48
    assert sorted(int(row[6].split()[-1]) for row in rows) == list(range(2, 50))
    assert {row[0] for row in rows} == set(range(1, 7))
    assert all(len(row[7]) == 64 for row in rows)
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)


def test_opening_needs_a_reason_and_is_logged_and_leaves_others_masked(project: Project, tmp_path: Path) -> None:
    for refused in ({"unmask": True}, {"reason": "why"}, {"unmask": True, "reason": " "}, {"off_roster": True}):
        with pytest.raises(UsageError):
            written(project, tmp_path, "cluster", "1", **refused)
    for nobody in ("summary", "agency"):
        with pytest.raises(UsageError, match="names nobody"):
            written(project, tmp_path, nobody, made_of.AGENCY, unmask=True, reason="why")
    text = written(project, tmp_path, "cluster", "1", unmask=True, reason="case 12")
    assert "ani\\_hostile" in text
    assert "sari\\_lestari" not in text
    assert "2 accounts off the roster stay masked" in text
    everyone = written(project, tmp_path, "cluster", "1", unmask=True, off_roster=True, reason="case 12")
    assert "sari\\_lestari" in everyone
    lines = [json.loads(line) for line in (project.folder / "access.log").read_text().splitlines()]
    assert [(line["action"], line["reason"], line["details"]["off_roster"]) for line in lines[-2:]] == [
        ("unmask", "case 12", False),
        ("unmask", "case 12", True),
    ]


def test_pseudonyms_are_those_of_the_export_and_find_the_account(project: Project, tmp_path: Path) -> None:
    from graphwatch.privacy.keys import project_key
    from graphwatch.privacy.pseudonyms import Pseudonyms

    name = Pseudonyms(project_key(project.folder)).account(made_of.ACCOUNTS[0])
    assert name in written(project, tmp_path, "cluster", "1")
    assert f"account {name}" in written(project, tmp_path, "account", name)


def test_an_account_has_its_single_interactions_and_leads(project: Project, tmp_path: Path) -> None:
    found = sheets(project, tmp_path, "account", made_of.HANDLES[0])
    assert len(found["Evidence"]) == 6
    assert found["Clusters"][0][0].endswith(":1")
    text = written(project, tmp_path, "account", made_of.ACCOUNTS[7])
    assert "not on the roster" in text
    assert "no provision on the neutrality" in text


def test_an_agency_of_a_few_gives_no_number_away(project: Project, tmp_path: Path) -> None:
    rows = sheets(project, tmp_path, "agency", made_of.AGENCY)["Persons who interacted with pages"[:31]]
    # All six did it, so every number would say of each what they did.
    assert {cell for row in rows for cell in row[1:]} == {"withheld"}


def test_an_agency_in_numbers_as_counted_by_hand(tmp_path: Path) -> None:
    handles = tuple(f"pegawai_{n}" for n in range(24))
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        made_of.load_staff(project, tmp_path / "files", handles, acting=12)
        rows = sheets(project, tmp_path, "agency", made_of.AGENCY)["Persons who interacted with pages"[:31]]
    assert [(row[0], row[4]) for row in rows] == [("Liked", "6"), ("Commented", "6"), ("any of these", "12")]


def test_a_summary_lists_clusters_and_what_was_decided(project: Project, tmp_path: Path) -> None:
    found = sheets(project, tmp_path, "summary")
    assert [(row[1], row[5]) for row in found["Clusters"]] == [(8, "needs clarification")]
    assert dict(found["Outcomes of review"]) == {"open": 0, "needs clarification": 1, "dismissed": 0, "forwarded": 0}


@pytest.mark.parametrize(
    ("subject", "id"),
    [("cluster", "99"), ("cluster", "R-0:1"), ("account", "nobody"), ("agency", "nowhere"), ("summary", "R-0")],
)
def test_what_is_not_there_is_said_and_nothing_is_written(
    project: Project, tmp_path: Path, subject: Any, id: str
) -> None:
    with pytest.raises(NothingFound):
        project.report(subject, id, path=tmp_path / "out.html")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        project.report("cluster", "1", path=tmp_path / "none" / "out.html")


def test_a_cluster_that_later_runs_continue_or_no_longer_have(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        first = made_of.fill(project, tmp_path / "files")
        project.decide(f"{first}:1", "dismissed", reviewer="penelaah dua", reason="office hours")
        made_of.add_interactions(project, tmp_path / "more.csv", days=1)
        second = project.detect(fdr=None).run
        assert second != first
        text = written(project, tmp_path, "cluster", f"{first}:1")
        assert f"a later detection found it as {second}:1" in text
        assert "have changed since this detection" in text
        later = written(project, tmp_path, "cluster", f"{second}:1")
        assert "superseded" not in later
        assert "penelaah dua" in later
        # Nobody acted twice in January, so a run over it has no cluster.
        third = project.detect(fdr=None, from_="2025-01-01").run
        gone = written(project, tmp_path, "cluster", f"{first}:1")
        assert f"a later detection ({third}) no longer has it" in gone.replace("\\", "")


def test_ten_thousand_rows_are_whole_in_the_workbook_and_cut_on_the_page(tmp_path: Path) -> None:
    handles = tuple(f"akun_{n}" for n in range(100))
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        made_of.load_many(project, tmp_path / "many.csv", handles, posts=100)
        project.detect(fdr=None)
        page = project.report("cluster", "1", path=tmp_path / "out.html", lang="en")
        assert (page.evidence, page.shown) == (10_000, PAGE_ROWS)
        text = (tmp_path / "out.html").read_text(encoding="utf-8")
        assert "Shown are 300 of 10,000 interactions" in text
        assert len(text) < 1_000_000
        rows = sheets(project, tmp_path, "cluster", "1", unmask=True, off_roster=True, reason="case 12")["Evidence"]
        assert len(rows) == 10_000
        assert sorted(int(row[6].split()[-1]) for row in rows) == list(range(2, 10_002))


def test_no_detection_yet(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        made_of.load_many(project, tmp_path / "few.csv", ("a", "b"), posts=2)
        with pytest.raises(NothingFound, match="no detection"):
            project.report("summary", path=tmp_path / "out.html")
        assert project.report("account", "a", path=tmp_path / "out.html").run is None
        assert "No detection" in written(project, tmp_path, "account", "a")
