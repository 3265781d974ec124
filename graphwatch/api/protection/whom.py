"""Whom a request of a person is about: the accounts, the person on the roster, and what both are called."""

import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from graphwatch.api.casework.references import named
from graphwatch.api.incoming.persons import roster_fingerprints
from graphwatch.api.project import Project
from graphwatch.errors import NothingFound, UsageError
from graphwatch.privacy import Vault, Words, person_ids, roster_key, words_of

_NIP: Final = re.compile(r"[0-9]{18}")
_ACCOUNTS: Final = (
    "MATCH (a:Account) WHERE a.id IN $ids RETURN a.id AS id, a.platform AS platform, a.handle AS handle, "
    "a.name AS name, a.url AS url ORDER BY id"
)
_OF_PERSON: Final = "MATCH (a:Account)-[:BELONGS_TO]->(p:Asn) WHERE p.id = $id RETURN DISTINCT a.id AS id ORDER BY id"
_OTHERS: Final = (
    "MATCH (a:Account)-[:BELONGS_TO]->(p:Asn) WHERE a.id IN $ids AND p.id <> $id RETURN DISTINCT a.id AS id"
)


@dataclass(frozen=True, slots=True)
class Whom:
    """The accounts as the graph has them, the person as the vault has them; `shared` accounts others claim too."""

    accounts: tuple[dict[str, Any], ...]
    person: dict[str, Any] | None = None
    shared: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Whom(withheld)"

    @property
    def ids(self) -> list[str]:
        """Ids of the accounts."""
        return [account["id"] for account in self.accounts]

    @property
    def words(self) -> Words:
        """What gives them away in texts."""
        return words_of(self.accounts, [self.person] if self.person else [])


def whom(project: Project, account: str | None, asn: str | None, platform: str | None = None) -> Whom:
    """Whom an account (id, handle or address) or a person (NIP, or id in the graph) means.

    Accounts that the roster links to the person alone go with the person; those that it links to others too do not.

    Raises:
        UsageError: neither or both are given, or an account may be several.
        NothingFound: the graph does not know them.
        KeyMissing, KeyWrong: an NIP needs the roster's key, a person the vault's.
    """
    if (account is None) == (asn is None):
        raise UsageError("say whom it is about", remedy="Give --account, or --asn; one of the two.")
    with project.store.session():
        if account is not None:
            return Whom((_account(project, account, platform),))
        person = _person(project, str(asn))
        ids = project.store.read(_OF_PERSON, {"id": person["id"]})["id"].to_pylist()
        shared = project.store.read(_OTHERS, {"ids": ids, "id": person["id"]})["id"].to_pylist() if ids else []
        return Whom(tuple(_read(project, [id for id in ids if id not in shared])), person, tuple(sorted(shared)))


def _account(project: Project, what: str, platform: str | None) -> dict[str, Any]:
    found = _read(project, [what])
    if not found:
        found = _read(project, list(named(project, [(what, platform)]).accounts[what, platform].candidates))
    if not found:
        raise NothingFound(
            "there is no such account in the graph", where=project.place, remedy="Give its id, handle or address."
        )
    if len(found) > 1:
        each = ", ".join(row["id"] for row in found)
        raise UsageError(f"this may be any of {each}", remedy="Give the id, or name the platform with --platform.")
    return found[0]


def _read(project: Project, ids: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = project.store.read(_ACCOUNTS, {"ids": ids}).to_pylist() if ids else []
    return rows


def _person(project: Project, asn: str) -> dict[str, Any]:
    vault = Vault(project.folder)
    id = asn.strip().lower()
    if nip := _NIP.fullmatch(re.sub(r"[\s.]", "", asn)):
        id = person_ids(pa.array([nip[0]]), _roster_key(project, vault))[0].as_py()
    for person in vault.persons().to_pylist():
        if person["id"] == id:
            return dict(person)
    if project.store.read("MATCH (p:Asn) WHERE p.id = $id RETURN p.id AS id", {"id": id}).num_rows:
        return {"id": id, "nip": nip[0] if nip else None, "name": None}
    # What was asked for may be an NIP, which no message repeats.
    raise NothingFound("there is no such person on the rosters of this store", where=project.place)


def _roster_key(project: Project, vault: Vault) -> bytes:
    """The key that rosters were loaded with; one that is not here must not be made anew."""
    known = roster_fingerprints(project, vault)
    if not known:
        raise NothingFound("no roster was loaded into this store", where=project.place)
    return roster_key(project.folder, known)
