"""Which accounts acted together: counting, clusters, and what a run found."""

from graphwatch.compiled import slowness
from graphwatch.detect.findings import tables
from graphwatch.detect.run import Found, Parameters, detect, identify

__all__ = ["Found", "Parameters", "detect", "identify", "slowness", "tables"]
