"""Seeded traffic with and without planted clusters, on which detection is judged. Everyone in it is invented."""

from benchmarks.scenarios.behaviour import ALL, ALONE, Behaviour
from benchmarks.scenarios.campaign import CAMPAIGN, HARDER, VARIANTS, Variant, campaign, quiet
from benchmarks.scenarios.data import KINDS, Acts, Scenario, columns
from benchmarks.scenarios.innocent import INNOCENT

__all__ = [
    "ALL",
    "ALONE",
    "CAMPAIGN",
    "HARDER",
    "INNOCENT",
    "KINDS",
    "VARIANTS",
    "Acts",
    "Behaviour",
    "Scenario",
    "Variant",
    "campaign",
    "columns",
    "quiet",
]
