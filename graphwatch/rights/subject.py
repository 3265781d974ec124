"""What is stored about somebody; and the log of who unmasked or erased what."""

import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import NothingFound, UsageError
from graphwatch.ingest.persons import roster_fingerprints
from graphwatch.privacy.keys import roster_key
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.privacy.redaction import Words, words_of
from graphwatch.privacy.vault import Vault, person_ids
from graphwatch.repository.resolver import resolve
from graphwatch.repository.sources import sources_told
from graphwatch.repository.subjects import accounts, accounts_of_person, follows, has_person, stored_about
from graphwatch.store.workspace import Workspace

_NIP: Final = re.compile(r"[0-9]{18}")


@dataclass(frozen=True, slots=True)
class Subject:
    """The accounts as the graph has them, the person as the vault has them; `shared` accounts others claim too."""

    accounts: tuple[dict[str, Any], ...]
    person: dict[str, Any] | None = None
    shared: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Subject(withheld)"

    @property
    def ids(self) -> list[str]:
        """Ids of the accounts."""
        return [account["id"] for account in self.accounts]

    @property
    def words(self) -> Words:
        """What gives them away in texts."""
        return words_of(self.accounts, [self.person] if self.person else [])


def resolve_subject(workspace: Workspace, account: str | None, asn: str | None, platform: str | None = None) -> Subject:
    """Whom an account (id, handle or address) or a person (NIP, or id in the graph) means.

    Accounts that the roster links to the person alone go with the person; those that it links to others too do not.

    Raises:
        UsageError: neither or both are given, or an account may be several.
        NothingFound: the graph does not know them.
        KeyMissing, KeyWrong: an NIP needs the roster's key, a person the vault's.
    """
    if (account is None) == (asn is None):
        raise UsageError(
            "no account and no person is named, or both are", remedy="Give --account, or --asn; one of the two."
        )
    with workspace.store.session():
        if account is not None:
            id = resolve(workspace, account, ("Account",), platform=platform).id
            return Subject(tuple(accounts(workspace.store, [id])))
        person = _person(workspace, str(asn))
        ids, shared = accounts_of_person(workspace.store, person["id"])
        own = accounts(workspace.store, [id for id in ids if id not in shared])
        return Subject(tuple(own), person, tuple(sorted(shared)))


def _person(workspace: Workspace, asn: str) -> dict[str, Any]:
    vault = Vault(workspace.folder)
    id = asn.strip().lower()
    if nip := _NIP.fullmatch(re.sub(r"[\s.]", "", asn)):
        id = person_ids(pa.array([nip[0]]), _roster_key(workspace, vault))[0].as_py()
    for person in vault.persons().to_pylist():
        if person["id"] == id:
            return dict(person)
    if has_person(workspace.store, id):
        return {"id": id, "nip": nip[0] if nip else None, "name": None}
    # What was asked for may be an NIP, which no message repeats.
    raise NothingFound("there is no such person on the rosters of this store", where=workspace.place)


def _roster_key(workspace: Workspace, vault: Vault) -> bytes:
    """The key that rosters were loaded with; one that is not here must not be made anew."""
    known = roster_fingerprints(workspace, vault)
    if not known:
        raise NothingFound("no roster was loaded into this store", where=workspace.place)
    return roster_key(workspace.folder, known)


def about(
    workspace: Workspace,
    *,
    account: str | None = None,
    asn: str | None = None,
    platform: str | None = None,
    reason: str = "subject access request",
    unmask: bool = False,
) -> dict[str, Any]:
    """Everything stored about an account, or about a person and the accounts that are this person's alone.

    See `Project.about`.
    """
    subject = resolve_subject(workspace, account, asn, platform)
    names = workspace.pseudonyms
    details = {"accounts": [names.account(id) for id in subject.ids], "persons": int(subject.person is not None)}
    if unmask:
        details["unmasked"] = True
    workspace.log("about", reason, details)
    with workspace.store.session():
        found = stored_about(workspace.store, subject.ids, subject.person["id"] if subject.person else "")
        followed = _follows(workspace, subject)
        if not unmask:
            own = {*subject.ids, *subject.shared}
            _masked(found["pairs"], ("account_a", "account_b"), own, names)
            _masked(followed["Account"], ("account", "object"), own, names)
        found["follows"] = [row for rows in followed.values() for row in rows]
        supplied = {row.rpartition(":")[0] for rows in found.values() for r in rows for row in r.get("sources") or ()}
        found["sources"] = sources_told(workspace.store, sorted(supplied))
    return {
        "person": subject.person,
        "accounts": list(subject.accounts),
        "claimed_by_others": list(subject.shared),
        **found,
    }


def _follows(workspace: Workspace, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """Whom they follow and who follows them, by what is followed."""
    store, ids = workspace.store, subject.ids
    return {
        "Page": follows(store, ids, "Page"),
        "Account": follows(store, ids, "Account") + follows(store, ids, "Account", followed=True),
    }


def _masked(rows: list[dict[str, Any]], columns: tuple[str, ...], own: set[str], names: Pseudonyms) -> None:
    """Give accounts that are not theirs a pseudonym; the id of a relation with one could be guessed from."""
    for row in rows:
        others = [column for column in columns if row[column] not in own]
        row |= {column: names.account(row[column]) for column in others}
        if others and "id" in row:
            row["id"] = names.relation(row["id"])


def sign_on(workspace: Workspace, name: str) -> None:
    """Note who works with the project now; see `Project.sign_on`."""
    if not name.strip():
        raise UsageError("nobody is named", remedy="Give a name.")
    workspace.made_folder()
    workspace.log("sign-on", "works at the desk", {"name": name.strip()})


def access_log(workspace: Workspace, *, action: str | None = None, last: int | None = None) -> list[dict[str, Any]]:
    """The lines of the access log with their numbers, the first one first; they are not verified.

    See `Project.access_log`.
    """
    rows = [row for row in workspace.access_records.entries() if action in (None, row["action"])]
    return rows if last is None else rows[max(len(rows) - last, 0) :]


def verify_log(workspace: Workspace, *, noted: str | None = None) -> tuple[int, str]:
    """Check every line of the access log against the one before; the number of lines and the digest of the last.

    See `Project.verify_log`.
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
