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
        for key, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert key not in entries, f"{file.name} has {key!r} a second time"
            entries[key] = entry[language]
    return MappingProxyType(entries)
