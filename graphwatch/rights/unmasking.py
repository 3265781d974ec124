"""The names of persons whose accounts acted, from the vault; an account that may be another's has none."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import Validity
from graphwatch.errors import KeyMissing, UsageError
from graphwatch.privacy.vault import Vault, plain_names
from graphwatch.repository.roster import Holding, holding_agencies, holding_persons, positions_held
from graphwatch.rights.config import Unmask
from graphwatch.settings import FEWEST_ALIKE
from graphwatch.store.workspace import Workspace

Row = dict[str, Any]
# Why an account has no name: nobody's link was in force when it acted, it is an agency's, several hold it, its link
# was in force for a part of its acts only, or the vault does not know the person.
Reason = Literal["nobody", "duty", "several", "partly", "unknown"]
REASONS: Final[tuple[Reason, ...]] = ("nobody", "duty", "several", "partly", "unknown")

# Shorter words occur in ordinary sentences.
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True)
class Persons:
    """Who the accounts of one document belong to.

    Attributes:
        names: of the accounts that have one, by the account's id.
        without: of all others why they have none.
        count: persons named.
        positions: what they were when they acted, as the roster says, of the accounts of which it does.
    """

    names: Mapping[str, str] = field(repr=False)
    without: Mapping[str, Reason] = field(repr=False)
    count: int
    _known_by: frozenset[str] = field(repr=False)
    positions: Mapping[str, str] = field(repr=False)

    @property
    def reasons(self) -> dict[str, int]:
        """How many accounts have no name, by reason, without those that do not occur."""
        counts = {str(reason): sum(found == reason for found in self.without.values()) for reason in REASONS}
        return {reason: n for reason, n in counts.items() if n}

    def told_by(self, text: str) -> bool:
        """Whether a text has the whole name, titles aside, or the NIP of somebody who is named."""
        upper = text.upper()
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", upper) for word in self._known_by)


def persons_of(workspace: Workspace, acted: Mapping[str, Sequence[int]]) -> Persons:
    """The name of the one person to whom an account belonged at every one of its acts.

    Args:
        workspace: whose graph and vault are read.
        acted: for each account the instants at which it acted; where none is known, only a link without any end counts.

    Raises:
        KeyMissing, KeyWrong: the vault is not here, or cannot be opened.
    """
    vault = _vault(workspace)
    ids = sorted(acted)
    people, agencies = holding_persons(workspace.store, ids), holding_agencies(workspace.store, ids)
    owners: dict[str, str] = {}
    without: dict[str, Reason] = {}
    for id in ids:
        owner, why = holder(people.get(id, ()), agencies.get(id, ()), acted[id])
        if owner is None:
            without[id] = why
        else:
            owners[id] = owner
    known = {row["id"]: row for row in _of(vault, owners.values()).to_pylist()}
    names = {id: str(known[owner]["name"]) for id, owner in owners.items() if known.get(owner, {}).get("name")}
    without |= dict.fromkeys(owners.keys() - names.keys(), "unknown")
    told = [known[owner] for owner in {owners[id] for id in names}]
    held = positions_held(workspace.store, owners.values())
    positions = {
        id: "; ".join(dict.fromkeys(p.name for p in held.get(owners[id], ()) if _within(p.validity, acted[id])))
        for id in names
    }
    return Persons(names, without, len(told), _known_by(told), {id: said for id, said in positions.items() if said})


def holder(people: Iterable[Holding], agencies: Iterable[Holding], times: Sequence[int]) -> tuple[str | None, Reason]:
    """The person to whom an account belonged whenever it acted, or None and the reason why none is named.

    >>> from graphwatch.common.clock import Validity
    >>> until_5 = Holding("x:1", "a", "verified", Validity(None, 5))
    >>> holder([until_5], [], [1, 4])[0], holder([until_5], [], [1, 5]), holder([until_5], [], [5])
    ('a', (None, 'partly'), (None, 'nobody'))
    >>> holder([until_5, Holding("x:1", "b", "verified", Validity(5, None))], [], [1, 5])
    (None, 'several')
    """
    acting = [held for held in people if _ever(held, times)]
    holders = {held.holder for held in acting}
    duty = any(_ever(held, times) for held in agencies)
    if len(holders) + duty > 1:
        return None, "several"
    if not holders:
        return None, "duty" if duty else "nobody"
    if times:
        always = all(any(held.validity.covers(time) for held in acting) for time in times)
    else:
        always = any(held.validity.is_always for held in acting)
    return (holders.pop() if always else None), "partly"


def _ever(held: Holding, times: Sequence[int]) -> bool:
    return _within(held.validity, times)


def _within(validity: Validity, times: Sequence[int]) -> bool:
    """Whether any of the times lies in it; where none is known that cannot be denied."""
    return not times or any(validity.covers(time) for time in times)


def _vault(workspace: Workspace) -> pa.Table:
    vault = Vault(workspace.folder)
    if vault.fingerprint() is None:
        remedy = "Bring it back from its backup, or name the project folder that has it; handles open without it."
        raise KeyMissing("the vault with the names of persons is not here", where=str(vault.path), remedy=remedy)
    return vault.persons()


def _of(vault: pa.Table, ids: Iterable[str]) -> pa.Table:
    return vault.filter(pc.is_in(vault["id"], value_set=pa.array(sorted(set(ids)), pa.string())))


def _known_by(persons: Sequence[Row]) -> frozenset[str]:
    """Plain names and NIP, as words apart by blanks in capitals."""
    names = plain_names(pa.array([p["name"] for p in persons], pa.string())).to_pylist()
    words = {" ".join(re.findall(r"\w+", name.upper())) for name in names if name}
    return frozenset(word for word in (*words, *(p["nip"] for p in persons)) if word and len(word) >= _SHORTEST)


@dataclass(frozen=True, slots=True)
class Unmasking:
    """What may be named.

    Attributes:
        unmask: handles and addresses of accounts on the roster.
        names: the names of the persons whose accounts these are, too.
        off_roster: handles and addresses of all other accounts, too.
        reason: why.
        minutes: step of times where nothing is opened; None for election phases.
        alike: accounts that have to have done as much in a short phase where nothing is opened.
    """

    unmask: bool = False
    names: bool = False
    off_roster: bool = False
    reason: str | None = None
    minutes: int | None = field(default=None, repr=False)
    alike: int = field(default=FEWEST_ALIKE, repr=False)


def unmasking(
    unmask: Unmask,
    reason: str | None,
    *,
    off_roster: bool = False,
    minutes: int | None = None,
    alike: int = FEWEST_ALIKE,
) -> Unmasking:
    """What was asked for.

    Raises:
        UsageError: opening without a reason, a reason without opening, or something else than handles or names.

    >>> unmasking("names", " klarifikasi kasus 12 ")
    Unmasking(unmask=True, names=True, off_roster=False, reason='klarifikasi kasus 12')
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
    return Unmasking(bool(unmask), unmask == "names", off_roster, given, minutes, alike)


def record(workspace: Workspace, of: Unmasking, persons: "Persons | None", details: Mapping[str, Any]) -> None:
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
    workspace.log("unmask", str(of.reason), {**details, **opened})


def _words(*texts: object) -> str:
    """The texts with their words apart by blanks, whatever stood between: names of files have no blanks."""
    return re.sub(r"[\W_]+", " ", " ".join(str(t) for t in texts if t is not None))
