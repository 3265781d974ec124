"""Carry an erasure out, step by step; each may be done twice, so that one that was stopped can be begun again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from graphwatch.api.opening.logged import log
from graphwatch.api.project import Project
from graphwatch.api.protection.pending import Pending, Work
from graphwatch.api.protection.proof import Proof, search
from graphwatch.ingest.quarantine import withhold
from graphwatch.privacy import Tombstones, Vault, Words, clear_drafts
from graphwatch.store import Erasure

P = ParamSpec("P")
R = TypeVar("R")


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


def resume(self: Project) -> Forgotten | Expired | None:
    """Finish the erasure that was begun and stopped; None where none was.

    Raises:
        KeyMissing, KeyWrong: the key of the vault or of the tombstones is not here.
        StoreLocked: another process holds the store, or is erasing.
        StoreDamaged: what is to be erased cannot be read.
    """
    pending = Pending(self.folder)
    if pending.read() is None:
        return None
    with pending.held():
        work = pending.read()
        return None if work is None else carry_out(self, work, resumed=True)


def resumed_first(verb: "Callable[Concatenate[Project, P], R]") -> "Callable[Concatenate[Project, P], R]":
    """A verb that writes, after the erasure that was stopped: what it would add was not there when that was begun."""

    @wraps(verb)
    def after(self: Project, /, *words: P.args, **more: P.kwargs) -> R:
        resume(self)
        return verb(self, *words, **more)

    return after


def carry_out(project: Project, work: Work, *, resumed: bool = False) -> Forgotten | Expired:
    """Do what is written down as pending, and note in the access log that it was done.

    Later loads are told first, so that none brings back what goes; the proof comes last.
    """
    erasure = work.erasure
    if work.tombstones:
        Tombstones(project.folder).add(work.tombstones)
    persons = _taken_from_vaults(project, erasure)
    withheld = _cleared_quarantine(project, erasure)
    erased = project.store.erase(erasure)
    again = {"resumed": True} if resumed else {}
    done: Forgotten | Expired
    if work.expired:
        details = {"sources": sorted(work.expired), "day": work.day, "erased": erased, "persons": persons, **again}
        log(project, "expire", "end of retention", details)
        done = Expired(work.expired, erased, persons)
    else:
        proof = search(project, erasure)
        details = {"erased": erased, "files": proof.files, "found": len(proof.found), **again}
        log(project, "forgotten", "proof of erasure", details)
        done = Forgotten(erased, persons, withheld, tuple(sorted(erasure.clusters)), work.shared, proof)
    Pending(project.folder).end()
    return done


def _taken_from_vaults(project: Project, erasure: Erasure) -> int:
    """How many persons went from the vaults: those on a roster, and those who made complaints that go."""
    persons, complaints = (erasure.nodes.get(label, frozenset()) for label in ("Asn", "Complaint"))
    taken = Vault(project.folder).forget(persons) if persons else 0
    return taken + (Vault(project.folder, "complainants").forget(complaints) if complaints else 0)


def _cleared_quarantine(project: Project, erasure: Erasure) -> int:
    """Take away the files of sources that go, and withhold in the others what gives somebody away; how many values."""
    folder, words = project.folder / "quarantine", erasure.words
    for source in sorted(erasure.sources):
        (folder / f"{source}.csv").unlink(missing_ok=True)
        clear_drafts(folder / f"{source}.csv")
    return sum(withhold(path, _telling(words)) for path in sorted(folder.glob("*.csv"))) if words.all else 0


def _telling(words: Words) -> Callable[[str], bool]:
    return lambda cell: words.whole(cell) or words.within(cell)
