"""The verbs of graphwatch for Python; the commands call the same functions."""

from graphwatch.api.changes import Changes
from graphwatch.api.coverage import Coverage
from graphwatch.api.demonstration import Demo, demo
from graphwatch.api.desk import Desk, open
from graphwatch.api.detection import Detected
from graphwatch.api.exporting import Exported
from graphwatch.api.loaded import Loaded
from graphwatch.api.power import Powered
from graphwatch.api.tracing import Traced

__all__ = ["Changes", "Coverage", "Demo", "Desk", "Detected", "Exported", "Loaded", "Powered", "Traced", "demo", "open"]
