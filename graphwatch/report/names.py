"""Who is called what in a document: pseudonyms, or for whom it is opened, the public handle."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from graphwatch.common.clock import Validity
from graphwatch.explain.model import Agreed, Burst, Explanation, Innocent, RegularLag
from graphwatch.privacy.times import Times
from graphwatch.report.case_model import Named
from graphwatch.repository.calendars import coarse_times
from graphwatch.repository.roster import holding_agencies, holding_persons, knows_persons, public_accounts
from graphwatch.rights.unmasking import Persons, Unmasking, persons_of
from graphwatch.settings import FEWEST
from graphwatch.store.workspace import Workspace

# Of several links the one that says most.
_STANDINGS: Final = ("duty", "verified", "confirmed-by-superior", "self-declared")
# Shorter words occur in ordinary sentences.
_SHORTEST: Final = 4


class Names:
    """What accounts and posts are called in one document, and what the roster says of each account.

    Attributes:
        times: how times are told where nothing is opened.
        standing: verified, confirmed-by-superior, self-declared, duty, none, or unknown where no roster is loaded.
        still_masked: accounts that stay under pseudonyms although handles are opened.
        persons: whose accounts these are; None where their names are not opened.
    """

    def __init__(
        self,
        workspace: Workspace,
        acted: Mapping[str, Sequence[int]],
        unmasking: Unmasking,
        beside: Mapping[str, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        """Look them up; a vault that does not open stops it here.

        Args:
            project: whose store and vault are read.
            acted: the accounts, and when each of them acted in what the document tells; empty where that is not known.
            unmasking: what may be named.
            beside: the same of accounts that are shown beside these; the names of their persons are not opened.

        Raises:
            KeyMissing, KeyWrong: the key of the pseudonyms is not here, or names are wanted and the vault is not.
        """
        self.masked, self._pseudonyms = not unmasking.unmask, workspace.pseudonyms
        shown = {**beside, **acted}
        asked = sorted(shown)
        self.times = Times()
        if not unmasking.unmask:
            self.times = coarse_times(workspace.store, asked, unmasking.alike, unmasking.minutes)
        self.standing = _standings(workspace, shown)
        self._known = {account.id: account for account in public_accounts(workspace.store, asked)}
        on_roster = {id for id, standing in self.standing.items() if standing in _STANDINGS}
        self._open = set(asked) & (set(asked) if unmasking.off_roster else on_roster) if unmasking.unmask else set()
        self.still_masked = len(set(asked) - self._open) if unmasking.unmask else 0
        self.persons: Persons | None = persons_of(workspace, acted) if unmasking.names else None
        self._words = {
            str(word).lower()
            for account in self._known.values()
            if account.id not in self._open
            for word in (*account, account.id.partition(":")[2])
            if word and len(str(word)) >= _SHORTEST
        }

    @property
    def named(self) -> Named | None:
        """The names of persons by what their accounts are called; None where names are not opened."""
        if self.persons is None:
            return None
        names = {self.account(id): name for id, name in self.persons.names.items()}
        without = {self.account(id): why for id, why in self.persons.without.items()}
        positions = {self.account(id): position for id, position in self.persons.positions.items()}
        return Named(names, without, self.persons.count, positions)

    def called(self, id: str) -> str:
        """What an account is called, with the name of its person where there is one."""
        name = self.persons.names.get(id) if self.persons else None
        return f"{self.account(id)} · {name}" if name else self.account(id)

    def account(self, id: str) -> str:
        """What an account is called."""
        if id not in self._open:
            return self._pseudonyms.account(id)
        known = self._known.get(id)
        return f"@{known.handle} ({id})" if known and known.handle else id

    def post(self, id: str) -> str:
        """What a post is called; whatever else a run counted as an object is treated like one."""
        return self._pseudonyms.post(id) if self.masked else id

    def text(self, words: str | None) -> str | None:
        """A text that somebody wrote: withheld unless handles are opened, and where it names an account that is not."""
        if self.masked or words is None:
            return None
        return None if self.names(words) else words

    def names(self, words: str) -> bool:
        """Whether a text has the id, handle, name or address of an account that stays masked."""
        lower = words.lower()
        return any(word in lower for word in self._words)

    def explanation(self, of: Explanation) -> Explanation:
        """The same with everyone called so; agencies where few members work are not named unless handles are opened."""
        bursts = tuple(
            replace(
                burst if not self.masked else self._coarse(burst),
                object=burst.object if of.question.object == "page" else self.post(burst.object),
                url=None if self.masked else burst.url,
                text=self.text(burst.text),
            )
            for burst in of.bursts
        )
        if self.masked:  # in an order that does not tell which came first
            bursts = tuple(sorted(bursts, key=lambda burst: (burst.first_ms, burst.object)))
        members = tuple(replace(m, account=self.account(m.account), handle=None) for m in of.members)
        of = replace(of, agreed=tuple(map(self._agreed, of.agreed)) if not self.masked else ())
        if not self.masked:
            return replace(of, bursts=bursts, members=members)
        roster = of.roster and replace(of.roster, agencies=tuple(a for a in of.roster.agencies if a.n >= FEWEST))
        innocent = tuple(filter(_named_by_many, of.innocent))
        return replace(of, bursts=bursts, members=members, roster=roster, innocent=innocent)

    def lag(self, of: RegularLag) -> RegularLag:
        """The same with the account and posts called so; under pseudonyms without lags, which are in public records."""
        called = replace(of, id=self.account(of.id), handle=None)
        if self.masked:
            return replace(called, window_s=None, expected=None, q=None, acts=())
        return replace(called, acts=tuple(replace(act, post=self.post(act.post)) for act in of.acts))

    def _agreed(self, of: Agreed) -> Agreed:
        """The same with what opened accounts wrote; the same words beside a pseudonym would name who wrote them."""
        uses = (
            replace(use, account=self.account(use.account), handle=None, text=self.text(use.text))
            for use in of.uses
            if use.account in self._open
        )
        return replace(of, uses=tuple(uses))

    def _coarse(self, of: Burst) -> Burst:
        """The same with times as they are told; when the post was published would give the act's time away."""
        # A burst lies in one phase, so it lists no act that is told of another.
        listed = [act for act in of.acts if (act.account, act.kind, act.at_ms) not in self.times.moved] or of.acts
        told = self.times.told
        acts = [replace(act, at_ms=told(act.at_ms, act.account, act.kind) or act.at_ms) for act in listed]
        ordered = tuple(sorted(acts, key=lambda act: (act.at_ms, self.account(act.account))))
        return replace(of, acts=ordered, published_ms=None)


def _named_by_many(reason: Innocent) -> bool:
    return "agency" not in reason.values or int(reason.values["n"]) >= FEWEST


def _standings(workspace: Workspace, acted: Mapping[str, Sequence[int]]) -> Mapping[str, str]:
    """What the roster says of accounts at some time between their first act and their last one."""
    if not knows_persons(workspace.store):
        return dict.fromkeys(acted, "unknown")
    between = {id: Validity(min(times), max(times) + 1) if times else Validity() for id, times in acted.items()}
    found: dict[str, set[str]] = {id: set() for id in acted}
    for holdings in (holding_persons, holding_agencies):
        for id, links in holdings(workspace.store, sorted(acted)).items():
            found[id].update(link.basis for link in links if link.validity.overlaps(between[id]))
    return {id: next((s for s in _STANDINGS if s in standings), "none") for id, standings in found.items()}
