"""Report: a document about a cluster, an account, an agency or a run, made to be handed on and printed."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from graphwatch.common.clock import now_ms
from graphwatch.errors import UsageError
from graphwatch.report.cases.aggregate_cases import agency_case, summary_case
from graphwatch.report.cases.lead_cases import account_case, cluster_case
from graphwatch.report.cases.model import AnyCase
from graphwatch.repository.runs import LATEST
from graphwatch.rights.unmasking import Unmask, Unmasking, record, unmasking
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.rights.unmasking import Persons

Subject = Literal["cluster", "account", "agency", "summary"]
Format = Literal["html", "xlsx", "md"]
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
    workspace: Workspace,
    subject: Subject,
    id: str | None = None,
    *,
    path: str | Path,
    to: Format = "html",
    language: str = "id",
    run: str = LATEST,
    calendar: str | None = None,
    unmask: Unmask = False,
    off_roster: bool = False,
    reason: str | None = None,
) -> Reported:
    """Write a document about a lead, an account, an agency or a run.

    Args:
        subject: cluster, account, agency or summary.
        id: number or id of a cluster; id, handle or pseudonym of an account; id or name of an agency; none for summary.
        path: the file.
        to: html (A4, to be printed), xlsx (complete) or md.
        language: id or en.
        run: id of a complete run, or latest; the id of a cluster names its own.
        calendar: whose day of determination counts; the store's, else the shipped one of 2024.
        unmask: `handles` (or True) opens public handles, addresses and texts of accounts on the roster, `names` the
            names of their persons besides, from the vault; needs a reason, and is logged.
        off_roster: those of all other accounts, too.
        reason: why.

    Raises:
        UsageError: words that do not go together; several things are called so; a reason that names a person.
        NothingFound: there is nothing of that id.
        KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
    """
    from graphwatch.common.files import drafted
    from graphwatch.report.form.html import write_page
    from graphwatch.report.form.markdown import write_markdown
    from graphwatch.report.form.workbook import write_workbook
    from graphwatch.report.sections.compose import compose

    asked = _asked(subject, unmask, off_roster, reason)
    with workspace.store.session():
        case, persons = _case(workspace, subject, id, run, calendar, asked, language)
    document = compose(case, language)
    write = {"html": write_page, "xlsx": write_workbook, "md": write_markdown}[to]
    content = write(document)
    if asked.unmask:
        name = Path(path).name
        details = {"subject": subject, "id": id, "file": name, "to": to, "off_roster": asked.off_roster}
        record(workspace, asked, persons, details)
    with drafted(path) as draft:
        draft.write_bytes(content)
    evidence = getattr(case, "evidence", ())
    cut = [table.shown for table in document.tables() if table.shown is not None and to != "xlsx"]
    later = getattr(case, "later", None)
    return Reported(
        Path(path),
        None if case.run is None else str(case.run["id"]),
        len(evidence),
        len(cut[0]) if cut else len(evidence),
        case.masked,
        case.still_masked,
        None if persons is None else persons.count,
        None if later is None else later.cluster or later.run,
    )


def _asked(subject: Subject, unmask: Unmask, off_roster: bool, reason: str | None) -> Unmasking:
    asked = unmasking(unmask, reason, off_roster=off_roster)
    if asked.unmask and subject not in _NAMING:
        raise UsageError(
            f"a report of kind {subject} names nobody, so nothing can be opened", remedy="Leave out --unmask."
        )
    return asked


def _case(
    workspace: Workspace,
    subject: Subject,
    id: str | None,
    run: str,
    calendar: str | None,
    asked: Unmasking,
    language: str,
) -> "tuple[AnyCase, Persons | None]":
    """What the document is made of, and who is named in it."""
    from graphwatch import __version__

    made: dict[str, Any] = {"made_ms": now_ms(), "version": __version__}
    if subject == "summary":
        return summary_case(workspace, id or run, calendar, language, made), None
    if id is None or not id.strip():
        raise UsageError(f"which {subject}?", remedy="Give its id.")
    if subject == "cluster":
        return cluster_case(workspace, id, run, calendar, asked, language, made)
    if subject == "account":
        return account_case(workspace, id, run, calendar, asked, language, made)
    return agency_case(workspace, id, calendar, language, made), None
