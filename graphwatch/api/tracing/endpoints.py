"""Who or what is meant: nodes by id, handle, name, address or pseudonym."""

import difflib
from typing import TYPE_CHECKING, Final

from graphwatch.api.casework.references import by_pseudonym
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
# Names that a person may have meant: how many are told, and how many are looked at, for a store may hold millions.
_NEAREST: Final = 5
_COMPARED: Final = 10_000


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
    from graphwatch.trace import Key

    return [Key(label, id) for label in ("Account", "Post") for id in by_pseudonym(desk, label, word)]


def _near(desk: "Desk", labels: tuple[str, ...], word: str) -> list[str]:
    """What comes close to a word, for whoever mistyped it or knows but a part: names that hold it, or resemble it."""
    held: list[str] = []
    alike: list[str] = []
    for label in labels:
        if label == "Post":
            continue
        name = f"n.`{_CALLED[label][1]}`"
        read = f"MATCH (n:`{label}`) WHERE {{}} RETURN DISTINCT {name} AS name ORDER BY name LIMIT {_COMPARED}"
        rows = desk.store.read(read.format(f"toLower({name}) CONTAINS toLower($word)"), {"word": word})
        held += rows["name"].to_pylist()
        if not held:
            # A typing mistake changes neither the length by much nor, as a rule, the beginning.
            near = f"size({name}) >= $least AND size({name}) <= $most AND toLower({name}) STARTS WITH toLower($start)"
            given = {"least": len(word) - 2, "most": len(word) + 2, "start": word[:1]}
            alike += desk.store.read(read.format(near), given)["name"].to_pylist()
    return sorted(set(held), key=lambda name: (len(name), name))[:_NEAREST] or difflib.get_close_matches(
        word, alike, n=_NEAREST
    )
