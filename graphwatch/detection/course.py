"""How far a detection is: its searches, the stages that each goes through, and the pieces of a stage.

The share that is done is by work, so that whoever follows can say how long the rest takes: of searches by the number of
acts that they look at, of stages by what they take of a search where acts are many.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from graphwatch.common.notes import Note
from graphwatch.common.pieces import Piece, on_threads
from graphwatch.common.progress import Progress

# The stages of a search, and what each took of its processor time: three million acts, windows of 10 s to 15 min.
_STAGES: Final = {"counting": 0.27, "learning": 0.21, "testing": 0.4, "clustering": 0.05, "describing": 0.07}
# Of how many parts progress is told.
_WHOLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Leg:
    """A search: what it is called, and its part of the work, in any unit."""

    doing: Note
    work: float


class Course:
    """The searches of a detection in their order, and how far they are.

    >>> told = []
    >>> legs = {"day": Leg(Note("progress.days"), 3.0), "": Leg(Note("progress.keeping"), 1.0)}
    >>> with followed(legs, lambda what, done, whole: told.append(done)):
    ...     leg("day"); stage("counting"); _ = walk(str, [(0, 1), (1, 2)], None); stage("describing"); leg("")
    >>> told
    [0, 0, 50, 101, 697, 750]
    """

    def __init__(self, legs: Mapping[str, Leg], progress: Progress) -> None:
        self._legs, self._progress = legs, progress
        self._whole = sum(leg.work for leg in legs.values()) or 1.0
        self._leg: Leg | None = None
        # What was done before the search; of it what was done before the stage, the stage's part, and what of that is.
        self._earlier = self._before = self._size = self._done = 0.0

    def leg(self, name: str) -> None:
        """The search of that name begins."""
        self._leg = self._legs[name]
        self._earlier = sum(leg.work for leg in takewhile(lambda leg: leg is not self._leg, self._legs.values()))
        self._before = self._size = self._done = 0.0
        self._tell(0.0)

    def stage(self, name: str) -> None:
        """A stage of the search begins, and those before it are done."""
        earlier = list(_STAGES)[: list(_STAGES).index(name)]
        self._before, self._size, self._done = sum(_STAGES[stage] for stage in earlier), _STAGES[name], 0.0
        self._tell(0.0)

    def walked(self, share: float) -> None:
        """So much of a walk over the acts is done: of walks whose number is not known, each is half of the rest."""
        further = share * (1 - self._done) / 2
        self._tell(further)
        if share >= 1:
            self._done += further

    def _tell(self, further: float) -> None:
        if self._leg is None:
            return
        done = self._earlier + self._leg.work * (self._before + self._size * (self._done + further))
        self._progress(self._leg.doing, int(_WHOLE * done / self._whole), _WHOLE)


_course: ContextVar[Course | None] = ContextVar("how far a detection is", default=None)


@contextmanager
def followed(legs: Mapping[str, Leg], progress: Progress) -> Iterator[None]:
    """Searches in this block are those, in that order, and what is done of them is told."""
    before = _course.set(Course(legs, progress))
    try:
        yield
    finally:
        _course.reset(before)


def leg(name: str) -> None:
    """The search of that name begins."""
    if (course := _course.get()) is not None:
        course.leg(name)


def stage(name: str) -> None:
    """A stage of the search begins: one of counting, learning, testing, clustering, describing."""
    if (course := _course.get()) is not None:
        course.stage(name)


def walked(share: float) -> None:
    """So much of a walk over the acts is done."""
    if (course := _course.get()) is not None:
        course.walked(share)


def walk(work: Callable[[Piece], Any], pieces: list[Piece], threads: int | None) -> list[Any]:
    """What the work answers of each piece, see `on_threads`; after each it is told how much of the walk is done."""
    answers = []
    for answer in on_threads(work, pieces, threads):
        answers.append(answer)
        walked(len(answers) / len(pieces))
    return answers
