"""`graphwatch report`: what it writes and says, and every printed page with its stamp."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome
from report import case_store

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
Run = Callable[..., Outcome]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    case_store.made(folder).close()
    return folder / "s.gw"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cluster", "1"), "under pseudonyms"),
        (("account", case_store.ACCOUNTS[0]), "under pseudonyms"),
        (("agency", case_store.AGENCY), "names nobody"),
        (("summary",), "names nobody"),
    ],
)
def test_each_report_is_written_in_the_format_of_its_name(
    run: Run, store: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    for end, first in (("html", b"<!doctype html>"), ("md", b"# "), ("xlsx", b"PK")):
        outcome = run("report", *words, "--out", tmp_path / f"out.{end}", "--store", store)
        assert (outcome.status, outcome.out) == (0, "")
        assert said in outcome.err
        assert (tmp_path / f"out.{end}").read_bytes().startswith(first)


def test_opening_without_a_reason_is_wrong_use(run: Run, store: Path, tmp_path: Path) -> None:
    outcome = run("report", "cluster", 1, "--unmask", "--out", tmp_path / "out.html", "--store", store)
    assert outcome.status == 2
    assert "--reason" in outcome.err
    assert not (tmp_path / "out.html").exists()


def test_an_opened_document_says_who_stays_masked(run: Run, store: Path, tmp_path: Path) -> None:
    words = ("--unmask", "--reason", "case 12", "--out", tmp_path / "out.md", "--store", store)
    assert "2 accounts off the roster still masked" in run("report", "cluster", 1, *words).err


def test_names_need_the_vault_and_what_is_opened_is_chosen(run: Run, store: Path, tmp_path: Path) -> None:
    words = ("--reason", "case 12", "--out", tmp_path / "out.md", "--store", store)
    outcome = run("report", "cluster", 1, "--unmask", "names", *words)
    assert outcome.status == 1
    assert "vault" in outcome.err
    assert not (tmp_path / "out.md").exists()
    assert run("report", "cluster", 1, "--unmask", "nip", *words).status == 2
    assert "public handles (logged)" in run("report", "cluster", 1, "--unmask", "handles", *words).err


def test_an_opened_document_says_how_many_persons_it_names(run: Run, demo_store: Path, tmp_path: Path) -> None:
    words = ("--unmask", "names", "--reason", "case 12", "--out", tmp_path / "out.md", "--store", demo_store)
    assert "names of persons: 6 (logged), 6 accounts off" in run("report", "cluster", 1, *words).err


def test_an_unknown_cluster_fails_with_a_remedy(run: Run, store: Path, tmp_path: Path) -> None:
    outcome = run("report", "cluster", 99, "--out", tmp_path / "out.html", "--store", store)
    assert outcome.status == 1
    assert "graphwatch query clusters" in outcome.err


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not here to print a page")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here to read a printed page")
@pytest.mark.parametrize("opened", [False, True])
def test_every_printed_page_carries_run_data_lead_and_number(
    run: Run, store: Path, tmp_path: Path, opened: bool
) -> None:
    opening = ("--unmask", "--off-roster", "--reason", "case 12") if opened else ()
    page = tmp_path / "out.html"
    run("report", "cluster", 1, *opening, "--out", page, "--store", store)
    assert CHROMIUM
    subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'out.pdf'}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    told = subprocess.run(["pdftotext", "-raw", tmp_path / "out.pdf", "-"], check=True, capture_output=True)
    pages = told.stdout.decode().split("\f")[:-1]
    stamp = re.search(r"Deteksi (R-[0-9a-f]+)<br>Sidik data ([0-9a-f]+)", page.read_text(encoding="utf-8"))
    assert stamp
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert f"Deteksi {stamp[1]}" in text
        assert f"Sidik data {stamp[2]}" in text
        assert f"Halaman {number} dari {len(pages)}" in text
        assert "dugaan – bukan putusan" in text
    # A name of 500 characters breaks over lines, and all of it is there.
    if opened:
        assert case_store.LONG in "".join("".join(pages).split())


def test_a_form_that_there_is_not_is_wrong_use(run: Run, store: Path, tmp_path: Path) -> None:
    outcome = run("report", "summary", "--out", tmp_path / "out.docx", "--store", store)
    assert outcome.status == 2
    assert ".docx" in outcome.err
    assert not list(tmp_path.iterdir())
    assert run("report", "summary", "--out", tmp_path / "out.txt", "--to", "md", "--store", store).status == 0
