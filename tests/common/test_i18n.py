import re

import pytest

from graphwatch.common.i18n import LANGUAGES, catalogue, text
from graphwatch.errors import UsageError
from graphwatch.model import elements

KEYS = sorted(catalogue("id"))


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", words))


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_there_in_both_languages_with_the_same_placeholders(key: str) -> None:
    indonesian, english = (catalogue(language)[key] for language in LANGUAGES)
    assert indonesian.strip() == indonesian != ""
    assert english.strip() == english != ""
    # Each of two forms must stand alone, so that neither lacks a value.
    forms = [*indonesian.split("|"), *english.split("|")]
    assert len({frozenset(placeholders(form)) for form in forms}) == 1


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("id")) == set(catalogue("en"))


def test_everything_in_the_model_has_a_name() -> None:
    properties = {f"property.{p.name}" for element in elements() for p in element.properties}
    kinds = {f"{type(element).__name__.lower()}.{element.name}" for element in elements()}
    assert properties | kinds <= set(KEYS)


def test_a_finding_is_called_a_lead() -> None:
    assert text("lead", "id") == "dugaan – bukan putusan"


def test_one_and_many() -> None:
    assert text("count.accounts", "en", n=1) == "1 account"
    assert text("count.accounts", "en", n=2) == "2 accounts"
    assert text("count.accounts", "id", n=2) == "2 akun"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("cluster.name", "id")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="id, en"):
        catalogue("fr")
