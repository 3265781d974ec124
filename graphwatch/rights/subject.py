"""Everything that is stored about an account or a person, for whoever asks what is stored about them."""

import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import NothingFound, UsageError
from graphwatch.ingest.persons import roster_fingerprints
from graphwatch.privacy.keys import roster_key
from graphwatch.privacy.person_ids import person_ids
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.privacy.redaction import Words, words_of
from graphwatch.privacy.vault import Vault
from graphwatch.repository.resolver import named
from graphwatch.store.workspace import Workspace

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


def whom(workspace: Workspace, account: str | None, asn: str | None, platform: str | None = None) -> Whom:
    """Whom an account (id, handle or address) or a person (NIP, or id in the graph) means.

    Accounts that the roster links to the person alone go with the person; those that it links to others too do not.

    Raises:
        UsageError: neither or both are given, or an account may be several.
        NothingFound: the graph does not know them.
        KeyMissing, KeyWrong: an NIP needs the roster's key, a person the vault's.
    """
    if (account is None) == (asn is None):
        raise UsageError("say whom it is about", remedy="Give --account, or --asn; one of the two.")
    with workspace.store.session():
        if account is not None:
            return Whom((_account(workspace, account, platform),))
        person = _person(workspace, str(asn))
        ids = workspace.store.read(_OF_PERSON, {"id": person["id"]})["id"].to_pylist()
        shared = workspace.store.read(_OTHERS, {"ids": ids, "id": person["id"]})["id"].to_pylist() if ids else []
        return Whom(tuple(_read(workspace, [id for id in ids if id not in shared])), person, tuple(sorted(shared)))


def _account(workspace: Workspace, what: str, platform: str | None) -> dict[str, Any]:
    found = _read(workspace, [what])
    if not found:
        found = _read(workspace, list(named(workspace, [(what, platform)]).accounts[what, platform].candidates))
    if not found:
        raise NothingFound(
            "there is no such account in the graph", where=workspace.place, remedy="Give its id, handle or address."
        )
    if len(found) > 1:
        each = ", ".join(row["id"] for row in found)
        raise UsageError(f"this may be any of {each}", remedy="Give the id, or name the platform with --platform.")
    return found[0]


