"""What a report can be asked; each field stands here once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphwatch.common.config import Config, lang_option, option
from graphwatch.rights.config import alike_option, minutes_option, reason_option, unmask_option
from graphwatch.settings import LATEST

if TYPE_CHECKING:
    from graphwatch.rights.config import Unmask

Format = Literal["html", "xlsx", "md"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConfig(Config):
    """What `Project.report` can be asked besides its subject and the file.

    >>> ReportConfig(lang="en", to="md").to
    'md'
    """

    to: Format | None = option(
        None,
        "html (A4, to be printed), xlsx (complete) or md. [default: what the file's name ends with, else html]",
        choices=("html", "xlsx", "md"),
        refused="there is no report in the form {value!r}",
    )
    lang: str | None = lang_option()
    calendar: str | None = option(None, "Election calendar whose day of determination counts.", metavar="NAME")
    run: str = option(LATEST, "Detection run; `query runs` lists them.", metavar="ID")
    minutes: int | None = minutes_option()
    alike: int = alike_option()
    unmask: "Unmask" = unmask_option("Handles of accounts on the roster")
    off_roster: bool = option(False, "With --unmask: accounts off the roster, too.")
    reason: str | None = reason_option()
