"""Carry an erasure out, step by step; each may be done twice, so that one that was stopped can be begun again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from graphwatch.common.clock import now_ms
from graphwatch.common.files import clear_drafts, write_atomic
from graphwatch.common.locks import held
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import UsageError
from graphwatch.ingest.quarantine import withhold
from graphwatch.platforms.naming import CASELESS, account_meant, account_name
from graphwatch.privacy.redaction import Tombstones, Words
from graphwatch.privacy.vault import Vault
from graphwatch.repository.casework import naming_complaints
from graphwatch.repository.interactions import ids_of_acts
from graphwatch.repository.runs import bursts_without
from graphwatch.repository.subjects import (
    accounts_following_or_followed,
    bare_posts,
    clusters_with,
    complaints_about,
    decisions_on_accounts,
    held_by_others,
    own_posts,
    posts_containing,
    posts_used_by_others,
)
from graphwatch.rights.proof import Proof, search
from graphwatch.rights.subject import Subject, resolve_subject
from graphwatch.store.base import ReadableStore, Store
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace, WritableWorkspace

# What of a complaint is about the accused, and what of a post its author's own.
_ACCUSED: Final = ("account_ref", "post_ref", "kind", "at_ms", "at", "text", "evidence", "evidence_sha256")
_CONTENT: Final = ("url", "text", "links", "hashtags", "images")


def erasure_scope(workspace: Workspace, subject: Subject) -> Erasure:
    """The accounts and the person, what is theirs alone, and where others speak of them."""
    store, ids, words = workspace.store, subject.ids, subject.words
    persons = frozenset([subject.person["id"]] if subject.person else [])
    with workspace.store.session():
        own = own_posts(store, ids)
        used = posts_used_by_others(store, own, ids)
        telling = _telling_posts(store, words, ids)
        complaints = (complaints_about(store, ids) | _accusing(store, subject)) if ids else frozenset[str]()
        accounts = frozenset(ids)
        orphans = _orphans(store, ids)
        posts = (own - used) | telling | orphans.get("Post", frozenset())
        acts = ids_of_acts(store, accounts, posts)
        return Erasure(
            at_ms=now_ms(),
            nodes={
                "Account": accounts | orphans.get("Account", frozenset()),
                "Asn": persons,
                "Watch": accounts,
                "Decision": decisions_on_accounts(store, ids),
                "Post": posts,
                "Burst": bursts_without(store, frozenset[str]().union(*acts.values())),
            },
            relations=acts,
            emptied={"Complaint": (complaints, _ACCUSED), "Post": (own, _CONTENT)},
            words=words,
            clusters=clusters_with(store, ids),
        )


def preview(workspace: Workspace, erasure: Erasure) -> dict[str, int]:
    """How much would go of each kind."""
    counts: dict[str, int] = {}
    for _, table in workspace.store.dump():
        name = table.element.name
        for batch in table.batches:
            gone = erasure.apply(name, table.start, table.end, pa.Table.from_batches([batch])).gone
            if gone:
                counts[name] = counts.get(name, 0) + len(gone)
    return dict(sorted(counts.items()))


def _orphans(store: ReadableStore, ids: list[str]) -> dict[str, frozenset[str]]:
    """Bare posts and accounts of others that only these accounts' acts have brought in, by label."""
    neighbours = accounts_following_or_followed(store, ids)
    candidates = {"Account": neighbours - frozenset(ids), "Post": bare_posts(store, ids)}
    return {label: some - held_by_others(store, label, some, ids) for label, some in candidates.items() if some}


def _telling_posts(store: ReadableStore, words: Words, ids: list[str]) -> frozenset[str]:
    """Posts whose native id has the account's in it, as some platforms make them."""
    found: set[str] = set()
    for native in {id.partition(":")[2] for id in ids} - {""}:
        candidates = posts_containing(store, native)
        found |= {id for id in candidates if id.partition(":")[2] != native and words.within(id)}
    return frozenset(found)