def _read(workspace: Workspace, ids: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = workspace.store.read(_ACCOUNTS, {"ids": ids}).to_pylist() if ids else []
    return rows


def _person(workspace: Workspace, asn: str) -> dict[str, Any]:
    vault = Vault(workspace.folder)
    id = asn.strip().lower()
    if nip := _NIP.fullmatch(re.sub(r"[\s.]", "", asn)):
        id = person_ids(pa.array([nip[0]]), _roster_key(workspace, vault))[0].as_py()
    for person in vault.persons().to_pylist():
        if person["id"] == id:
            return dict(person)
    if workspace.store.read("MATCH (p:Asn) WHERE p.id = $id RETURN p.id AS id", {"id": id}).num_rows:
        return {"id": id, "nip": nip[0] if nip else None, "name": None}
    # What was asked for may be an NIP, which no message repeats.
    raise NothingFound("there is no such person on the rosters of this store", where=workspace.place)


def _roster_key(workspace: Workspace, vault: Vault) -> bytes:
    """The key that rosters were loaded with; one that is not here must not be made anew."""
    known = roster_fingerprints(workspace, vault)
    if not known:
        raise NothingFound("no roster was loaded into this store", where=workspace.place)
    return roster_key(workspace.folder, known)


_DONE: Final = (
    "MATCH (a:Account)-[r:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post) WHERE a.id IN $ids "
    "RETURN a.id AS account, r.kind AS kind, o.id AS object, o.url AS url, o.text AS object_text, r.at AS at, "
    "r.at_ms AS at_ms, r.observed_at_ms AS observed_at_ms, r.text AS text, r.sources AS sources, r.id AS id "
    "ORDER BY account, at_ms, id"
)
_FOLLOWS: Final = (
    "MATCH (a:Account)-[r:FOLLOWED]->(o:{label}) WHERE {which}.id IN $ids RETURN a.id AS account, r.kind AS kind, "
    "o.id AS object, r.at AS at, r.at_ms AS at_ms, r.sources AS sources, r.id AS id ORDER BY account, at_ms, id"
)
_PUBLISHED: Final = (
    "MATCH (a:Account)-[:PUBLISHED]->(p:Post) WHERE a.id IN $ids RETURN a.id AS account, p.id AS post, p.url AS url, "
    "p.text AS text, p.at AS at, p.at_ms AS at_ms ORDER BY account, post"
)
_PAIRS: Final = (
    "MATCH (a:Account)-[r:CO_INTERACTED]->(b:Account) WHERE a.id IN $ids OR b.id IN $ids RETURN r.run AS run, "
    "a.id AS account_a, b.id AS account_b, r.layer AS layer, r.n AS n, r.expected AS expected, r.q AS q, "
    "r.coordinated AS coordinated ORDER BY run, account_a, account_b, layer"
)
_CLUSTERS: Final = (
    "MATCH (a:Account)-[r:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN a.id AS account, c.id AS cluster, "
    "c.run AS run, c.size AS size, r.entered AS entered ORDER BY account, cluster"
)
_SCORES: Final = (
    "MATCH (a:Account)-[r:SCORED]->(n:Run) WHERE a.id IN $ids RETURN a.id AS account, n.id AS run, "
    "r.metric AS metric, r.projection AS projection, r.value AS value ORDER BY account, run, metric, projection"
)
_LINKS: Final = (
    "MATCH (a:Account)-[r:BELONGS_TO]->(p:Asn) WHERE a.id IN $ids OR p.id = $person RETURN a.id AS account, "
    "p.id AS person, r.basis AS basis, r.confidence AS confidence, r.checked_at AS checked_at, "
    "r.checked_by AS checked_by, r.valid_from AS valid_from, r.valid_to AS valid_to, r.sources AS sources "
    "ORDER BY account, person, basis"
)
_DUTY: Final = (
    "MATCH (a:Account)-[r:OPERATED_BY]->(g:Agency) WHERE a.id IN $ids RETURN a.id AS account, g.id AS agency, "
    "g.name AS name, r.valid_from AS valid_from, r.valid_to AS valid_to, r.sources AS sources ORDER BY account, agency"
)
_WORK: Final = (
    "MATCH (p:Asn)-[r:WORKS_AT]->(g:Agency) WHERE p.id = $person RETURN g.id AS agency, g.name AS name, "
    "p.kind AS kind, r.valid_from AS valid_from, r.valid_to AS valid_to, r.sources AS sources ORDER BY agency"
)
_WATCH: Final = (
    "MATCH (w:Watch)-[:WATCHES]->(a:Account) WHERE a.id IN $ids RETURN a.id AS account, w.reason AS reason, "
    "w.added_by AS added_by, w.added_at_ms AS added_at_ms, w.removed_at_ms AS removed_at_ms ORDER BY account"
)
_COMPLAINTS: Final = (
    "MATCH (c:Complaint)-[:ABOUT]->(a:Account) WHERE a.id IN $ids RETURN a.id AS account, c.id AS complaint, "
    "c.channel AS channel, c.received_at AS received_at, c.status AS status, c.text AS text, c.evidence AS evidence, "
    "c.sources AS sources ORDER BY account, complaint"
)
_DECISIONS: Final = (
    "MATCH (d:Decision) RETURN d.id AS decision, d.lead AS lead, d.lead_kind AS lead_kind, d.outcome AS outcome, "
    "d.reason AS reason, d.clarification AS clarification, d.forwarded_to AS forwarded_to, d.reviewer AS reviewer, "
    "d.at_ms AS at_ms, d.accounts AS accounts ORDER BY at_ms, decision"
)
_SOURCES: Final = (
    "MATCH (s:Source) WHERE s.id IN $ids RETURN s.id AS source, s.file AS file, s.kind AS kind, "
    "s.acquisition AS acquisition, s.acquired_by AS acquired_by, s.legal_basis AS legal_basis, "
    "s.keep_until AS keep_until, s.loaded_at_ms AS loaded_at_ms ORDER BY source"
)


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

    Who complained is not told, and accounts of others that acted alike, follow or are followed are pseudonyms: it is
    made to be handed over. That it was asked is logged first, under pseudonyms.

    Args:
        account: id, handle or address.
        asn: a person's NIP, or id in the graph; name and NIP come from the vault, with its key.
        platform: where a handle needs it.
        reason: why it is asked.
        unmask: name accounts of others too; it is logged.

    Returns:
        Lists of rows by what they are: accounts, interactions, published, pairs, clusters, scores, links, duty,
        employment, watch, complaints, decisions, sources; and person.

    Raises:
        UsageError, NothingFound, KeyMissing, KeyWrong: as for `forget`.
    """
    meant = whom(workspace, account, asn, platform)
    names = workspace.pseudonyms
    details = {"accounts": [names.account(id) for id in meant.ids], "persons": int(meant.person is not None)}
    if unmask:
        details["unmasked"] = True
    workspace.log("about", reason, details)
    with workspace.store.session():
        found, follows = _rows(workspace, meant), _follows(workspace, meant)
        if not unmask:
            own = {*meant.ids, *meant.shared}
            _masked(found["pairs"], ("account_a", "account_b"), own, names)
            _masked(follows["Account"], ("account", "object"), own, names)
        found["follows"] = [row for rows in follows.values() for row in rows]
        supplied = {row.rpartition(":")[0] for rows in found.values() for r in rows for row in r.get("sources") or ()}
        found["sources"] = _read_at(workspace, _SOURCES, ids=sorted(supplied))
    return {"person": meant.person, "accounts": list(meant.accounts), "claimed_by_others": list(meant.shared), **found}


def _rows(workspace: Workspace, meant: Whom) -> dict[str, list[dict[str, Any]]]:
    ids, person = meant.ids, meant.person["id"] if meant.person else ""
    decisions = [
        {k: v for k, v in row.items() if k != "accounts"}
        for row in _read_at(workspace, _DECISIONS)
        if set(row["accounts"] or ()) & set(ids) or row["lead"] in ids
    ]
    return {
        "interactions": _read_at(workspace, _DONE, ids=ids),
        "published": _read_at(workspace, _PUBLISHED, ids=ids),
        "pairs": _read_at(workspace, _PAIRS, ids=ids),
        "clusters": _read_at(workspace, _CLUSTERS, ids=ids),
        "scores": _read_at(workspace, _SCORES, ids=ids),
        "links": _read_at(workspace, _LINKS, ids=ids, person=person),
        "duty": _read_at(workspace, _DUTY, ids=ids),
        "employment": _read_at(workspace, _WORK, person=person),
        "watch": _read_at(workspace, _WATCH, ids=ids),
        "complaints": _read_at(workspace, _COMPLAINTS, ids=ids),
        "decisions": decisions,
    }


def _follows(workspace: Workspace, meant: Whom) -> dict[str, list[dict[str, Any]]]:
    """Whom they follow and who follows them, by what is followed."""

    def read(label: str, which: str) -> list[dict[str, Any]]:
        return _read_at(workspace, _FOLLOWS.format(label=label, which=which), ids=meant.ids)

    return {"Page": read("Page", "a"), "Account": read("Account", "a") + read("Account", "o")}


def _masked(rows: list[dict[str, Any]], columns: tuple[str, ...], own: set[str], names: Pseudonyms) -> None:
    """Give accounts that are not theirs a pseudonym; the id of a relation with one could be guessed from."""
    for row in rows:
        others = [column for column in columns if row[column] not in own]
        row |= {column: names.account(row[column]) for column in others}
        if others and "id" in row:
            row["id"] = names.relation(row["id"])


def _read_at(workspace: Workspace, cypher: str, **given: Any) -> list[dict[str, Any]]:
    if given.get("ids") == []:
        if "person" not in given:
            return []
        given["ids"] = [""]  # a list without a type is refused by one of the engines
    rows: list[dict[str, Any]] = workspace.store.read(cypher, given).to_pylist()
    return rows
