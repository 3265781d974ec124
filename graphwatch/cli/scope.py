"""Options that say which interactions a question is about."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from graphwatch.cli.options import Period, time_range_options
from graphwatch.model.scope import OBJECTS


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a scope and of a time range, which the command gets as one `scope`.

    It holds the arguments of those names of `graphwatch.detection.detecting.detect`.
    """

    @click.option(
        "--kind",
        "kinds",
        multiple=True,
        metavar="KIND",
        help="LIKED, COMMENTED, SHARED or MENTIONED; repeat for several. [default: all]",
    )
    @click.option(
        "--object",
        type=click.Choice(OBJECTS),
        default=OBJECTS[0],
        show_default=True,
        help="What accounts act on: the post, its page, or the links or hashtags in it.",
    )
    @click.option("--page", "pages", multiple=True, metavar="ID", help="Only posts of this page; repeat for several.")
    @click.option("--paslon", metavar="ID", help="Only posts of pages that support this paslon.")
    @click.option("--paslon-pages", is_flag=True, help="Only posts of pages that support some paslon.")
    @time_range_options
    @wraps(command)
    def with_scope(
        *words: Any,
        kinds: tuple[str, ...],
        object: str,
        pages: tuple[str, ...],
        paslon: str | None,
        paslon_pages: bool,
        period: Period,
        **others: Any,
    ) -> Any:
        from graphwatch.model import POST_INTERACTIONS

        scope = {
            "kinds": kinds or POST_INTERACTIONS,
            "object": object,
            "pages": pages,
            "paslon": paslon,
            "paslon_pages": paslon_pages,
            "from_": period.from_,
            "to": period.to,
            "phase": period.phase,
            "calendar": period.calendar,
        }
        return command(*words, scope=scope, **others)

    return with_scope
