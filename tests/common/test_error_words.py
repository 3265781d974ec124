import re
from collections.abc import Sequence

from error_texts import error_texts, package_texts
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.error_words import place, said, templates
from graphwatch.common.locks import Holder

HOLE = re.compile(r"\{(\d+)\}")
# Of one word, and nothing that the templates have: a value that holds parts of a text may be taken for them.
VALUES = st.text(st.sampled_from("xyzÅß漢0189_/@=<"), min_size=1, max_size=8)


def filled(template: str, values: Sequence[str]) -> str:
    return HOLE.sub(lambda hole: values[int(hole[1])], template)


def test_every_error_is_told_in_indonesian() -> None:
    assert {text: at for text, at in error_texts().items() if text not in templates()} == {}


def test_nothing_is_told_that_is_not_said() -> None:
    # Besides what is raised at its place, errors are made of texts that stand in tables and are put together.
    parts = [text for text in package_texts() if len(re.findall("[A-Za-z]{2,}", text)) > 1]
    made = re.compile(
        "|".join(
            HOLE.sub("\0", re.escape(part).replace(r"\{", "{").replace(r"\}", "}")).replace("\0", ".*?")
            for part in parts
        )
    )
    unsaid = [text for text in templates() if text not in error_texts() and text not in package_texts()]
    assert [text for text in unsaid if not made.fullmatch(text.removesuffix(": {0}"))] == []


def test_both_have_the_same_holes() -> None:
    for english, indonesian in templates().items():
        holes = HOLE.findall(english)
        assert holes == [str(at) for at in range(len(holes))], english
        assert sorted(HOLE.findall(indonesian)) == holes, english
        assert indonesian.strip() == indonesian != "", english


@given(st.data())
def test_any_values_come_through(data: st.DataObject) -> None:
    english = data.draw(st.sampled_from(sorted(templates())))
    values = data.draw(st.lists(VALUES, min_size=len(HOLE.findall(english)), max_size=len(HOLE.findall(english))))
    told = said(filled(english, values), "id")
    assert told == filled(templates()[english], values)
    assert said(filled(english, values), "en") == filled(english, values)


@given(
    st.lists(st.sampled_from([*"ab .,:'`{}0\n", "the ", "there is no ", " is ", " cannot "]), max_size=400).map("".join)
)
def test_other_texts_come_back_or_keep_what_is_no_template(text: str) -> None:
    assert said(text, "en") == text
    assert isinstance(said(text, "id"), str)


def test_values_may_hold_anything() -> None:
    hostile = "a\nb {0} \x1b[31m the file is empty"
    assert said(f"column '{hostile}' is missing", "id") == f"kolom '{hostile}' tidak ada"


def test_the_template_with_most_text_tells() -> None:
    assert said("there is no parameter 'x'", "id") == "tidak ada parameter 'x'"
    assert said("there is no column 'x', which says what a row means. The columns are: a.", "id") == (
        "tidak ada kolom 'x', yang menyebut arti baris. Kolomnya: a."
    )


def test_sentences_that_stand_together_are_told_one_by_one() -> None:
    english = "Leave out hidden characters. Remove it, then run `graphwatch store verify`."
    assert said(english, "id") == (
        "Hilangkan karakter tersembunyi. Hapus berkas itu, lalu jalankan `graphwatch store verify`."
    )


def test_a_text_longer_than_errors_are_comes_back() -> None:
    text = f"the file cannot be read: {'x' * 70_000}"
    assert said(text, "id") == text


def test_places_keep_the_names_in_them() -> None:
    assert place("line 3, x.csv, line 4", "id") == "line 3, x.csv, baris 4"
    assert place("store.gw", "id") == "store.gw"


def test_who_holds_a_store_is_told() -> None:
    told = said(f"the store is held by {Holder(12, 'graphwatch load', 'writing', '2024-10-01', 3, 4000)}", "id")
    assert told == (
        "penyimpanan sedang dipegang proses 12 (graphwatch load, menulis sejak 2024-10-01, "
        "3 dari 4,000 baris sudah ada dalam graf)"
    )
    assert said("the store is held by another process", "id") == "penyimpanan sedang dipegang proses lain"
