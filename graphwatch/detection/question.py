"""The question of a run: what a config asks, as parameters over the interactions of a store."""

from typing import Final

from graphwatch.calendar.timerange import TimeRange
from graphwatch.detection.config import DetectionConfig, Question
from graphwatch.detection.parameters import Parameters
from graphwatch.errors import NothingFound
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns, LeftOut
from graphwatch.repository.calendars import resolve_range
from graphwatch.repository.resolver import resolve, resolve_many
from graphwatch.settings import SEED
from graphwatch.store.workspace import Workspace


def parameters_of(workspace: Workspace, asked: Question) -> Parameters:
    """The parameters of a run that is asked this; power has no layers, no sensitivity and the seed of any run.

    Raises:
        UsageError: a day, phase or calendar is none.
        NothingFound: the store has no such page or paslon.
    """
    whole = asked if isinstance(asked, DetectionConfig) else None
    during = resolve_range(workspace, asked.from_, asked.to, asked.phase, asked.calendar)
    return Parameters(
        window_ms=round(asked.window * 1000),
        min_objects=asked.min_objects,
        fdr=asked.fdr,
        layers=whole.layers if whole else False,
        sensitivity=(whole.sensitivity if whole else True) and asked.fdr is not None,
        seed=whole.seed if whole else SEED,
        scope=_scope(workspace, asked, during),
    )


def _scope(workspace: Workspace, asked: Question, during: TimeRange) -> Scope:
    """The scope; neither the spelling of pages and paslon nor the order in which they are named makes another one."""
    pages = resolve_many(workspace, asked.pages, ("Page",)) if asked.pages else ()
    return Scope(
        kinds=tuple(asked.kinds),
        object=asked.object,
        pages=tuple(sorted(page.id for page in pages)),
        paslon=None if asked.paslon is None else resolve(workspace, asked.paslon, ("Paslon",)).id,
        paslon_pages=asked.paslon_pages and asked.paslon is None,  # the pages of one paslon are pages of some
        begin_ms=during.begin_ms,
        end_ms=during.end_ms,
    )


def check_something_to_see(workspace: Workspace, scope: Scope, columns: InteractionColumns) -> None:
    """There is an interaction to look at.

    Raises:
        NothingFound: there is none; the message names the scope.
    """
    if len(columns.account):
        return
    where, said = workspace.place, in_words(scope)
    if scope.object != "post" and not len(columns.objects):
        raise NothingFound(
            f"no post in scope has a {scope.object} ({said})",
            where=where,
            remedy="Load the posts with their page, links and hashtags: `graphwatch load FILE --as posts`.",
        )
    others = left_out_in_words(columns.left_out)
    without = f"; {others}" if others else ""
    raise NothingFound(
        f"there are no timed interactions in scope ({said}){without}",
        where=where,
        remedy="Ask for more with --kind, --page, --paslon, --from or --to, or load interactions."
        + (_OF_LOOKS if columns.left_out.observed else ""),
    )


_OF_LOOKS: Final = " Where times are those of the acts and not of a look, load the file with --time acted."


def left_out_in_words(left_out: LeftOut) -> str:
    """Interactions that are left out for their times, for people; empty where there are none.

    >>> left_out_in_words(LeftOut(untimed=1, observed=1200))
    '1 have no time, 1,200 have the time when somebody looked'
    """
    parts = (
        (left_out.untimed, "have no time"),
        (left_out.observed, "have the time when somebody looked"),
        (left_out.coarse, "have a time that is known less precisely than the window"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in parts if number)


def in_words(scope: Scope) -> str:
    """What a scope holds, for people.

    >>> in_words(Scope(("LIKED",), "link", ("x:1",)))
    'LIKED; links of posts; pages x:1; at any time'
    """
    parts = [", ".join(scope.kinds), "posts" if scope.object == "post" else f"{scope.object}s of posts"]
    if scope.pages:
        parts.append(f"pages {', '.join(scope.pages)}")
    if scope.paslon is not None:
        parts.append(f"pages of paslon {scope.paslon}")
    if scope.paslon_pages:
        parts.append("pages of any paslon")
    return "; ".join([*parts, str(TimeRange(scope.begin_ms, scope.end_ms))])
