"""Who or what is meant: nodes by id, handle, name, address or pseudonym."""

import difflib
from typing import TYPE_CHECKING, Final

from graphwatch.errors import NothingFound, UsageError

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk
    from graphwatch.trace import Key

# Labels that a path can begin or end at, with the properties that people call them by.
_CALLED: Final = {
    "Account": ("id", "handle", "url"),
    "Page": ("id", "handle", "name", "url"),
    "Post": ("id", "url"),
    "Paslon": ("id", "name"),
    "Agency": ("id", "name"),
}
_SHOWN: Final = 10
_NATIVE_PREFIXES: Final = ("A-", "P-")


def endpoint(desk: "Desk", word: str) -> "Key":
    """The one node that a word names: an id, a handle with or without @, a name, an address, or a pseudonym.

    `Label:word` looks only at nodes of that label, for example `Page:x:123`.

    Raises:
        NothingFound: nothing is called that; the nearest handles and names are listed.
        UsageError: several nodes are; they are listed.
    """
    label, _, rest = word.partition(":")
    labels, called = ((label,), rest) if label in _CALLED and rest else (tuple(_CALLED), word)
    found = _named(desk, labels, called.strip()) or _by_pseudonym(desk, called.strip())
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{k.label}:{k.id}" for k in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UsageError(f"{word!r} may be several: {listed}{more}", remedy="Name one of these.")
    near = _near(desk, labels, called.strip().lstrip("@"))
    raise NothingFound(
        f"there is no {' or '.join(labels).lower()} called {word!r}",
        where=desk.place,
        remedy=f"Nearest: {', '.join(near)}." if near else "Name it by its id, handle, name, address or pseudonym.",
    )


def _named(desk: "Desk", labels: tuple[str, ...], word: str) -> "list[Key]":
    from graphwatch.trace import Key

    for exact in (True, False):
        found = []
        for label in labels:
            names = ("id",) if exact else _CALLED[label][1:]
            for name in names:
                given = word.lstrip("@") if name == "handle" else word
                compared = "n.id = $word" if exact else f"toLower(n.`{name}`) = toLower($word)"
                rows = desk.store.read(f"MATCH (n:`{label}`) WHERE {compared} RETURN n.id AS id", {"word": given})
                found += [Key(label, id) for id in rows["id"].to_pylist()]
        if found:
            return sorted(set(found))
    return []


def _by_pseudonym(desk: "Desk", word: str) -> "list[Key]":
    """The accounts or posts that this project calls so in what it hands on."""
    from graphwatch.privacy import Pseudonyms, project_key
    from graphwatch.trace import Key

    if not word.startswith(_NATIVE_PREFIXES) or not (desk.folder / "keys").exists():
        return []
    pseudonyms = Pseudonyms(project_key(desk.folder))
    label, of = ("Account", pseudonyms.account) if word.startswith("A-") else ("Post", pseudonyms.post)
    ids = desk.store.read(f"MATCH (n:{label}) RETURN n.id AS id")["id"].to_pylist()
    return [Key(label, id) for id in ids if of(id) == word.upper()]


def _near(desk: "Desk", labels: tuple[str, ...], word: str) -> list[str]:
    """What comes close to a word, for whoever mistyped it."""
    names: list[str] = []
    for label in labels:
        if label == "Post":
            continue
        name = _CALLED[label][1]
        rows = desk.store.read(f"MATCH (n:`{label}`) WHERE n.`{name}` IS NOT NULL RETURN DISTINCT n.`{name}` AS name")
        names += rows["name"].to_pylist()
    return difflib.get_close_matches(word, names, n=5)
