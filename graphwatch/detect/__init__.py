"""Which accounts acted together: counting, clusters, and what a run found."""

from graphwatch.compiled import slowness
from graphwatch.detect.continuing import Continued, continued
from graphwatch.detect.estimate import Estimate, estimate_of
from graphwatch.detect.findings import Predecessors, tables
from graphwatch.detect.layers import AtWindow, Ran, run_question
from graphwatch.detect.power import Power, Trials, power_of
from graphwatch.detect.question import ALL, Parameters, identify, lasting
from graphwatch.detect.run import Found, detect

__all__ = [
    "ALL",
    "AtWindow",
    "Continued",
    "Estimate",
    "Found",
    "Parameters",
    "Power",
    "Predecessors",
    "Ran",
    "Trials",
    "continued",
    "detect",
    "estimate_of",
    "identify",
    "lasting",
    "power_of",
    "run_question",
    "slowness",
    "tables",
]
