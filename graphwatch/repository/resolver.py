"""Accounts and posts that texts name, looked for in the graph."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.declaring import Key
from graphwatch.platforms.addresses import PLATFORMS, Reference, account_reference, post_reference
from graphwatch.privacy.keys import has_project_key
from graphwatch.store.workspace import Workspace

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


def account_named(workspace: Workspace, text: str) -> str:
    """The id of the one account that a text names by id, handle, address or pseudonym.

    Raises:
        NothingFound: no account is called so.
        UsageError: several are; they are listed.
    """
    key = (text.strip(), None)
    candidates = named(workspace, [key]).accounts.get(key, Named()).candidates or by_pseudonym(
        workspace, "Account", text
    )
    if len(candidates) > 1:
        raise UsageError(f"{text!r} may be several: {', '.join(candidates[:_SHOWN])}", remedy="Name one of these.")
    if not candidates:
        raise NothingFound(
            f"no account is called {text!r}",
            where=workspace.place,
            remedy="Name it by its id, for example x:123, or handle.",
        )
    return candidates[0]


def by_pseudonym(workspace: Workspace, label: str, text: str) -> tuple[str, ...]:
    """The ids of the accounts or posts that this project calls so in what it hands on."""
    word = text.strip().upper()
    if not word.startswith(_PSEUDONYM[label]) or not has_project_key(workspace.folder):
        return ()
    pseudonyms = workspace.pseudonyms
    of = pseudonyms.account if label == "Account" else pseudonyms.post
    with workspace.store.session():
        ids = workspace.store.read(f"MATCH (n:{label}) RETURN n.id AS id")["id"].to_pylist()
    return tuple(sorted(id for id in ids if of(id) == word))


def named(
    workspace: Workspace, accounts: Iterable[tuple[str, str | None]], posts: Iterable[tuple[str, str | None]] = ()
) -> Names:
    """What the texts mean in the graph, all of them in one look at it.

    Args:
        accounts: (text, platform) of accounts: handle, address or native id; the platform None where nobody says.
        posts: (text, platform) of posts: address or native id.
    """
    of_accounts = {key: account_reference(*key) for key in accounts}
    of_posts = {key: post_reference(*key) for key in posts}
    if not workspace.store.exists:
        return Names()
    with workspace.store.session():
        found = _found(workspace, f"MATCH (n:Account) {_BY}", of_accounts)
        pages = _found(workspace, f"MATCH (n:Page) {_BY}", of_accounts)
        seen = _found(workspace, _POSTS, of_posts)
    return Names(
        {key: Named(_fitting(r, found), _fitting(r, pages)) for key, r in of_accounts.items()},
        {key: Named(_fitting(r, seen)) for key, r in of_posts.items()},
    )


def _found(workspace: Workspace, cypher: str, references: Mapping[Any, Reference]) -> list[dict[str, Any]]:
    if not references:
        return []
    wanted = references.values()
    given = {
        "ids": sorted({id for r in wanted for id in _ids(r)}),
        "handles": sorted({r.handle for r in wanted if r.handle}),
        "urls": sorted({url for r in wanted for url in r.urls}),
    }
    used = {name: texts or [""] for name, texts in given.items() if f"${name}" in cypher}
    rows: list[dict[str, Any]] = workspace.store.read(cypher, used).to_pylist()
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


# Labels that a path can begin or end at, with the properties that people call them by.
_CALLED: Final = {
    "Account": ("id", "handle", "url"),
    "Page": ("id", "handle", "name", "url"),
    "Post": ("id", "url"),
    "Paslon": ("id", "name"),
    "Agency": ("id", "name"),
}
# Names that a person may have meant: how many are told, and how many are looked at, for a store may hold millions.
_NEAREST: Final = 5
_COMPARED: Final = 10_000


def endpoint(workspace: Workspace, word: str) -> Key:
    """The one node that a word names: an id, a handle with or without @, a name, an address, or a pseudonym.

    `Label:word` looks only at nodes of that label, for example `Page:x:123`.

    Raises:
        NothingFound: nothing is called that; the nearest handles and names are listed.
        UsageError: several nodes are; they are listed.
    """
    label, _, rest = word.partition(":")
    labels, called = ((label,), rest) if label in _CALLED and rest else (tuple(_CALLED), word)
    found = _named(workspace, labels, called.strip()) or _by_pseudonym(workspace, called.strip())
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{k.label}:{k.id}" for k in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UsageError(f"{word!r} may be several: {listed}{more}", remedy="Name one of these.")
    near = _near(workspace, labels, called.strip().lstrip("@"))
    raise NothingFound(
        f"there is no {' or '.join(labels).lower()} called {word!r}",
        where=workspace.place,
        remedy=f"Nearest: {', '.join(near)}." if near else "Name it by its id, handle, name, address or pseudonym.",
    )


def _named(workspace: Workspace, labels: tuple[str, ...], word: str) -> list[Key]:
    for exact in (True, False):
        found = []
        for label in labels:
            names = ("id",) if exact else _CALLED[label][1:]
            for name in names:
                given = word.lstrip("@") if name == "handle" else word
                compared = "n.id = $word" if exact else f"toLower(n.`{name}`) = toLower($word)"
                rows = workspace.store.read(f"MATCH (n:`{label}`) WHERE {compared} RETURN n.id AS id", {"word": given})
                found += [Key(label, id) for id in rows["id"].to_pylist()]
        if found:
            return sorted(set(found))
    return []


def _by_pseudonym(workspace: Workspace, word: str) -> list[Key]:
    return [Key(label, id) for label in ("Account", "Post") for id in by_pseudonym(workspace, label, word)]


def _near(workspace: Workspace, labels: tuple[str, ...], word: str) -> list[str]:
    """What comes close to a word, for whoever mistyped it or knows but a part: names that hold it, or resemble it."""
    held = _names(workspace, labels, "toLower({name}) CONTAINS toLower($word)", {"word": word})
    if held:
        return sorted(held, key=lambda name: (len(name), name))[:_NEAREST]
    # One mistake leaves the beginning or the end as it is, and the length nearly so. First as much of either as can be:
    # a store may hold millions of names, and only so many are compared one by one.
    for begin, end in ((word[:-2], word[2:]), (word[: len(word) // 2], word[len(word) // 2 :])):
        alike = (
            "size({name}) >= $least AND size({name}) <= $most AND "
            "(toLower({name}) STARTS WITH toLower($head) OR toLower({name}) ENDS WITH toLower($tail))"
        )
        given = {"head": begin, "tail": end, "least": len(word) - 2, "most": len(word) + 2}
        near = difflib.get_close_matches(word, sorted(_names(workspace, labels, alike, given)), n=_NEAREST)
        if near:
            return near
    return []


def _names(workspace: Workspace, labels: tuple[str, ...], where: str, given: dict[str, Any]) -> set[str]:
    """Names for which that holds, of each label as many as can be looked at."""
    found: set[str] = set()
    for label in labels:
        if label != "Post":
            name = f"n.`{_CALLED[label][1]}`"
            cypher = f"MATCH (n:`{label}`) WHERE {where.format(name=name)} RETURN DISTINCT {name} AS name"
            found.update(workspace.store.read(f"{cypher} ORDER BY name LIMIT {_COMPARED}", given)["name"].to_pylist())
    return found
