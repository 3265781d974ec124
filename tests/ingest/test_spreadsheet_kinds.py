"""The kinds of spreadsheets that other programs write: .xls (xlwt), .ods (odfpy) and .xlsb (pyxlsbwriter).

In `sheets` each holds the same three rows: an id that is a number, a time, a day, a time of day, and in .xls
and .ods one address that is merged over two rows. The last time is a midnight.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphwatch.common.clock import DAY_MS

SHEETS = Path(__file__).parent / "sheets"
AT = [1_728_367_510_000, 1_728_367_520_000]  # 8 October 2024, 06:05:10 and 06:05:20 UTC
MIDNIGHT = 1_728_406_800_000
COLUMNS = {"Tautan": "object", "ID Akun": "account", "Akun": "account_handle"}
CONSTANTS = {"kind": "like", "platform": "instagram"}
KINDS = ("xls", "ods", "xlsb")


def likes(outcome: Any) -> dict[str, tuple[str, int, int | None]]:
    """Post, time and precision by the account."""
    return {row["from"]: (row["to"], row["at_ms"], row["precision_ms"]) for row in outcome.tables["LIKED"]}


@pytest.mark.parametrize("kind", KINDS)
def test_ids_that_are_numbers_and_a_day_and_an_hour_in_two_cells(stage_file: Callable[..., Any], kind: str) -> None:
    columns = COLUMNS | {"Tanggal": "at", "Jam": "at"}
    outcome = stage_file(SHEETS / f"patroli.{kind}", columns=columns, constants=CONSTANTS, timezone="Asia/Jakarta")
    found = likes(outcome)
    first, second = "instagram:DAxGhNuRkAA", "instagram:DAxGhNuRkBA"
    assert found["instagram:17841400123456"] == (first, AT[0], None)
    assert found["instagram:77002"] == (second, MIDNIGHT, None)
    if kind == "ods":
        # What is merged over rows of an .ods cannot be told from an empty cell: the row is refused, never guessed.
        assert [(row["line"], row["column"]) for row in outcome.quarantine] == [("3", "Tautan")]
    else:
        assert found["instagram:77001"] == (first, AT[1], None)


@pytest.mark.parametrize("kind", KINDS)
def test_times_in_one_cell(stage_file: Callable[..., Any], kind: str) -> None:
    columns = COLUMNS | {"Waktu": "at"}
    path = SHEETS / f"patroli.{kind}"
    outcome = stage_file(path, columns=columns, constants=CONSTANTS, timezone="Asia/Jakarta", time_format="%d/%m/%Y")
    found = likes(outcome)
    assert found["instagram:17841400123456"][1:] == (AT[0], None)
    # Only the cells of .ods say of a midnight that it is a time; elsewhere it is a day, known as such.
    assert found["instagram:77002"][1:] == (MIDNIGHT, None if kind == "ods" else DAY_MS)
