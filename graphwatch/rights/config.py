"""The fields of a config that lift pseudonyms, and that say how coarse times are under them."""

from typing import Any, Literal

from graphwatch.common.config import option
from graphwatch.settings import FEWEST_ALIKE

# True is `handles`.
Unmask = bool | Literal["handles", "names"]


def unmask_option(handles: str) -> Any:
    """What is opened; `handles` says what that opens by itself."""
    return option(
        False,
        f"{handles}; `names`: names of persons too, from the vault. Needs --reason, is logged.",
        choices=("handles", "names"),
        bare="handles",
        refused="{value!r} cannot be opened",
        remedy="Give handles or names.",
    )


def reason_option() -> Any:
    """Why it is opened."""
    return option(None, "Why handles are opened; it is logged and may not name a person.", metavar="TEXT")


def alike_option() -> Any:
    """How many accounts have to have done as much in a phase before it is told."""
    return option(
        FEWEST_ALIKE,
        "Under pseudonyms, acts in a short phase are told of it where so many accounts did as much in it, and of the "
        "longest phase otherwise; with 1 all are told of theirs, by which some accounts are found in public records.",
        least=1,
        refused="{value} accounts are nobody",
        remedy="Give 1 or more, or leave it out.",
        metavar="N",
    )


def minutes_option() -> Any:
    """How coarse times are under pseudonyms."""
    return option(
        None,
        "Under pseudonyms, times in steps of so many minutes instead of by election phase; whoever holds the same "
        "public records finds acts again by them, even in steps of a day (1440).",
        least=1,
        refused="times cannot stand in steps of {value} minutes",
        remedy="Give 1 or more, or leave it out.",
        metavar="MINUTES",
    )
