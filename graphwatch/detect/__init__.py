"""Which accounts acted together: counting, clusters, and what a run found."""

from graphwatch.compiled import slowness
from graphwatch.detect.continuing import Continued, continued
from graphwatch.detect.findings import Predecessors, tables
from graphwatch.detect.layers import AtWindow, Ran, run_question
from graphwatch.detect.question import ALL, Parameters, identify
from graphwatch.detect.run import Found, detect

__all__ = [
    "ALL",
    "AtWindow",
    "Continued",
    "Found",
    "Parameters",
    "Predecessors",
    "Ran",
    "continued",
    "detect",
    "identify",
    "run_question",
    "slowness",
    "tables",
]
