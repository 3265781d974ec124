"""Carry an erasure out, step by step; each may be done twice, so that one that was stopped can be begun again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphwatch.common.files import clear_drafts, write_atomic
from graphwatch.common.locks import held
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import UsageError
from graphwatch.ingest.quarantine import withhold
from graphwatch.platforms.naming import CASELESS
from graphwatch.privacy.redaction import Words
from graphwatch.privacy.tombstones import Tombstones
from graphwatch.privacy.vault import Vault
from graphwatch.rights.erasure_scope import erasure_scope, preview
from graphwatch.rights.proof import Proof, search
from graphwatch.rights.subject import Subject, resolve_subject
from graphwatch.store.base import Store
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace, WritableWorkspace


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done.

    Attributes:
        erasure: what goes.
        tombstones: what later loads must leave out.
        shared: accounts of a person that others claim too; they stay.
        expired: where it is the end of retention: the sources and their files.
        day: the day on which they had expired.
    """

    erasure: Erasure
    tombstones: tuple[tuple[Any, str], ...] = ()
    shared: tuple[str, ...] = ()
    expired: Mapping[str, str] = field(default_factory=dict)
    day: str = ""


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
    """What was erased at the end of its retention, or would be.

    Attributes:
        sources: expired sources and their files.
        erased: how many nodes and relations of each kind went; of an erasure that was stopped, those that were left.
        persons: persons taken out of the vaults.
        undated: sources without a last day, or with one that is none; they are kept.
    """

    sources: Mapping[str, str]
    erased: Mapping[str, int] = field(default_factory=dict)
    persons: int = 0
    undated: tuple[str, ...] = ()


def writable(workspace: Workspace, store: Store) -> WritableWorkspace:
    """The workspace as one that may be written, after the erasure that was stopped.

    What a verb adds was not there when that erasure was begun, and would be missed by it.

    Args:
        store: the workspace's own, with the part of it that writes.

    Raises:
        GraphwatchError: as for `resume`.
    """
    resume(workspace, store)
    return WritableWorkspace(workspace.place, workspace.folder, store)


def resume(workspace: Workspace, store: Store) -> Forgotten | Expired | None:
    """Finish the erasure that was begun and stopped; None where none was.

    Raises:
        KeyMissing, KeyWrong: the key of the vault or of the tombstones is not here.
        StoreLocked: another process holds the store, or is erasing.
        StoreDamaged: what is to be erased cannot be read.
    """
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
        workspace.log("expire", "end of retention", details)
        done = Expired(work.expired, erased, persons)
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

    Nodes, relations, pairs and memberships go from the graph and from its record; persons from the vault; values from
    quarantine files; names from texts of others, which stay. Complaints and posts of theirs on which others acted
    stay without their words. The access log stays: it is the record of what was processed.

    Args:
        store: the workspace's own, with the part of it that erases.
        account: id, handle or address.
        asn: a person's NIP, or id in the graph; accounts that are this person's alone go too.
        platform: where a handle needs it.
        reason: why; it is logged and may not name them.
        dry_run: only count.

    Raises:
        UsageError: no reason, one that names them, neither or both of account and asn.
        NothingFound: the graph does not know them.
        KeyMissing, KeyWrong: the key of the roster, the vault or the tombstones is not here.
        StoreLocked: another process holds the store.
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
