"""The access log: who unmasked or erased what, when and why."""

from typing import Any

from graphwatch.errors import NothingFound
from graphwatch.store.workspace import Workspace


def access_log(workspace: Workspace, *, action: str | None = None, last: int | None = None) -> list[dict[str, Any]]:
    """The lines of the access log with their numbers, the first one first; they are not verified.

    Args:
        action: only those of one kind, for example unmask, complainant, about, forget, expire.
        last: only so many, the last ones.

    Returns:
        line, at, who, action, reason, details and sha256 of each.

    >>> import tempfile
    >>> import graphwatch as gw
    >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
    ...     project.access_log(), project.verify_log()[0]
    ([], 0)
    """
    rows = [row for row in workspace.access_records.entries() if action in (None, row["action"])]
    return rows if last is None else rows[max(len(rows) - last, 0) :]


def verify_log(workspace: Workspace, *, noted: str | None = None) -> tuple[int, str]:
    """Check every line of the access log against the one before; the number of lines and the digest of the last.

    Args:
        noted: the digest of the last line at an earlier time; lines that were cut off at the end are found by it.

    Raises:
        StoreDamaged: naming the first line that is not what was written.
        NothingFound: no line has the digest that was noted.
    """
    log = workspace.access_records
    lines, head = log.verify(), log.head()
    if noted is not None and not log.has_head(noted.strip().lower()):
        raise NothingFound(
            "no line of the access log has the digest that was noted: lines were cut off, or it is another log",
            where=str(log.path),
            remedy="Compare with a backup from the time of the note.",
        )
    return lines, head
