"""What a detection, its estimate and its power can be asked; each field stands here once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from graphwatch.calendar.config import calendar_name, first_day, last_day, phase_name
from graphwatch.calendar.timerange import Moment
from graphwatch.common.config import Config, option
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import FAMILIES, OBJECTS, Object
from graphwatch.settings import (
    FDR,
    MIN_OBJECTS,
    POWER_JOINS,
    POWER_POSTS,
    POWER_POSTS_OF,
    POWER_REPEATS,
    POWER_SIZES,
    SEED,
    WINDOW_SECONDS,
)

_DAY_SECONDS: Final = 86_400
_SEED_LIMIT: Final = 1 << 32
_MOST_OBJECTS: Final = 1_000_000_000
_MOST_PLANTED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Config):
    """Which pairs of accounts count as acting together, among which interactions."""

    window: float | None = option(
        None,
        f"Seconds within which two actions are together. [default: {WINDOW_SECONDS:g}; when detecting, also 10 s, 15 "
        "minutes and a day, all tested together]",
        least=0,
        most=_DAY_SECONDS,
        refused=f"a window of {{value}} s is not between 0 and {_DAY_SECONDS:,}",
        remedy="Give --window in seconds, for example 60.",
    )
    min_objects: int = option(
        MIN_OBJECTS,
        "Objects on which a pair must act together.",
        least=1,
        most=_MOST_OBJECTS,
        refused="min_objects is {value}",
        remedy=f"Give --min-objects from 1 to {_MOST_OBJECTS:,}.",
    )
    kinds: Sequence[str] = option(
        POST_INTERACTIONS,
        "LIKED, COMMENTED, SHARED or MENTIONED; repeat for several. [default: all]",
        choices=POST_INTERACTIONS,
        many=True,
        flag="--kind",
        metavar="KIND",
        refused="no such kind of interaction with a post: {value}",
    )
    object: Object = option(
        OBJECTS[0],
        "What accounts act on: the post, its page, or the links, hashtags or images in it.",
        choices=OBJECTS,
        refused="no such object: {value}",
    )
    pages: Sequence[str] = option(
        (), "Only posts of this page; repeat for several.", many=True, flag="--page", metavar="ID"
    )
    paslon: str | None = option(None, "Only posts of pages that support this paslon.", metavar="ID")
    paslon_pages: bool = option(False, "Only posts of pages that support some paslon.")
    from_: Moment | None = first_day()
    to: Moment | None = last_day()
    phase: str | None = phase_name()
    calendar: str | None = calendar_name()
    fdr: float | None = option(
        FDR,
        "False discovery rate at which pairs are called coordinated.",
        above=0,
        below=1,
        metavar="RATE",
        refused="a false discovery rate of {value} is not between 0 and 1",
        remedy=f"Give --fdr {FDR}.",
    )
    families: Sequence[str] = option(
        FAMILIES,
        "What to look at beside acts within the window: text, link or untimed; repeat for several. [default: all]",
        choices=FAMILIES,
        many=True,
        flag="--family",
        metavar="FAMILY",
        refused="no such family: {value}",
    )

    @property
    def seconds(self) -> float:
        """The window, or the usual one where it was left out."""
        return WINDOW_SECONDS if self.window is None else self.window


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionConfig(Question):
    """What `Project.detect` can be asked; without a false discovery rate (None) pairs are only counted.

    >>> DetectionConfig(window=10, kinds="liked").kinds
    ('LIKED',)
    """

    layers: bool = option(False, "Look at each kind of interaction alone, too.")
    sensitivity: bool = option(True, "Do not say what half and twice the window would find.", flag="--no-sensitivity")
    seed: int = option(
        SEED,
        "Seed of every random choice.",
        least=0,
        below=_SEED_LIMIT,
        refused=f"a seed of {{value}} is not between 0 and {_SEED_LIMIT - 1}",
        remedy="Leave --seed out.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Means(Config):
    """With what `Project.detect` works: which acts, where, in how much memory; the same acts have the same answer.

    >>> Means(memory=4).bytes
    4000000000
    """

    memory: float | None = option(
        None,
        "GB of memory for acts; what does not fit lies in files meanwhile. [default: all]",
        above=0,
        metavar="GB",
        refused="{value} GB of memory is nothing",
        remedy="Give --memory 4.",
    )
    acts: str | None = option(
        None, "Acts in these Parquet files, rather than those of the store; see docs/scale.md.", metavar="FILES"
    )
    engine: Literal["local", "spark"] = option(
        "local",
        "Where pairs are counted: here, or on an Apache Spark.",
        choices=("local", "spark"),
        refused="there is no engine {value!r}",
    )
    master: str | None = option(
        None, "With --engine spark: its master, as spark://HOST:7077, yarn or k8s://…", metavar="URL"
    )

    @property
    def bytes(self) -> int | None:
        """The memory in bytes."""
        return None if self.memory is None else round(self.memory * 1e9)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _planted(what: str, default: tuple[int, ...] | None, help: str, least: int) -> Any:
    return option(
        default,
        help,
        least=least,
        most=_MOST_PLANTED,
        many=True,
        refused=f"a {what} of a planted group is from {least} to {_MOST_PLANTED:,}, not {{value}}",
        remedy="Give --sizes 3,5,10 and --posts 4,8,12.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerConfig(Question):
    """What `Project.power` can be asked: the question whose power it is, and the groups that are planted."""

    sizes: Sequence[int] = _planted("size", POWER_SIZES, "Accounts in a planted group.", 3)
    posts: Sequence[int] | None = _planted(
        "number of posts",
        None,
        "Posts that a group acts on, or texts or links that it has. [default: "
        f"{_listed(POWER_POSTS)}; on one day {_listed(POWER_POSTS_OF['day'])}, of likes without a time "
        f"{_listed(POWER_POSTS_OF['untimed'])}]",
        1,
    )
    spread: float | None = option(
        None,
        "Deviation of members' times on a post, in seconds. [default: half of the window]",
        least=0,
        most=_DAY_SECONDS,
        refused=f"a spread of {{value}} s is not between 0 and {_DAY_SECONDS:,}",
        remedy="Give --spread 30.",
    )
    joins: float = option(
        POWER_JOINS,
        "Chance that a member acts on a post of its group.",
        above=0,
        most=1,
        refused="a chance to join of {value} is not above 0 and at most 1",
        remedy="Give --joins 0.7.",
    )
    age: float | None = option(
        None,
        "Groups act within so many seconds of a post's publication. [default: in the first five minutes, then until "
        "an hour after it, and later, each for itself]",
        above=0,
        most=_DAY_SECONDS,
        metavar="SECONDS",
        refused=f"an age of {{value}} s is not above 0 and at most {_DAY_SECONDS:,}",
        remedy="Give --age 300.",
    )
    repeats: int = option(
        POWER_REPEATS,
        "Groups of each size and number of posts; six where none of these is found.",
        least=1,
        most=_MOST_PLANTED,
        refused=f"{{value}} repeats are not between 1 and {_MOST_PLANTED:,}",
        remedy="Give --repeats 20.",
    )
    seed: int = option(
        SEED, "Seed of every draw.", least=0, refused="a seed of {value} is below 0", remedy="Give --seed 1."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompatConfig(Config):
    """What `Project.compat` can be asked besides the tool; the tools' own bounds hold."""

    window: float = option(WINDOW_SECONDS, "Seconds between two rows that match, inclusive.")
    table: Literal["edges", "pairs"] = option(
        "edges",
        "With --compat: which table.",
        choices=("edges", "pairs"),
        refused="there is no table {value!r}",
        remedy="Choose edges or pairs of coortweet, or edges of toolkit.",
    )
    min_participation: int = option(2, "With --compat coortweet: rows that an account must have.")
    edge_weight: float = option(0.5, "With --compat coortweet: quantile of weight_threshold.")
    min_weight: int = option(1, "With --compat toolkit: least weight of an edge.")
