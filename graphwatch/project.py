"""An opened store and everything that can be done with it."""

import os
from pathlib import Path
from types import TracebackType

from graphwatch.analysis.metrics import compare, metrics
from graphwatch.analysis.querying import query
from graphwatch.analysis.tracing import neighbours, trace
from graphwatch.casework.calendars import load_calendar, provisions_at, provisions_in_question
from graphwatch.casework.changes import changes
from graphwatch.casework.complaints import complainant, complaints, set_complaint
from graphwatch.casework.coverage import coverage
from graphwatch.casework.decisions import decide
from graphwatch.casework.leads import lead, leads, leads_by_agency
from graphwatch.casework.watchlist import unwatch, watch, watched
from graphwatch.common.notebook import card
from graphwatch.detection.compat.tables import compat
from graphwatch.detection.detecting import detect
from graphwatch.detection.estimate import estimate
from graphwatch.detection.explaining import explain, explain_clusters
from graphwatch.detection.powering import kept_power, power
from graphwatch.export.exporting import export
from graphwatch.export.graphs import graph
from graphwatch.export.viewing import view
from graphwatch.ingest.loading import load
from graphwatch.ingest.provenance import provenance_of
from graphwatch.report.reporting import report
from graphwatch.repository.calendars import calendar_of, resolve_range
from graphwatch.rights.access import access_log, verify_log
from graphwatch.rights.erasure import Pending, forget, resume, resumed_first
from graphwatch.rights.retention import expire
from graphwatch.rights.subject import about
from graphwatch.settings import DEFAULT_PROJECT, DEFAULT_STORE, PROJECT_VARIABLE, SERVER_VARIABLE, STORE_VARIABLE
from graphwatch.store.address import is_server
from graphwatch.store.base import StoreInfo, Written
from graphwatch.store.copying import copy_store
from graphwatch.store.opening import recorded
from graphwatch.store.workspace import Workspace


class Project(Workspace):
    """An opened project with all its verbs.

    The commands of the same names call its methods.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open(folder + "/new.gw", create=True) as desk:
    ...     desk.store.exists
    False
    """

    # Verbs that write into the graph finish an erasure that was stopped before they begin.
    load = resumed_first(load)
    detect = resumed_first(detect)
    estimate = estimate
    power = resumed_first(power)
    kept_power = kept_power
    compat = compat
    coverage = coverage
    query = query
    graph = graph
    trace = trace
    neighbours = neighbours
    metrics = resumed_first(metrics)
    compare_metrics = compare
    explain = explain
    explain_clusters = explain_clusters
    leads = leads
    leads_by_agency = leads_by_agency
    lead = lead
    decide = resumed_first(decide)
    export = export
    view = view
    report = report
    provenance = provenance_of
    load_calendar = resumed_first(load_calendar)
    calendar = calendar_of
    resolve_range = resolve_range
    provisions = provisions_at
    provisions_for = provisions_in_question
    complaints = complaints
    set_complaint = resumed_first(set_complaint)
    complainant = complainant
    changes = changes
    watch = resumed_first(watch)
    unwatch = resumed_first(unwatch)
    watched = watched
    forget = forget
    resume_forgetting = resume
    expire = expire
    about = about
    access_log = access_log
    verify_log = verify_log

    @property
    def is_forgetting(self) -> bool:
        """Whether an erasure was begun and is not finished."""
        return Pending(self.folder).read() is not None

    def info(self) -> StoreInfo:
        """Size, versions and counts of the store.

        Raises:
            StoreMissing: nothing has been loaded yet.
        """
        return self.store.info()

    def verify(self) -> dict[str, tuple[str, str]]:
        """Tables whose content differs from what the journal says; empty when all is well.

        Returns:
            By the table's name its digests, in the graph and by the journal.

        Raises:
            UsageError: the store is on a server, which has no journal.
            StoreDamaged: a file of the journal is not what was written.
        """
        return recorded(self.store).verify()

    def rebuild(self) -> int:
        """Make the graph again from the journal; the number of entries applied.

        Raises:
            UsageError: the store is on a server, which has no journal.
            StoreDamaged: a file of the journal is not what was written.
            StoreLocked: another process holds the store.
        """
        return recorded(self.store).rebuild()

    def copy_to(self, target: "Project") -> list[Written]:
        """Copy everything into another store, and compare both.

        Raises:
            StoreError: the target holds something that this store does not.
            StoreDamaged: the outcome differs.
            StoreLocked: another process holds one of them.
        """
        resume(self)  # the target would not know whom to forget
        resume(target)
        return copy_store(self.store, target.store)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> "Project":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _repr_html_(self) -> str:
        counts = self.info().counts if self.store.exists else {}
        return card(f"graphwatch: {self.place}", ((name, n) for name, n in counts.items() if n))


def open(
    place: str | os.PathLike[str] | None = None,
    *,
    project: str | os.PathLike[str] | None = None,
    create: bool = False,
) -> Project:
    """Open a store.

    Args:
        place: its folder, or the address of a Neo4j server; else the environment's GRAPHWATCH_STORE, else NEO4J_URI,
            else `graphwatch.gw` in the current folder.
        project: the folder for keys, quarantine and access log; an embedded store's own, and for a server
            GRAPHWATCH_PROJECT, else `graphwatch-project` in the current folder.
        create: let the first load make the store where there is none.

    Raises:
        StoreMissing: there is none, and `create` is false.
        StoreNewer: it was written by a newer version.
        StoreError: the server cannot be reached, or refuses.
    """
    known = os.environ
    chosen = os.fspath(place or known.get(STORE_VARIABLE) or known.get(SERVER_VARIABLE) or DEFAULT_STORE)
    if is_server(chosen):
        folder = Path(project or known.get(PROJECT_VARIABLE) or DEFAULT_PROJECT)
    else:
        folder = Path(project or chosen)
    return Project(chosen, folder, create=create)
