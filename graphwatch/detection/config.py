"""What a detection is asked: the words of a command or a call, checked, as parameters of a run."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypedDict

from graphwatch.calendar.timerange import Moment, TimeRange
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import OBJECTS, Object, Scope
from graphwatch.model.tables import InteractionColumns
from graphwatch.repository.calendars import resolve_range
from graphwatch.repository.run_context import known_ids
from graphwatch.settings import FDR, MIN_OBJECTS, SEED, WINDOW_SECONDS
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.parameters import Parameters

# As many ids as a person compares at a glance.
_NEAREST: Final = 5
_SEED_LIMIT: Final = 1 << 32
_MOST_OBJECTS: Final = 1_000_000_000


class Question(TypedDict, total=False):
    """What `detect`, `power` and `estimate` can be asked alike, in the words of `detect`."""

    window: float
    min_objects: int
    kinds: Sequence[str]
    object: Object
    pages: Sequence[str]
    paslon: str | None
    paslon_pages: bool
    from_: Moment | None
    to: Moment | None
    phase: str | None
    calendar: str | None
    fdr: float | None


class WholeQuestion(Question, total=False):
    """All that a detection can be asked but its seed."""

    layers: bool
    sensitivity: bool


def asked_question(
    workspace: Workspace,
    *,
    window: float = WINDOW_SECONDS,
    min_objects: int = MIN_OBJECTS,
    kinds: Sequence[str] = POST_INTERACTIONS,
    object: Object = "post",
    pages: Sequence[str] = (),
    paslon: str | None = None,
    paslon_pages: bool = False,
    from_: Moment | None = None,
    to: Moment | None = None,
    phase: str | None = None,
    calendar: str | None = None,
    fdr: float | None = FDR,
    layers: bool = False,
    sensitivity: bool = True,
    seed: int = SEED,
) -> "Parameters":
    """The parameters of a run that is asked this; each argument is one of `detect`.

    Raises:
        UsageError: an argument is out of its range.
        NothingFound: the store has no such page or paslon.
    """
    from graphwatch.detection.parameters import Parameters

    return Parameters(
        window_ms=_window_ms(window),
        min_objects=_objects(min_objects),
        fdr=_rate(fdr),
        layers=layers,
        sensitivity=sensitivity and fdr is not None,
        seed=_seed(seed),
        scope=_scope(
            workspace,
            kinds=kinds,
            object=object,
            pages=pages,
            paslon=paslon,
            paslon_pages=paslon_pages,
            during=resolve_range(workspace, from_, to, phase, calendar),
        ),
    )


def _window_ms(window: float) -> int:
    """A window in seconds as milliseconds."""
    if not 0 <= window <= 86_400:
        raise UsageError(
            f"a window of {window:g} s is not between 0 and 86,400",
            remedy="Give --window in seconds, for example 60.",
        )
    return round(window * 1000)


def _rate(fdr: float | None) -> float | None:
    """A false discovery rate; None where nothing is to be tested."""
    if fdr is not None and not 0 < fdr < 1:
        raise UsageError(f"a false discovery rate of {fdr:g} is not between 0 and 1", remedy="Give --fdr 0.05.")
    return fdr


def _objects(min_objects: int) -> int:
    """The least number of objects of a pair."""
    if not 1 <= min_objects <= _MOST_OBJECTS:
        raise UsageError(f"min_objects is {min_objects}", remedy=f"Give --min-objects from 1 to {_MOST_OBJECTS:,}.")
    return min_objects


def _seed(seed: int) -> int:
    """A seed that every generator takes."""
    if not 0 <= seed < _SEED_LIMIT:
        raise UsageError(f"a seed of {seed} is not between 0 and {_SEED_LIMIT - 1}", remedy="Leave --seed out.")
    return seed


def _scope(
    workspace: Workspace,
    *,
    kinds: Sequence[str],
    object: Object,
    pages: Sequence[str],
    paslon: str | None,
    paslon_pages: bool,
    during: TimeRange,
) -> Scope:
    """The scope; the order in which kinds and pages are named makes no other one.

    Raises:
        UsageError: a word is none of those that can be said.
        NothingFound: the store has no such page or paslon.
    """
    if object not in OBJECTS:
        raise UsageError(f"no such object: {object}", remedy=f"Choose from {', '.join(OBJECTS)}.")
    chosen = (pages,) if isinstance(pages, str) else pages
    if chosen or paslon is not None:
        with workspace.store.session():
            _check_known(workspace, "Page", sorted(set(chosen)))
            _check_known(workspace, "Paslon", [] if paslon is None else [paslon])
    return Scope(
        kinds=_known_kinds((kinds,) if isinstance(kinds, str) else kinds),
        object=object,
        pages=tuple(sorted(set(chosen))),
        paslon=paslon,
        paslon_pages=paslon_pages and paslon is None,  # the pages of one paslon are pages of some
        begin_ms=during.begin_ms,
        end_ms=during.end_ms,
    )


def _known_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    asked = {k.upper() for k in kinds}
    unknown = sorted(asked - set(POST_INTERACTIONS))
    if unknown or not asked:
        raise UsageError(
            f"no such kind of interaction with a post: {', '.join(unknown) or 'none given'}",
            remedy=f"Choose from {', '.join(POST_INTERACTIONS)}.",
        )
    return tuple(k for k in POST_INTERACTIONS if k in asked)


def _check_known(workspace: Workspace, label: str, ids: list[str]) -> None:
    if not ids:
        return
    known = known_ids(workspace.store, label)
    for unknown in sorted(set(ids) - set(known)):
        near = get_close_matches(unknown, known, _NEAREST, 0.4) or known[:_NEAREST]
        what = label.lower()
        raise NothingFound(
            f"there is no {what} {unknown!r}",
            where=workspace.place,
            remedy=f"Known are {', '.join(near)}{' and others' if len(near) < len(known) else ''}."
            if near
            else f"None is loaded: `graphwatch load FILE --as {'pages' if what == 'page' else what}`.",
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
    untimed = f"; {columns.untimed:,} have no time" if columns.untimed else ""
    raise NothingFound(
        f"there are no timed interactions in scope ({said}){untimed}",
        where=where,
        remedy="Ask for more with --kind, --page, --paslon, --from or --to, or load interactions.",
    )


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
