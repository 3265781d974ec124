"""What goes when an account or a person is forgotten, and how much an erasure would take."""

from typing import Final

import pyarrow as pa

from graphwatch.common.clock import now_ms
from graphwatch.platforms.naming import account_meant, account_name
from graphwatch.privacy.redaction import Words
from graphwatch.repository.bursts import bursts_without
from graphwatch.repository.casework import naming_complaints
from graphwatch.repository.interactions import ids_of_acts
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
from graphwatch.rights.subject import Subject
from graphwatch.store.base import ReadableStore
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace

# What of a complaint is about the accused, and what of a post its author's own.
_ACCUSED: Final = ("account_ref", "post_ref", "kind", "at_ms", "at", "text", "evidence", "evidence_sha256")
_CONTENT: Final = ("url", "text", "links", "hashtags")


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
