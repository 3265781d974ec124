import json
import math
import unicodedata
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from export.networks import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.sanitize import plain, plain_value

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
