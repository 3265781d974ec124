import json
import math
import unicodedata
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from export.networks import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.sanitize import begins_formula, plain, plain_value, spreadsheet_cell, spreadsheet_text

ANY = st.text(st.characters())


@given(ANY)
def test_nothing_invisible_is_left(text: str) -> None:
    shown = plain(text)
    assert not [c for c in shown if unicodedata.category(c)[0] == "C" and c != "\u200d"]
    assert not set(shown) & set("\u2028\u2029\u3164\n\r\t")
    ET.fromstring(f"<a>{shown.replace('&', '').replace('<', '')}</a>")
    shown.encode("utf-8")


@given(ANY, st.integers(1, 40))
def test_nothing_is_longer_than_allowed(text: str, length: int) -> None:
    assert len(plain(text, length)) <= length


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("a\x07b", "a⟨U+0007⟩b"),
        ("a\ud800b", "a⟨U+D800⟩b"),
        ("  dua\n baris ", "dua baris"),
        ("👩‍👩‍👧 ok", "👩‍👩‍👧 ok"),
        ("Tokoh é ṣ", "Tokoh é ṣ"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float64("nan"), None, object(), {"a": 1}])
def test_what_json_has_no_word_for_is_none(value: object) -> None:
    assert plain_value(value) is None


@given(st.recursive(ANY | st.floats() | st.integers() | st.booleans() | st.none(), st.lists, max_leaves=5))
def test_every_value_becomes_json(value: object) -> None:
    json.dumps(plain_value(value), allow_nan=False).encode("utf-8")


def test_numbers_of_arrays_become_plain_ones() -> None:
    assert [type(plain_value(v)) for v in (np.int64(3), np.float32(0.5), np.bool_(1))] == [int, float, bool]


def test_hostile_names_stay_recognisable() -> None:
    assert plain(HOSTILE[0]) == HOSTILE[0]
    assert len(plain("n" * 10_000, 80)) == 80


BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CELLS = st.text(st.characters() | st.sampled_from("'| %" + "".join(BEGINNINGS)), max_size=8)


@given(CELLS, st.booleans())
def test_no_cell_of_text_is_computed_and_an_apostrophe_less_gives_the_text_back(text: str, exact: bool) -> None:
    cell = spreadsheet_text(text, exact=exact)
    assert not cell.startswith(BEGINNINGS)
    assert cell == text or (cell.startswith("'") and cell[1:] == text)
    # Whoever reads it back takes an apostrophe away from what would begin a formula without all its apostrophes.
    assert begins_formula(cell, exact=exact) == begins_formula(text, exact=exact) == (cell != text)
    assert begins_formula(cell.lstrip("'"), exact=exact) == (cell != text)


@given(CELLS)
def test_what_is_handed_on_is_computed_behind_no_blank_either(text: str) -> None:
    assert not spreadsheet_text(text).lstrip().startswith((*BEGINNINGS, "|", "%"))
    assert not begins_formula(text, exact=True) or begins_formula(text)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_of_a_spreadsheet_stay_numbers(value: float) -> None:
    assert spreadsheet_cell(value) == value
    assert type(spreadsheet_cell(value)) is type(value)
