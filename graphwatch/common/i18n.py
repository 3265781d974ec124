"""Reading the catalogue of texts: the files of `words/`, one a room.

An entry is a key with its text in each language: `id` is formal, plain Indonesian, `en` English. Braces hold values;
`one|many` gives two forms.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from graphwatch.errors import UsageError

LANGUAGES: Final = ("id", "en")
# Texts without keys; `error_words` reads them.
ERRORS_FILE: Final = "errors.toml"
# In the order in which POSIX has them win.
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def text(key: str, language: str, **values: str | int | float) -> str:
    """The text of a key, with the values put in its braces.

    A text may give two forms as `one|many`; the first is taken where the value `n` is 1.

    Raises:
        KeyError: where the catalogue has no such key, or the text needs a value that was not given.
        UsageError: where the language is unknown.

    >>> text("lead", "id"), text("count.posts", "en", n=1)
    ('dugaan – bukan putusan', '1 post')
    """
    one, _, many = catalogue(language)[key].partition("|")
    return (many if many and values.get("n") != 1 else one).format_map(values)


def counted(number: int, language: str) -> str:
    """A whole number with the separators of a language.

    >>> counted(12000, "id"), counted(12000, "en")
    ('12.000', '12,000')
    """
    written = f"{number:,}"
    return written.replace(",", ".") if language == "id" else written


def meaning(of: str, language: str) -> str:
    """What a property of a load means, in a language; in English where nobody has said it otherwise.

    >>> meaning("what it acted on: native id or address", "id")
    'yang ditanggapi: id asli atau alamat'
    """
    return _meanings(language).get(of, of)


@cache
def _meanings(language: str) -> dict[str, str]:
    english = catalogue("en")
    return {english[key]: said for key, said in catalogue(language).items() if key.startswith("field.")}


def language_of_locale(environment: Mapping[str, str]) -> str | None:
    """The language that a locale asks for: Indonesian for its own, English for any other one.

    Returns:
        None where there is none: it is not set, or is the C locale of scripts and of most containers.

    >>> language_of_locale({"LANG": "id_ID.UTF-8"}), language_of_locale({"LANG": "en_US.UTF-8", "LC_ALL": "C.UTF-8"})
    ('id', None)
    """
    named = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "C")
    spoken = named.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    if spoken in ("c", "posix"):
        return None
    return "id" if spoken in ("id", "in") else "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of a language, by key.

    Raises:
        UsageError: where the language is unknown.
    """
    if language not in LANGUAGES:
        raise UsageError(f"unknown language {language!r}", remedy=f"Take one of: {', '.join(LANGUAGES)}.")
    entries: dict[str, str] = {}
    for file in sorted(files("graphwatch.common").joinpath("words").iterdir(), key=lambda file: file.name):
        if file.name == ERRORS_FILE:
            continue
        for key, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert key not in entries, f"{file.name} has {key!r} a second time"
            entries[key] = entry[language]
    return MappingProxyType(entries)
