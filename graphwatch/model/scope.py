"""The scope of a question: which interactions it is about, and what counts as their object."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from graphwatch.model import POST_INTERACTIONS

Object = Literal["post", "page", "link", "hashtag", "image"]
# The layer of all kinds of interaction together; the others are single kinds.
ALL: Final = "all"
# What may differ between two runs of which one continues the other.
_PASSING: Final = ("begin_ms", "end_ms", "layers", "sensitivity", "seed")
OBJECTS: Final[tuple[Object, ...]] = get_args(Object)
# What a run looks at beside acts within the window of each other, as layers of their own: the same or nearly the same
# texts, published links, and likes without a time.
FAMILIES: Final = ("text", "link", "untimed")
# What a run without a window of its own looks at beside the usual one, as layers of their own; milliseconds. Posts on
# which accounts acted on one day are counted by calendar days.
WINDOWS: Final = {"10s": 10_000, "15min": 900_000, "day": 86_400_000}


@dataclass(frozen=True, slots=True)
class Scope:
    """Interactions with posts, those only for which all of this holds.

    Attributes:
        kinds: they are of one of these kinds.
        object: what accounts are said to act on: the post, the page that published it, or each of the links,
            hashtags or images in it. An interaction counts once for each of its objects, and not at all where it has
            none.
        pages: one of these pages published the post; any may where there are none.
        paslon: a page that supports this paslon published the post.
        paslon_pages: a page that supports some paslon published the post.
        begin_ms, end_ms: they happened from `begin_ms` to before `end_ms`, UTC epoch milliseconds.

    >>> Scope(paslon="1").of_pages, Scope().of_pages
    (True, False)
    """

    kinds: tuple[str, ...] = POST_INTERACTIONS
    object: Object = "post"
    pages: tuple[str, ...] = ()
    paslon: str | None = None
    paslon_pages: bool = False
    begin_ms: int | None = None
    end_ms: int | None = None

    @property
    def of_pages(self) -> bool:
        """Whether only the posts of certain pages count."""
        return bool(self.pages or self.paslon is not None or self.paslon_pages)

    @property
    def repeats(self) -> bool:
        """Whether an account commonly acts on one object many times."""
        return self.object != "post"


def lasting(parameters: str) -> dict[str, Any]:
    """What is left of a run's parameters, JSON as in the graph, without time range, layers, sensitivity and seed.

    >>> lasting('{"window_ms": 60000, "begin_ms": 5}') == lasting('{"window_ms": 60000, "begin_ms": null}')
    True
    """
    asked: dict[str, Any] = json.loads(parameters)
    return {name: value for name, value in asked.items() if name not in _PASSING}
