"""What an officer reads on the way from a file into a store, in Indonesian: no sentence of it is English."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command_outcome import Outcome
from ingest.test_presets import EXPECTED, SAMPLES

from graphwatch.ingest.guessing import guesses

Run = Callable[..., Outcome]
# Words that English sentences have and Indonesian ones never; names of columns, options and values are no sentences.
ENGLISH = re.compile(r"\b(the|is|are|was|there|of|and|with|which|this|that|its|not|from|who|what|as|has|have|or)\b")
POST = "https://www.instagram.com/p/DAxGhNuRkAA/"


def english(outcome: Outcome) -> list[str]:
    """The English words of what was said, without names of files and what is quoted of them."""
    of_columns = r"Terlihat dari kolom.*|Kurang mungkin.*|Bukan .*"
    said = re.sub(rf"'[^']*'|/\S+|--[a-z-]+(?: \S+)?|accounts-of-asn|{of_columns}", "", outcome.out + outcome.err)
    return ENGLISH.findall(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files with which something is wrong, and one that is taken in part."""
    folder = tmp_path_factory.mktemp("berkas")
    texts = {
        "kosong.csv": "",
        "tanpa_kolom.csv": "a,b\n1,2\n",
        "dua_kali.csv": "account,account,object\na,b,c\n",
        "pemisah.csv": "account|object\na|b\n",
        "bauran.csv": "account,object,kind,platform,at\n"
        f"ani,{POST},like,instagram,07/10/2024 19:30\nbudi,lihat,like,instagram,\ncici,{POST},kedip,instagram,\n"
        f"dodi,{POST},like,instagram,\n",
        "pesan.txt": f"Daftar akun:\n1. @ani - {POST}\n",
        "matriks.csv": f"Akun,{POST},{POST}?a\n@ani,v,\n",
        "berdampingan.csv": f"account,object,,kind,platform\nani,{POST},,like,instagram\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["Rekap"])
    book.create_sheet("Lain").append(["Catatan"])
    book.save(folder / "lembar.xlsx")
    with zipfile.ZipFile(folder / "arsip.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n")
    (folder / "folder.csv").mkdir()
    return folder


def test_what_stands_in_the_way_of_a_file(run: Run, folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.gw"
    names = sorted(path.name for path in folder.iterdir())
    for name in (*names, "tidak_ada.csv"):
        for more in (("--guess",), ("--store", store)):
            outcome = run("load", folder / name, "--lang", "id", *more)
            assert english(outcome) == [], (name, more, outcome)
    outcome = run("load", folder / "lembar.xlsx", "--sheet", "Tiada", "--lang", "id", "--store", store)
    assert "tidak ada lembar" in outcome.err
    assert english(outcome) == []


def test_what_presets_are_said_to_read(run: Run) -> None:
    told: dict[str, Path] = {}
    for sample in EXPECTED:
        path = SAMPLES / sample
        told.setdefault(guesses(path)[0].preset.name, path)
    for path in told.values():
        outcome = run("load", path, "--guess", "--lang", "id")
        assert (outcome.status, english(outcome)) == (0, []), outcome
