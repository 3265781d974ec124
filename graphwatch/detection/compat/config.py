"""What the tables of the two other tools can be asked; each field stands here once."""

from dataclasses import dataclass
from typing import Literal

from graphwatch.common.config import Config, option
from graphwatch.settings import WINDOW_SECONDS


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