def _accusing(store: ReadableStore, subject: Subject) -> frozenset[str]:
    """Complaints that name an account without being linked with it."""
    ids = set(subject.ids)
    handles = {(a["platform"], a["handle"].lower()) for a in subject.accounts if a["handle"]}
    urls = {a["url"] for a in subject.accounts if a["url"]}
    found = set()
    for complaint in naming_complaints(store):
        meant = account_meant(complaint.account_ref, complaint.platform)
        named = account_name(complaint.account_ref, meant.platform).id if meant.platform else meant.native
        by_id = complaint.account_ref in ids or not ids.isdisjoint(
            f"{meant.platform}:{n}" for n in (named, meant.native)
        )
        if by_id or (meant.platform, meant.handle) in handles or urls & set(meant.urls):
            found.add(complaint.id)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done.

    Attributes:
        erasure: what goes.
        tombstones: what later loads must leave out.
        shared: accounts of a person that others claim too; they stay.
        expired: where it is the end of retention: the sources and their files.
        day: the day on which they had expired.
        removed: why they are removed before that; empty where it is the end of retention.
    """

    erasure: Erasure
    tombstones: tuple[tuple[Any, str], ...] = ()
    shared: tuple[str, ...] = ()
    expired: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    removed: str = ""


class Pending:
    """The file `forgetting.json` of a project: there from the beginning of an erasure to its end.

    It names whom it is about, as long as they are not forgotten; only its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "forgetting.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other process begin or finish an erasure meanwhile.

        Raises:
            StoreLocked: another process erases for longer than the settings allow.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with held(self.path.with_suffix(".lock"), name="the erasure under way", doing="erasing"):
            yield

    def begin(self, work: Work) -> None:
        """Write down what is to be done."""
        write_atomic(self.path, written(work))

    def read(self) -> Work | None:
        """What is still to be done.

        Raises:
            StoreDamaged: the file is not what was written.
        """
        remedy = "Take it away and begin the erasure again."
        return read_stored(self.path, Work, name="the erasure under way", remedy=remedy, exact=True)

    def end(self) -> None:
        """It is done."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased.

    Attributes:
        erased: how many nodes and relations of each kind went; of an erasure that was stopped, those that were left.
        persons, quarantined: persons taken out of the vault, values withheld in quarantine files.
        clusters: clusters that lost members; their numbers, and those of every run, are of before.
        shared: accounts of the person that others claim too; they stay.
        proof: what a search of every file found afterwards; None where nothing was erased yet.
    """

    erased: Mapping[str, int]
    persons: int
    quarantined: int
    clusters: tuple[str, ...]
    shared: tuple[str, ...]
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Expired:
    """What was erased at the end of its retention or because a load is undone, or would be.

    Attributes:
        sources: expired or removed sources and their files.
        erased: how many nodes and relations of each kind went; of an erasure that was stopped, those that were left.
        persons: persons taken out of the vaults.
        undated: sources without a last day, or with one that is none; they are kept.
        removed: why a load was undone; empty where it is the end of retention.
    """

    sources: Mapping[str, str]
    erased: Mapping[str, int] = field(default_factory=dict)
    persons: int = 0
    undated: tuple[str, ...] = ()
    removed: str = ""


def writable(workspace: Workspace, store: Store) -> WritableWorkspace:
    """The workspace as one that may be written, after the erasure that was stopped.

    What a verb adds was not there when that erasure was begun, and would be missed by it. Somebody else's writing is
    waited for here, before the verb begins work that it could not bring in.

    Args:
        store: the workspace's own, with the part of it that writes.

    Raises:
        GraphwatchError: as for `resume`.
    """
    resume(workspace, store)
    store.await_turn()
    return WritableWorkspace(workspace.place, workspace.folder, store)


def resume(workspace: Workspace, store: Store) -> Forgotten | Expired | None:
    """Finish the erasure that was begun and stopped; None where none was. See `Project.resume_forgetting`."""
    pending = Pending(workspace.folder)
    if pending.read() is None:
        return None
    with pending.held():
        work = pending.read()
        return None if work is None else carry_out(workspace, store, work, resumed=True)


