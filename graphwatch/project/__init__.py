"""A project: an opened store and everything that can be done with it."""

import os
from pathlib import Path

from graphwatch.common.table import card
from graphwatch.project.analysis import Analysis
from graphwatch.project.casework import Casework
from graphwatch.project.findings import Findings
from graphwatch.project.handover import Handover
from graphwatch.project.records import Records
from graphwatch.project.rights import Rights
from graphwatch.settings import DEFAULT_PROJECT, DEFAULT_STORE, PROJECT_VARIABLE, SERVER_VARIABLE, STORE_VARIABLE
from graphwatch.store.address import is_server


class Project(Records, Analysis, Findings, Casework, Handover, Rights):
    """An opened project with all its verbs.

    The commands of the same names call its methods.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open(folder + "/new.gw", create=True) as project:
    ...     project.store.exists
    False
    """

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
