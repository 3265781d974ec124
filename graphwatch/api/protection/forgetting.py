"""Forget an account or a person: from graph and record, vault, quarantine and texts, with a proof and a tombstone."""

from typing import Any

from graphwatch.api.opening.logged import log
from graphwatch.api.opening.pseudonyms import pseudonyms_of
from graphwatch.api.project import Project
from graphwatch.api.protection.extent import extent, preview
from graphwatch.api.protection.finishing import Forgotten, carry_out, resume
from graphwatch.api.protection.pending import Pending, Work
from graphwatch.api.protection.whom import Whom, whom
from graphwatch.errors import UsageError
from graphwatch.privacy import Tombstones


def forget(
    self: Project,
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
    resume(self)
    pending = Pending(self.folder)
    with pending.held():
        about = whom(self, account, asn, platform)
        if about.words.within(reason):
            raise UsageError("the reason names whom it is about", remedy="Give a case number instead: the log stays.")
        erasure = extent(self, about)
        if dry_run:
            clusters = tuple(sorted(erasure.clusters))
            return Forgotten(preview(self, erasure), int(about.person is not None), 0, clusters, about.shared, None)
        Tombstones(self.folder)  # its key must be here before anything is erased
        names = pseudonyms_of(self)
        details = {"accounts": [names.account(id) for id in about.ids], "persons": int(about.person is not None)}
        log(self, "forget", reason, details)
        work = Work(erasure, tuple(_tombstones_of(about)), about.shared)
        pending.begin(work)
        done = carry_out(self, work)
    assert isinstance(done, Forgotten)
    return done


def _tombstones_of(about: Whom) -> list[tuple[Any, str]]:
    """What later loads must know them by."""
    handles = [f"{a['platform']}:{a['handle']}" for a in about.accounts if a["handle"] and a["platform"]]
    persons = [about.person["id"]] if about.person else []
    return [
        *(("account", id) for id in about.ids),
        *(("handle", handle) for handle in handles),
        *(("person", id) for id in persons),
    ]
