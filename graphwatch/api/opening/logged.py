"""The access log of a project, and lines in it in the name of who uses the system."""

import getpass
from collections.abc import Mapping
from typing import Any

from graphwatch.api.project import Project
from graphwatch.privacy import AccessLog


def access_log_of(project: Project) -> AccessLog:
    """The log that lies in the project's folder."""
    return AccessLog(project.folder / "access.log")


def log(project: Project, action: str, reason: str, details: Mapping[str, Any]) -> None:
    """Append a line, and wait until it is on the disk: what is logged may only be done after that.

    Raises:
        StoreLocked, StoreDamaged, StoreError: the line cannot be appended.
    """
    access_log_of(project).record(action, reason, getpass.getuser(), details)
