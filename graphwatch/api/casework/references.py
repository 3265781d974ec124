"""Accounts and posts that texts name, looked for in the graph."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphwatch.api.opening.pseudonyms import pseudonyms_of
from graphwatch.api.project import Project
from graphwatch.errors import NothingFound, UsageError
from graphwatch.ingest.addresses import PLATFORMS, Reference, account_reference, post_reference
from graphwatch.privacy import has_project_key

_BY: Final = (
    "WHERE n.id IN $ids OR toLower(n.handle) IN $handles OR n.url IN $urls "
    "RETURN n.id AS id, n.platform AS platform, toLower(n.handle) AS handle, n.url AS url"
)
_POSTS: Final = (
    "MATCH (n:Post) WHERE n.id IN $ids OR n.url IN $urls "
    "RETURN n.id AS id, n.platform AS platform, null AS handle, n.url AS url"
)
_SHOWN: Final = 10
_PSEUDONYM: Final = {"Account": "A-", "Post": "P-"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a text may mean: candidates in the graph, sorted; one of them is an answer, several are a question."""

    candidates: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """Texts of one store and what they mean, by (text, platform)."""

    accounts: Mapping[tuple[str, str | None], Named] = field(default_factory=dict)
    posts: Mapping[tuple[str, str | None], Named] = field(default_factory=dict)


def account_named(project: Project, text: str) -> str:
    """The id of the one account that a text names by id, handle, address or pseudonym.

    Raises:
        NothingFound: no account is called so.
        UsageError: several are; they are listed.
    """
    key = (text.strip(), None)
    candidates = named(project, [key]).accounts.get(key, Named()).candidates or by_pseudonym(project, "Account", text)
    if len(candidates) > 1:
        raise UsageError(f"{text!r} may be several: {', '.join(candidates[:_SHOWN])}", remedy="Name one of these.")
    if not candidates:
        raise NothingFound(
            f"no account is called {text!r}",
            where=project.place,
            remedy="Name it by its id, for example x:123, or handle.",
        )
    return candidates[0]


def by_pseudonym(project: Project, label: str, text: str) -> tuple[str, ...]:
    """The ids of the accounts or posts that this project calls so in what it hands on."""
    word = text.strip().upper()
    if not word.startswith(_PSEUDONYM[label]) or not has_project_key(project.folder):
        return ()
    pseudonyms = pseudonyms_of(project)
    of = pseudonyms.account if label == "Account" else pseudonyms.post
    with project.store.session():
        ids = project.store.read(f"MATCH (n:{label}) RETURN n.id AS id")["id"].to_pylist()
    return tuple(sorted(id for id in ids if of(id) == word))


def named(
    project: Project, accounts: Iterable[tuple[str, str | None]], posts: Iterable[tuple[str, str | None]] = ()
) -> Names:
    """What the texts mean in the graph, all of them in one look at it.

    Args:
        accounts: (text, platform) of accounts: handle, address or native id; the platform None where nobody says.
        posts: (text, platform) of posts: address or native id.
    """
    of_accounts = {key: account_reference(*key) for key in accounts}
    of_posts = {key: post_reference(*key) for key in posts}
    if not project.store.exists:
        return Names()
    with project.store.session():
        found = _found(project, f"MATCH (n:Account) {_BY}", of_accounts)
        pages = _found(project, f"MATCH (n:Page) {_BY}", of_accounts)
        seen = _found(project, _POSTS, of_posts)
    return Names(
        {key: Named(_fitting(r, found), _fitting(r, pages)) for key, r in of_accounts.items()},
        {key: Named(_fitting(r, seen)) for key, r in of_posts.items()},
    )


def _found(project: Project, cypher: str, references: Mapping[Any, Reference]) -> list[dict[str, Any]]:
    if not references:
        return []
    wanted = references.values()
    given = {
        "ids": sorted({id for r in wanted for id in _ids(r)}),
        "handles": sorted({r.handle for r in wanted if r.handle}),
        "urls": sorted({url for r in wanted for url in r.urls}),
    }
    used = {name: texts or [""] for name, texts in given.items() if f"${name}" in cypher}
    rows: list[dict[str, Any]] = project.store.read(cypher, used).to_pylist()
    return rows


def _ids(reference: Reference) -> list[str]:
    """The ids in the graph that it may have; a text that is one already counts too."""
    if reference.native is None:
        return []
    platforms = (reference.platform,) if reference.platform else PLATFORMS
    return [reference.native, *(f"{platform}:{reference.native}" for platform in platforms)]


def _fitting(reference: Reference, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """The rows that it may mean: those with its native id, address or handle."""
    ids = set(_ids(reference))
    rows = [r for r in rows if reference.platform in (None, r["platform"])]
    exact = {r["id"] for r in rows if r["id"] in ids or r["url"] in reference.urls}
    handled = {r["id"] for r in rows if reference.handle and r["handle"] == reference.handle}
    return tuple(sorted(exact | handled))
