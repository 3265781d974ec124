"""Two tables side by side in one sheet: what stands in one row of both is never taken together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graphwatch.errors import InputError
from graphwatch.ingest.guessing import peek
from graphwatch.ingest.proposing import proposed, proposed_accounts

ROWS = (
    ("Username", "Link", "Jenis", None, "NIP", "Nama", "OPD"),
    ("@ani", "https://www.instagram.com/p/DA1xyz/", "Like", None, "199001012015031002", "Bu Sari", "Dinas A"),
    ("@budi", "https://www.instagram.com/p/DA1xyz/", "Like", None, None, None, None),
)
ACTS = {"Username": "account", "Link": "object", "Jenis": "kind"}


@pytest.fixture(params=["sheet", "text"])
def beside(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "text":
        path = tmp_path / "dua.csv"
        path.write_text("".join(";".join(cell or "" for cell in row) + "\n" for row in ROWS), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "dua.xlsx")
    return tmp_path / "dua.xlsx"


def test_columns_of_both_are_refused(stage_file: Callable[..., Any], beside: Path) -> None:
    with pytest.raises(InputError, match=r"side by side \(Username, Link, Jenis and NIP, Nama, OPD\)") as caught:
        stage_file(
            beside, kind="accounts-of-asn", columns={"Username": "handle", "NIP": "nip"}, constants={"platform": "x"}
        )
    assert "a sheet of its own" in str(caught.value.remedy)


def test_one_of_them_is_read(stage_file: Callable[..., Any], beside: Path) -> None:
    outcome = stage_file(beside, columns=ACTS, constants={"platform": "instagram"})
    assert sorted(row["from"] for row in outcome.tables["LIKED"]) == ["instagram:ani", "instagram:budi"]


def test_a_proposal_is_about_one_of_them(beside: Path) -> None:
    seen = peek(beside)
    found = proposed(seen)
    assert found is not None
    assert found.columns == {"account": "Username", "object": "Link", "kind": "Jenis"}
    assert proposed_accounts(seen) == []


def test_a_column_without_a_name_that_holds_something_is_of_one_table(stage_file: Callable[..., Any]) -> None:
    text = "Username,,Link,Jenis\n@ani,Bu Ani,https://www.instagram.com/p/DA1xyz/,Like\n"
    assert stage_file(text, columns=ACTS, constants={"platform": "instagram"}).taken == 1
