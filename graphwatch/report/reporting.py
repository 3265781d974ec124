"""Report: a document about a cluster, an account, an agency or a run, made to be handed on and printed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from graphwatch.common.clock import now_ms
from graphwatch.errors import UsageError
from graphwatch.report.aggregate_cases import agency_case, summary_case
from graphwatch.report.case_model import AnyCase
from graphwatch.report.config import Format, ReportConfig
from graphwatch.report.lead_cases import account_case, cluster_case
from graphwatch.rights.unmasking import Unmasking, record, unmasking
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.report.document import Document
    from graphwatch.rights.unmasking import Persons

Subject = Literal["cluster", "account", "agency", "summary"]
# The formats by the ends of file names.
_FORMATS: Final[dict[str, Format]] = {".html": "html", ".htm": "html", ".xlsx": "xlsx", ".md": "md"}
_NAMING: Final = ("cluster", "account")


@dataclass(frozen=True, slots=True)
class Reported:
    """What was written.

    Attributes:
        path: the file.
        run: of which run; None in a document about records alone.
        evidence: interactions listed in the whole document, as in its workbook.
        shown: of these, how many this file shows.
        masked: whether every account carries a pseudonym.
        still_masked: accounts that stayed under pseudonyms although handles were opened.
        persons: how many persons are named; None where names were not opened.
        later: the cluster that continues this one in a later run, or the run that has it no longer.
    """

    path: Path
    run: str | None
    evidence: int
    shown: int
    masked: bool
    still_masked: int
    persons: int | None
    later: str | None


def report(
    workspace: Workspace, subject: Subject, id: str | None, config: ReportConfig, *, path: str | Path
) -> Reported:
    """Write a document about a lead, an account, an agency or a run; see `Project.report`."""
    from graphwatch.common.files import drafted
    from graphwatch.report.compose import compose

    to = config.to or form_of(Path(path))
    asked = _asked(subject, config)
    language = workspace.language(config.lang)
    with workspace.store.session():
        case, persons = _case(workspace, subject, id, config, asked, language)
    document = compose(case, language, workspace.letterhead)
    content = _writers()[to](document)
    if asked.unmask:
        details = {"subject": subject, "id": id, "file": Path(path).name, "to": to, "off_roster": asked.off_roster}
        record(workspace, asked, persons, details)
    with drafted(path) as draft:
        draft.write_bytes(content)
    evidence: int = len(getattr(case, "evidence", ()))
    cut = [table.shown for table in document.tables() if table.shown is not None and to != "xlsx"]
    later = getattr(case, "later", None)
    return Reported(
        Path(path),
        None if case.run is None else str(case.run["id"]),
        evidence,
        len(cut[0]) if cut else evidence,
        case.masked,
        case.still_masked,
        None if persons is None else persons.count,
        None if later is None else later.cluster or later.run,
    )


def form_of(path: Path) -> Format:
    """What the end of a file's name says; a name without one is HTML, and another end is not what would be in it.

    Raises:
        UsageError: there is no such form.

    >>> form_of(Path("agency.xlsx")), form_of(Path("agency"))
    ('xlsx', 'html')
    """
    found = _FORMATS.get(path.suffix.lower(), None if path.suffix else "html")
    if found is None:
        raise UsageError(
            f"there is no report in the form {path.suffix}",
            where=str(path),
            remedy=f"End the name with {', '.join(_FORMATS)}, or say --to html, xlsx or md.",
        )
    return found


def _writers() -> "dict[Format, Callable[[Document], bytes]]":
    from graphwatch.report.writers import write_markdown, write_page, write_workbook

    return {"html": write_page, "xlsx": write_workbook, "md": write_markdown}


def _asked(subject: Subject, config: ReportConfig) -> Unmasking:
    asked = unmasking(
        config.unmask, config.reason, off_roster=config.off_roster, minutes=config.minutes, alike=config.alike
    )
    if asked.unmask and subject not in _NAMING:
        raise UsageError(
            f"a report of kind {subject} names nobody, so nothing can be opened", remedy="Leave out --unmask."
        )
    return asked


def _case(
    workspace: Workspace, subject: Subject, id: str | None, config: ReportConfig, asked: Unmasking, language: str
) -> "tuple[AnyCase, Persons | None]":
    """What the document is made of, and who is named in it."""
    from graphwatch import __version__

    run, calendar = config.run, config.calendar
    made: dict[str, Any] = {"made_ms": now_ms(), "version": __version__, "minutes": config.minutes}
    if subject == "summary":
        return summary_case(workspace, id or run, calendar, language, made), None
    if id is None or not id.strip():
        raise UsageError(f"which {subject}?", remedy="Give its id.")
    if subject == "cluster":
        return cluster_case(workspace, id, run, calendar, asked, language, made)
    if subject == "account":
        return account_case(workspace, id, run, calendar, asked, language, made)
    return agency_case(workspace, id, calendar, language, made), None
