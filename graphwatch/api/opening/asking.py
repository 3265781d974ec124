"""What somebody asked to have opened, and the line of the access log that says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from graphwatch.api.opening.logged import log
from graphwatch.api.project import Project
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from graphwatch.api.opening.persons import Persons

# True is `handles`.
Unmask = bool | Literal["handles", "names"]


@dataclass(frozen=True, slots=True)
class Opening:
    """What may be named.

    Attributes:
        unmask: handles and addresses of accounts on the roster.
        names: the names of the persons whose accounts these are, too.
        off_roster: handles and addresses of all other accounts, too.
        reason: why.
    """

    unmask: bool = False
    names: bool = False
    off_roster: bool = False
    reason: str | None = None


def opening(unmask: Unmask, reason: str | None, *, off_roster: bool = False) -> Opening:
    """What was asked for.

    Raises:
        UsageError: opening without a reason, a reason without opening, or something else than handles or names.

    >>> opening("names", " klarifikasi kasus 12 ")
    Opening(unmask=True, names=True, off_roster=False, reason='klarifikasi kasus 12')
    """
    given = (reason or "").strip() or None
    if unmask not in (False, True, "handles", "names"):
        raise UsageError(f"{unmask!r} cannot be opened", remedy="Give handles or names.")
    if bool(unmask) != bool(given):
        raise UsageError(
            "handles are opened only with a reason, and a reason only goes with opening them",
            remedy='Give both: --unmask --reason "klarifikasi kasus 12".',
        )
    if off_roster and not unmask:
        raise UsageError("accounts off the roster are opened with the others only", remedy="Add --unmask and --reason.")
    return Opening(bool(unmask), unmask == "names", off_roster, given)


def record(project: Project, of: Opening, persons: "Persons | None", details: Mapping[str, Any]) -> None:
    """Log what is opened before it is shown; of names how many, never which.

    Raises:
        UsageError: the reason, or anything else that would be logged, has the name or NIP of somebody named.
    """
    opened: dict[str, Any] = {"opened": "handles"}
    if persons is not None:
        if persons.told_by(_words(of.reason, *details.values())):
            raise UsageError(
                "the reason or the name of the file names a person, and both are logged",
                remedy="Give a case number instead: the log stays.",
            )
        opened = {"opened": "names", "persons": persons.count, "accounts": len(persons.names)}
    log(project, "unmask", str(of.reason), {**details, **opened})


def _words(*texts: object) -> str:
    """The texts with their words apart by blanks, whatever stood between: names of files have no blanks."""
    return re.sub(r"[\W_]+", " ", " ".join(str(t) for t in texts if t is not None))
