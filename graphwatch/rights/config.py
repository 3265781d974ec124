"""The two fields of a config that lift pseudonyms."""

from typing import Any, Literal

from graphwatch.common.config import option

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
