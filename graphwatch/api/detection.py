"""Detect: ask which accounts acted together, and write the answer back into the graph."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwatch import __version__
from graphwatch.errors import UsageError
from graphwatch.model import POST_INTERACTIONS
from graphwatch.scope import Scope
from graphwatch.settings import MIN_OBJECTS, WINDOW_SECONDS

if TYPE_CHECKING:
    import pandas as pd

    from graphwatch.api.desk import Desk


@dataclass(frozen=True, slots=True)
class Detected:
    """A run, and what it found out of what.

    Attributes:
        run: id of the run.
        already: the same question had been asked of the same data before; nothing was written.
        denominators: interactions, untimed, accounts, objects, visited_pairs, pairs, clusters.
        coordinated: pairs beyond chance; None where nothing was tested.
        slowness: why the kernels started slower than they need to, if they did.
    """

    desk: "Desk"
    run: str
    already: bool
    denominators: dict[str, int]
    coordinated: int | None = None
    slowness: str | None = None

    @property
    def pairs(self) -> "pd.DataFrame":
        """The pairs that reached the count."""
        return self.desk.query("co-interactions", {"run": self.run, "limit": max(1, self.denominators["pairs"])})

    @property
    def clusters(self) -> "pd.DataFrame":
        """The clusters, largest first."""
        return self.desk.query("clusters", {"run": self.run})


def detect(
    self: "Desk",
    *,
    window: float = WINDOW_SECONDS,
    min_objects: int = MIN_OBJECTS,
    kinds: Sequence[str] = POST_INTERACTIONS,
    fdr: float | None = None,
    threads: int | None = None,
) -> Detected:
    """Find pairs of accounts that act on the same posts within a window of each other, and their clusters.

    Args:
        window: seconds between two actions that count as together, inclusive.
        min_objects: distinct posts on which a pair must act together.
        kinds: kinds of interaction that are looked at.
        fdr: false discovery rate at which pairs are called coordinated, for example 0.05; clusters are then of
            coordinated pairs. Without it pairs are only counted.
        threads: as many as the machine has when left out; the answer does not depend on it.

    Raises:
        UsageError: an argument is out of its range.
        StoreMissing: nothing has been loaded yet.
    """
    from graphwatch import detect as detection

    asked = detection.Parameters(_milliseconds(window), _at_least_one(min_objects), Scope(_known(kinds)), _rate(fdr))
    columns = self.store.interactions(asked.scope)
    run, data = detection.identify(columns, asked, __version__)
    before = _denominators(self, run)
    if before is not None:
        return Detected(self, run, True, before, _coordinated(self, run, asked.fdr))
    found = detection.detect(columns, asked, run=run, data=data, version=__version__, threads=threads)
    with self.store.write("run") as writing:
        for table in detection.tables(found, created_at_ms=time.time_ns() // 1_000_000):
            writing.add(table)
    coordinated = None if found.chance is None else int(found.chance.coordinated.sum())
    return Detected(self, run, False, found.denominators, coordinated, detection.slowness())


def _milliseconds(window: float) -> int:
    if not 0 <= window <= 86_400:
        raise UsageError(
            f"a window of {window:g} s is not between 0 and 86,400",
            remedy="Give --window in seconds, for example 60.",
        )
    return round(window * 1000)


def _rate(fdr: float | None) -> float | None:
    if fdr is not None and not 0 < fdr < 1:
        raise UsageError(f"a false discovery rate of {fdr:g} is not between 0 and 1", remedy="Give --fdr 0.05.")
    return fdr


def _at_least_one(min_objects: int) -> int:
    if min_objects < 1:
        raise UsageError(f"min_objects is {min_objects}", remedy="Give --min-objects 1 or more.")
    return min_objects


def _known(kinds: Sequence[str]) -> tuple[str, ...]:
    """The kinds in the model's order, so that their order makes no other run."""
    asked = {k.upper() for k in kinds}
    unknown = sorted(asked - set(POST_INTERACTIONS))
    if unknown or not asked:
        raise UsageError(
            f"no such kind of interaction with a post: {', '.join(unknown) or 'none given'}",
            remedy=f"Choose from {', '.join(POST_INTERACTIONS)}.",
        )
    return tuple(k for k in POST_INTERACTIONS if k in asked)


def _coordinated(desk: "Desk", run: str, fdr: float | None) -> int | None:
    if fdr is None:
        return None
    counted = "MATCH ()-[c:CO_INTERACTED]->() WHERE c.run = $run AND c.coordinated RETURN count(*) AS n"
    return int(desk.store.read(counted, {"run": run})["n"][0].as_py())


def _denominators(desk: "Desk", run: str) -> dict[str, int] | None:
    names = ("interactions", "untimed", "accounts", "objects", "visited_pairs", "pairs", "clusters")
    returned = ", ".join(f"r.{name} AS {name}" for name in names)
    rows = desk.store.read(
        f"MATCH (r:Run) WHERE r.id = $run AND r.status = 'complete' RETURN {returned}", {"run": run}
    ).to_pylist()
    return rows[0] if rows else None
