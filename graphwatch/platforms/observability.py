"""What platforms let anyone see, and their terms: the data of `platforms.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

_UNKNOWN: Final = MappingProxyType(
    {"id": "tidak diketahui apa yang dapat terlihat", "en": "nobody has written down what can be seen"}
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Whether one kind of interaction can be attributed to accounts of a platform at all.

    Attributes:
        seen: yes, partly or no; unknown where nothing is written down.
        why: the reason, by language.
        citation: where that is written.
    """

    platform: str
    kind: str
    seen: str
    why: Mapping[str, str]
    citation: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a platform's contract forbids, and where it says so."""

    text: str
    citation: str


def sights() -> list[Sight]:
    """Every platform and kind that something is known of.

    >>> next(s.seen for s in sights() if (s.platform, s.kind) == ("x", "LIKED"))
    'no'
    """
    return [
        Sight(platform, kind, about["seen"], {"id": about["id"], "en": about["en"]}, about["citation"])
        for platform, kinds in _content().items()
        if platform != "terms"
        for kind, about in kinds.items()
    ]


def can_show(platform: str | None, kind: str | None) -> Sight:
    """What data of that platform can show of that kind of interaction; `unknown` where nothing is recorded.

    >>> can_show("x", "LIKED").seen, can_show("friendster", "LIKED").seen
    ('no', 'unknown')
    """
    found = next((s for s in sights() if (s.platform, s.kind) == (platform, kind)), None)
    return found or Sight(platform or "", kind or "", "unknown", _UNKNOWN, "")


def terms(platform: str) -> Terms:
    """The terms of a platform; KeyError where none are known."""
    return Terms(**_content()["terms"][platform])


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(files("graphwatch.platforms").joinpath("platforms.toml").read_text(encoding="utf-8"))
