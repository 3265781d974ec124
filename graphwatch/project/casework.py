"""What a reviewer works through: leads, complaints, the watchlist, what is new, what could be seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphwatch.common.table import Table
from graphwatch.project.opened import Late, Opened
from graphwatch.settings import LATEST, QUERY_ROWS, TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.calendar.timerange import TimeRange
    from graphwatch.casework import changes, complaints, decisions, roster_acts, watchlist
    from graphwatch.casework import coverage as coverages
    from graphwatch.casework import leads as open_leads
    from graphwatch.casework.changes import Changes
    from graphwatch.casework.complaints import Complainant
    from graphwatch.casework.coverage import Coverage
    from graphwatch.casework.leads import Decided, Lead
    from graphwatch.casework.watchlist import Watched
else:
    roster_acts = Late("graphwatch.casework.roster_acts")
    changes = Late("graphwatch.casework.changes")
    complaints = Late("graphwatch.casework.complaints")
    decisions = Late("graphwatch.casework.decisions")
    watchlist = Late("graphwatch.casework.watchlist")
    coverages = Late("graphwatch.casework.coverage")
    open_leads = Late("graphwatch.casework.leads")


class Casework(Opened):
    """What a reviewer works through: leads, complaints, the watchlist, what is new, what could be seen."""

    def leads(self, *, run: str = LATEST, status: str | None = None) -> Table:
        """The clusters of a run, its regular lags, complaints, and accounts decided on, with what was decided.

        `kind` is cluster, lag (an account that acts always so long after publication), complaint or account.
        `decided_at` is in WIB. `status` is that of the last decision, `open` where there is none; `earlier` is what was
        decided on a cluster of another run that mostly the same accounts were in.

        Args:
            run: whose clusters and regular lags.
            status: only those: open, needs_clarification, dismissed or forwarded.

        Returns:
            lead, kind, status, earlier, accounts, reviewer, reason, decided_at, decided_ms, decisions.

        Raises:
            NothingFound: there is no complete run of that id.
        """
        return open_leads.leads(self._workspace, run=run, status=status)

    def leads_by_agency(self, *, run: str = LATEST) -> Table:
        """For each agency how many leads are about accounts of its people, by what was decided: bias shows here.

        Returns:
            agency, name, leads, open, needs_clarification, dismissed, forwarded; the agency with most leads first.

        Raises:
            NothingFound: there is no complete run of that id.
        """
        return open_leads.leads_by_agency(self._workspace, run=run)

    def lead(self, name: str) -> Lead:
        """One lead with its decisions.

        Args:
            name: as for `decide`.

        Raises:
            NothingFound: there is no such lead.
            UsageError: several accounts are called so.
        """
        return open_leads.lead(self._workspace, name)

    def decide(
        self,
        name: str,
        outcome: str,
        *,
        reviewer: str,
        reason: str,
        clarification: str | None = None,
        forwarded_to: str | None = None,
        after: str | None = None,
        superseded: bool = False,
    ) -> Decided:
        """Decide on a lead. Decisions are only ever added.

        Args:
            name: a cluster (its id, or its number in the latest run), a complaint, or an account (its id, handle,
                address or pseudonym).
            outcome: needs_clarification, dismissed or forwarded.
            reviewer, reason: who decides, and why.
            clarification: what the persons concerned answered; needed once before a lead is forwarded.
            forwarded_to: to whom, where it is forwarded.
            after: id of the last decision that the reviewer knows of, empty where they know of none; the decision is
                refused where there is a later one. What is there at the moment of the call, when left out.
            superseded: decide on a cluster all the same that a later run continues.

        Raises:
            NothingFound: there is no such lead.
            UsageError: the decision lacks something.
            DecisionRefused: the lead is superseded, somebody else decided meanwhile, or nothing was clarified.
        """
        return decisions.decide(
            self._writable,
            name,
            outcome,
            reviewer=reviewer,
            reason=reason,
            clarification=clarification,
            forwarded_to=forwarded_to,
            after=after,
            superseded=superseded,
        )

    def complaints(
        self,
        *,
        status: str | None = None,
        overdue: bool = False,
        today: date | None = None,
        lang: str | None = None,
    ) -> Table:
        """Every complaint with its deadline and what the data say to it, the most urgent first.

        `seen` is `confirmed` where an interaction in the data is what is complained about (its id, time and source rows
        beside it; `day_differs` where none is of the day that the complaint names); `not observable` where the
        platform's data cannot show such an act; `cannot be checked` where
        account or post are not in the data; else `not seen`, which says nothing where only a part was collected. `why`
        says more.

        Args:
            status: new, checking, answered, forwarded or closed; all when left out.
            overdue: only those whose deadline has passed while they are new or being checked.
            today: from which days are counted; the present day in Jakarta when left out.
            lang: language of `why`, id or en; the project's when left out, else the locale's, else English.

        Raises:
            UsageError: there is no such status.
            StoreMissing: nothing has been loaded yet.
        """
        language = self._workspace.language(lang, otherwise=TERMINAL_LANGUAGE)
        return complaints.complaints(self._workspace, status=status, overdue=overdue, today=today, language=language)

    def set_complaint(self, complaint: str, status: str) -> None:
        """Give a complaint another status.

        Raises:
            UsageError: there is no such status.
            NothingFound: there is no such complaint.
        """
        return complaints.set_complaint(self._writable, complaint, status)

    def complainant(self, complaint: str, *, reason: str) -> Complainant:
        """Who made a complaint, from the vault; that it was asked, by whom and why, is logged first.

        Raises:
            UsageError: no reason is given.
            NothingFound: there is no such complaint, or nobody is known to have made it.
        """
        return complaints.complainant(self._workspace, complaint, reason=reason)

    def changes(self, since: str = LATEST, *, period: TimeRange | None = None, limit: int = QUERY_ROWS) -> Changes:
        """What imports brought since then, and how the clusters of the last two runs that asked the same differ.

        Args:
            since: id of a run or of a source (what was loaded after it counts), `latest` for the latest run, a day in
                Asia/Jakarta, or an instant.
            period: only interactions of that time; see `Project.resolve_range`.
            limit: interactions after which the answer is cut.

        Raises:
            UsageError: `since` is none of these.
        """
        return changes.changes(self._workspace, since, period=period, limit=limit)

    def coverage(self, *, suppress: bool = False, lang: str | None = None) -> Coverage:
        """What the loaded data can show at all, so that finding nothing is not taken for there being nothing.

        Args:
            suppress: withhold numbers of agencies and classes of position below five persons, for passing on.
            lang: language of the reasons why something cannot be seen, id or en; the project's when left out, else
                the locale's, else English.

        Raises:
            StoreMissing: nothing has been loaded yet.
        """
        language = self._workspace.language(lang, otherwise=TERMINAL_LANGUAGE)
        return coverages.coverage(self._workspace, suppress=suppress, language=language)

    def roster_interactions(
        self,
        *,
        paslon: str = "",
        agency: str = "",
        position: str = "",
        phase: str = "",
        kind: str = "",
        time_basis: str = "",
        limit: int = QUERY_ROWS,
    ) -> Table:
        """What accounts on the roster did on posts of paslon pages, an act a row, with agency, position and phase.

        An act stands there once for each page, paslon and basis. An account of which the roster names several agencies
        at that time stands under the first of them. Acts without a time come last, and lie in no phase; nor do those
        of which only is known when somebody looked.

        Args:
            paslon, agency: only of the paslon, or the agency, of that id; all when empty, as for the others.
            position: only of that class of position, for example head-of-district.
            phase: only acts that are known to lie in the phase of that name.
            kind: only of that kind, for example LIKED.
            time_basis: only with such a time: acted, derived, observed or untimed.
            limit: rows after which the table is cut.

        Returns:
            at_ms, time_basis, handle, account, agency, agency_name, position, position_class, basis, validity, kind,
            phase, paslon, class, page, and further columns of the named query `roster-interactions`.

        Raises:
            StoreMissing: nothing has been loaded yet.
        """
        only = {
            "paslon": paslon,
            "agency": agency,
            "position": position,
            "phase": phase,
            "kind": kind,
            "time_basis": time_basis,
        }
        return roster_acts.roster_interactions(self._workspace, only, limit=limit)

    def watch(self, what: str, *, reason: str, platform: str | None = None, by: str | None = None) -> Watched:
        """Put a roster account or a page on the watchlist.

        Args:
            what: id, handle or address.
            reason: why it is watched.
            platform: where a handle needs it.
            by: who put it there; the user of the system when left out.

        Raises:
            NothingFound: it is not in the graph.
            UsageError: no reason is given, it may mean several, or it is an account that is on no roster.
        """
        return watchlist.watch(self._writable, what, reason=reason, platform=platform, by=by)

    def unwatch(self, what: str, *, platform: str | None = None) -> Watched:
        """Take an account or a page off the watchlist; that it was on it stays in the record.

        Args:
            what: id, handle or address.
            platform: where a handle needs it.

        Raises:
            NothingFound: it is not on the list.
            UsageError: it may mean several.
        """
        return watchlist.unwatch(self._writable, what, platform=platform)

    def watched(self) -> Table:
        """The watchlist: id, kind, handle, platform, reason, added_by and added_at_ms of each, accounts first.

        Raises:
            StoreMissing: nothing has been loaded yet.
        """
        return watchlist.watched(self._workspace)
