"""Reading the catalogue of texts, `texts.toml`."""

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
        raise UsageError(f"there are no texts in {language!r}", remedy=f"Take one of: {', '.join(LANGUAGES)}.")
    source = files("graphwatch.texts").joinpath("texts.toml").read_text(encoding="utf-8")
    return MappingProxyType({key: entry[language] for key, entry in tomllib.loads(source).items()})
