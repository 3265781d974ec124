"""Which accounts acted together: counting, clusters, and what a run found."""

from graphwatch.compiled import slowness
from graphwatch.detect.continuing import Continued, continued
from graphwatch.detect.counting import Actions, arrange, is_compiled
from graphwatch.detect.enrichment import BASES, Context, Links, Roster, enrich
from graphwatch.detect.estimate import Estimate, estimate_of
from graphwatch.detect.evidence import Bursts, find_bursts
from graphwatch.detect.findings import Predecessors, tables
from graphwatch.detect.layers import AtWindow, Ran, run_question
from graphwatch.detect.power import Power, Trials, power_of
from graphwatch.detect.question import ALL, Parameters, identify
from graphwatch.detect.run import Found, detect
from graphwatch.detect.targets import Targets

__all__ = [
    "ALL",
    "BASES",
    "Actions",
    "AtWindow",
    "Bursts",
    "Context",
    "Continued",
    "Estimate",
    "Found",
    "Links",
    "Parameters",
    "Power",
    "Predecessors",
    "Ran",
    "Roster",
    "Targets",
    "Trials",
    "arrange",
    "continued",
    "detect",
    "enrich",
    "estimate_of",
    "find_bursts",
    "identify",
    "is_compiled",
    "power_of",
    "run_question",
    "slowness",
    "tables",
]
