"""What accounts of the roster did on pages of paslon, an act a row, with their agency and the phase of the election."""

from collections.abc import Mapping
from typing import Final

from graphwatch.analysis.querying import query
from graphwatch.common.table import Table
from graphwatch.store.workspace import Workspace

_FIRST: Final = (
    *("at_ms", "time_basis", "handle", "account", "agency", "agency_name", "position", "position_class"),
    *("basis", "validity", "kind", "phase", "paslon", "class", "page"),
)


def roster_interactions(workspace: Workspace, only: Mapping[str, str], *, limit: int) -> Table:
    """The single interactions of accounts on the roster; see `Project.roster_interactions`."""
    found = query(workspace, "roster-interactions", {**only, "limit": limit}, limit=limit)
    rows = found.to_arrow()
    rest = [name for name in rows.column_names if name not in _FIRST]
    return Table(rows.select([*_FIRST, *rest]), cut=found.cut, differs=found.differs, empty=found.empty)
