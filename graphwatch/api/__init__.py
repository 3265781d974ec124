"""The verbs of graphwatch for Python; the commands call the same functions."""

from graphwatch.api.casework.changes import Changes
from graphwatch.api.coverage.measuring import Coverage
from graphwatch.api.demonstration import Demo, demo
from graphwatch.api.desk import Desk, open
from graphwatch.api.detection.detecting import Detected
from graphwatch.api.detection.power import Powered
from graphwatch.api.incoming.loaded import Loaded
from graphwatch.api.networks.exporting import Exported
from graphwatch.api.tracing.tracing import Traced

__all__ = ["Changes", "Coverage", "Demo", "Desk", "Detected", "Exported", "Loaded", "Powered", "Traced", "demo", "open"]
