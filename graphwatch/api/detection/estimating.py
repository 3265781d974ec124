"""Estimate: what a detection would look at and cost."""

from typing import TYPE_CHECKING, Unpack

from graphwatch.api.detection.asking import WholeQuestion, asked_question, check_something_to_see
from graphwatch.api.project import Project

if TYPE_CHECKING:
    from graphwatch.detect import Estimate


def estimate(self: Project, *, threads: int | None = None, **question: Unpack[WholeQuestion]) -> "Estimate":
    """What `detect` with these arguments will look at, and the order of magnitude of its time and memory.

    Nothing is detected and nothing is written. Rows, opportunities and pair visits are exact; pairs and tests are
    from a sample of accounts where there are many. Numbers are those of all kinds together at the window itself; the
    time is that of all that is asked, layers and other windows too.

    Raises:
        UsageError: an argument is out of its range.
        NothingFound: there is no such page or paslon, or no interaction in scope.
        StoreMissing: nothing has been loaded yet.
    """
    from graphwatch import detect as detection

    asked = asked_question(self, **question)
    columns = self.store.interactions(asked.scope)
    check_something_to_see(self, asked.scope, columns)
    return detection.estimate_of(columns, asked, threads=threads)