def carry_out(workspace: Workspace, store: Store, work: Work, *, resumed: bool = False) -> Forgotten | Expired:
    """Do what is written down as pending, and note in the access log that it was done.

    Later loads are told first, so that none brings back what goes; the proof comes last.
    """
    erasure = work.erasure
    if work.tombstones:
        Tombstones(workspace.folder).add(work.tombstones)
    persons = _taken_from_vaults(workspace, erasure)
    withheld = _cleared_quarantine(workspace, erasure)
    erased = store.erase(erasure)
    again = {"resumed": True} if resumed else {}
    done: Forgotten | Expired
    if work.expired:
        details = {"sources": sorted(work.expired), "day": work.day, "erased": erased, "persons": persons, **again}
        workspace.log("remove" if work.removed else "expire", work.removed or "end of retention", details)
        done = Expired(work.expired, erased, persons, removed=work.removed)
    else:
        proof = search(workspace, erasure)
        details = {"erased": erased, "files": proof.files, "found": len(proof.found), **again}
        workspace.log("forgotten", "proof of erasure", details)
        done = Forgotten(erased, persons, withheld, tuple(sorted(erasure.clusters)), work.shared, proof)
    Pending(workspace.folder).end()
    return done


def _taken_from_vaults(workspace: Workspace, erasure: Erasure) -> int:
    """How many persons went from the vaults: those on a roster, and those who made complaints that go."""
    persons, complaints = (erasure.nodes.get(label, frozenset()) for label in ("Asn", "Complaint"))
    taken = Vault(workspace.folder).forget(persons) if persons else 0
    return taken + (Vault(workspace.folder, "complainants").forget(complaints) if complaints else 0)


def _cleared_quarantine(workspace: Workspace, erasure: Erasure) -> int:
    """Take away the files of sources that go, and withhold in the others what gives somebody away; how many values."""
    folder, words = workspace.folder / "quarantine", erasure.words
    for source in sorted(erasure.sources):
        (folder / f"{source}.csv").unlink(missing_ok=True)
        clear_drafts(folder / f"{source}.csv")
    return sum(withhold(path, _telling(words)) for path in sorted(folder.glob("*.csv"))) if words.all else 0


def _telling(words: Words) -> Callable[[str], bool]:
    return lambda cell: words.whole(cell) or words.within(cell)


def forget(
    workspace: Workspace,
    store: Store,
    *,
    account: str | None = None,
    asn: str | None = None,
    platform: str | None = None,
    reason: str,
    dry_run: bool = False,
) -> Forgotten:
    """Erase everything about an account or a person, prove it, and let no later load bring it back.

    See `Project.forget`.
    """
    if not reason.strip():
        raise UsageError("forgetting needs a reason", remedy="Give --reason; it is logged.")
    resume(workspace, store)
    pending = Pending(workspace.folder)
    with pending.held():
        subject = resolve_subject(workspace, account, asn, platform)
        if subject.words.within(reason):
            raise UsageError("the reason names whom it is about", remedy="Give a case number instead: the log stays.")
        erasure = erasure_scope(workspace, subject)
        if dry_run:
            clusters = tuple(sorted(erasure.clusters))
            return Forgotten(
                preview(workspace, erasure), int(subject.person is not None), 0, clusters, subject.shared, None
            )
        Tombstones(workspace.folder)  # its key must be here before anything is erased
        names = workspace.pseudonyms
        details = {"accounts": [names.account(id) for id in subject.ids], "persons": int(subject.person is not None)}
        workspace.log("forget", reason, details)
        work = Work(erasure, tuple(_tombstones_of(subject)), subject.shared)
        pending.begin(work)
        done = carry_out(workspace, store, work)
    assert isinstance(done, Forgotten)
    return done


def _tombstones_of(subject: Subject) -> list[tuple[Any, str]]:
    """What later loads must know them by."""
    handles = [f"{a['platform']}:{a['handle']}" for a in subject.accounts if a["handle"] and a["platform"]]
    # Known by handle alone: another spelling of it must not bring them back.
    split = [id.partition(":") for id in subject.ids]
    handles += [f"{p}:{name.removeprefix('@')}" for p, _, name in split if p in CASELESS and not name.isdecimal()]
    persons = [subject.person["id"]] if subject.person else []
    return [
        *(("account", id) for id in subject.ids),
        *(("handle", handle) for handle in handles),
        *(("person", id) for id in persons),
    ]
