"""What accounts of the roster did on pages of paslon, an act a row, with their agency and the phase of the election."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from graphwatch.analysis.querying import query
from graphwatch.common.table import Table
from graphwatch.repository.calendars import phase_bounds
from graphwatch.repository.casework import employed_accounts
from graphwatch.store.workspace import Workspace

_FIRST: Final = (
    "at_ms",
    "handle",
    "account",
    "agency",
    "agency_name",
    "basis",
    "kind",
    "phase",
    "paslon",
    "class",
    "page",
)


def roster_interactions(workspace: Workspace, *, limit: int) -> Table:
    """The single interactions of accounts on the roster; see `Project.roster_interactions`."""
    found = query(workspace, "roster-interactions", {"limit": limit}, limit=limit)
    with workspace.store.session():
        employers: dict[str, tuple[str, str | None]] = {}
        for account, agency, name in employed_accounts(workspace.store):
            employers.setdefault(account, (agency, name))
        phases = phase_bounds(workspace.store)
    rows = found.to_arrow()
    accounts = rows["account"].to_pylist()
    of = [employers.get(account, (None, None)) for account in accounts]
    rows = rows.append_column("agency", pa.array([agency for agency, _ in of], pa.string()))
    rows = rows.append_column("agency_name", pa.array([name for _, name in of], pa.string()))
    rows = rows.append_column("phase", pa.array(_phases(rows["at_ms"].to_pylist(), phases), pa.string()))
    rest = [name for name in rows.column_names if name not in _FIRST]
    return Table(rows.select([*_FIRST, *rest]), cut=found.cut, differs=found.differs, empty=found.empty)


def _phases(times: Sequence[int | None], phases: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """The shortest phase at each instant; looked up once for each stretch between two bounds."""
    spans = sorted((p["to_ms"] - p["from_ms"], p["from_ms"], p["to_ms"], p["name"]) for p in phases)
    bounds = sorted({bound for _, first, last, _ in spans for bound in (first, last)})
    names = [next((name for _, first, last, name in spans if first <= at < last), None) for at in bounds]
    return [names[place - 1] if at is not None and (place := bisect_right(bounds, at)) else None for at in times]
