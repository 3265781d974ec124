"""Find accounts that act together, in lawfully obtained records of public interactions.

import graphwatch as gw

project = gw.open("russian.gw")
project.query("co-interactions")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from graphwatch.analysis.config import NeighboursConfig, TraceConfig
    from graphwatch.analysis.metrics import Measured
    from graphwatch.analysis.tracing import Traced
    from graphwatch.calendar.phases import Calendar
    from graphwatch.calendar.timerange import TimeRange
    from graphwatch.casework.calendars import CalendarLoaded
    from graphwatch.casework.changes import Changes
    from graphwatch.casework.complaints import Complainant
    from graphwatch.casework.coverage import Coverage
    from graphwatch.casework.leads import Decided, Lead
    from graphwatch.casework.watchlist import Watched
    from graphwatch.common.table import Table
    from graphwatch.demonstration import Demo, demo
    from graphwatch.detection.config import CompatConfig, DetectionConfig, PowerConfig
    from graphwatch.detection.detecting import Detected
    from graphwatch.detection.estimate import Estimate
    from graphwatch.detection.power.powering import Powered
    from graphwatch.errors import (
        DecisionRefused,
        GraphwatchError,
        InputError,
        KeyMissing,
        KeyWrong,
        NothingFound,
        PasswordMissing,
        QueryError,
        QueryMemory,
        QueryParameter,
        QueryRefused,
        QueryTimeout,
        QueryUnknown,
        StoreDamaged,
        StoreError,
        StoreLocked,
        StoreMissing,
        StoreNewer,
        StoreOlder,
        TermsConflict,
        UsageError,
    )
    from graphwatch.explain.model import Explanation
    from graphwatch.export.config import ExportConfig
    from graphwatch.export.exporting import Exported, NetworkPage
    from graphwatch.export.parts import Part
    from graphwatch.ingest.batches import Loaded
    from graphwatch.ingest.config import LoadConfig
    from graphwatch.ingest.provenance import Provenance
    from graphwatch.project import Project, open
    from graphwatch.report.config import ReportConfig
    from graphwatch.report.reporting import Reported
    from graphwatch.rights.erasure import Expired, Forgotten
    from graphwatch.store.base import StoreInfo, Unfinished, Written
    from graphwatch.store.bringing_over import Rebuilt

__version__ = "0.1.0"

# Where each name is at home; it is imported at first use, since `graphwatch --help` must not wait for it.
_HOMES: Final = {
    "analysis.config": ("NeighboursConfig", "TraceConfig"),
    "analysis.metrics": ("Measured",),
    "analysis.tracing": ("Traced",),
    "calendar.phases": ("Calendar",),
    "calendar.timerange": ("TimeRange",),
    "casework.calendars": ("CalendarLoaded",),
    "casework.changes": ("Changes",),
    "casework.complaints": ("Complainant",),
    "casework.coverage": ("Coverage",),
    "casework.leads": ("Decided", "Lead"),
    "casework.watchlist": ("Watched",),
    "common.table": ("Table",),
    "demonstration": ("Demo", "demo"),
    "detection.config": ("CompatConfig", "DetectionConfig", "PowerConfig"),
    "detection.detecting": ("Detected",),
    "detection.estimate": ("Estimate",),
    "detection.power.powering": ("Powered",),
    "errors": (
        "DecisionRefused",
        "GraphwatchError",
        "InputError",
        "KeyMissing",
        "KeyWrong",
        "NothingFound",
        "PasswordMissing",
        "QueryError",
        "QueryMemory",
        "QueryParameter",
        "QueryRefused",
        "QueryTimeout",
        "QueryUnknown",
        "StoreDamaged",
        "StoreError",
        "StoreLocked",
        "StoreMissing",
        "StoreNewer",
        "StoreOlder",
        "StoreOlder",
        "TermsConflict",
        "UsageError",
    ),
    "explain.model": ("Explanation",),
    "export.config": ("ExportConfig",),
    "export.exporting": ("Exported", "NetworkPage"),
    "export.parts": ("Part",),
    "ingest.config": ("LoadConfig",),
    "ingest.batches": ("Loaded",),
    "ingest.provenance": ("Provenance",),
    "project": ("Project", "open"),
    "report.config": ("ReportConfig",),
    "report.reporting": ("Reported",),
    "rights.erasure": ("Expired", "Forgotten"),
    "store.base": ("StoreInfo", "Unfinished", "Written"),
    "store.bringing_over": ("Rebuilt",),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Calendar",
    "CalendarLoaded",
    "Changes",
    "CompatConfig",
    "Complainant",
    "Coverage",
    "Decided",
    "DecisionRefused",
    "Demo",
    "Detected",
    "DetectionConfig",
    "Estimate",
    "Expired",
    "Explanation",
    "ExportConfig",
    "Exported",
    "Forgotten",
    "GraphwatchError",
    "InputError",
    "KeyMissing",
    "KeyWrong",
    "Lead",
    "LoadConfig",
    "Loaded",
    "Measured",
    "NeighboursConfig",
    "NetworkPage",
    "NothingFound",
    "Part",
    "PasswordMissing",
    "PowerConfig",
    "Powered",
    "Project",
    "Provenance",
    "QueryError",
    "QueryMemory",
    "QueryParameter",
    "QueryRefused",
    "QueryTimeout",
    "QueryUnknown",
    "Rebuilt",
    "ReportConfig",
    "Reported",
    "StoreDamaged",
    "StoreError",
    "StoreInfo",
    "StoreLocked",
    "StoreMissing",
    "StoreNewer",
    "StoreOlder",
    "Table",
    "TermsConflict",
    "TimeRange",
    "TraceConfig",
    "Traced",
    "Unfinished",
    "UsageError",
    "Watched",
    "Written",
    "__version__",
    "demo",
    "open",
]


def __getattr__(name: str) -> Any:
    """A name of the public surface, imported at first use."""
    if name in _HOME_OF:
        return getattr(import_module(f"graphwatch.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module 'graphwatch' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
