"""Who or what is meant: nodes by id, handle, name, address or pseudonym."""

import difflib
from typing import Any, Final

from graphwatch.api.casework.references import by_pseudonym
from graphwatch.api.project import Project
from graphwatch.errors import NothingFound, UsageError
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


def endpoint(project: Project, word: str) -> Key:
    """The one node that a word names: an id, a handle with or without @, a name, an address, or a pseudonym.

    `Label:word` looks only at nodes of that label, for example `Page:x:123`.

    Raises:
        NothingFound: nothing is called that; the nearest handles and names are listed.
        UsageError: several nodes are; they are listed.
    """
    label, _, rest = word.partition(":")
    labels, called = ((label,), rest) if label in _CALLED and rest else (tuple(_CALLED), word)
    found = _named(project, labels, called.strip()) or _by_pseudonym(project, called.strip())
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{k.label}:{k.id}" for k in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UsageError(f"{word!r} may be several: {listed}{more}", remedy="Name one of these.")
    near = _near(project, labels, called.strip().lstrip("@"))
    raise NothingFound(
        f"there is no {' or '.join(labels).lower()} called {word!r}",
        where=project.place,
        remedy=f"Nearest: {', '.join(near)}." if near else "Name it by its id, handle, name, address or pseudonym.",
    )


def _named(project: Project, labels: tuple[str, ...], word: str) -> list[Key]:
    for exact in (True, False):
        found = []
        for label in labels:
            names = ("id",) if exact else _CALLED[label][1:]
            for name in names:
                given = word.lstrip("@") if name == "handle" else word
                compared = "n.id = $word" if exact else f"toLower(n.`{name}`) = toLower($word)"
                rows = project.store.read(f"MATCH (n:`{label}`) WHERE {compared} RETURN n.id AS id", {"word": given})
                found += [Key(label, id) for id in rows["id"].to_pylist()]
        if found:
            return sorted(set(found))
    return []


def _by_pseudonym(project: Project, word: str) -> list[Key]:
    return [Key(label, id) for label in ("Account", "Post") for id in by_pseudonym(project, label, word)]


def _near(project: Project, labels: tuple[str, ...], word: str) -> list[str]:
    """What comes close to a word, for whoever mistyped it or knows but a part: names that hold it, or resemble it."""
    held = _names(project, labels, "toLower({name}) CONTAINS toLower($word)", {"word": word})
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
        near = difflib.get_close_matches(word, sorted(_names(project, labels, alike, given)), n=_NEAREST)
        if near:
            return near
    return []


def _names(project: Project, labels: tuple[str, ...], where: str, given: dict[str, Any]) -> set[str]:
    """Names for which that holds, of each label as many as can be looked at."""
    found: set[str] = set()
    for label in labels:
        if label != "Post":
            name = f"n.`{_CALLED[label][1]}`"
            cypher = f"MATCH (n:`{label}`) WHERE {where.format(name=name)} RETURN DISTINCT {name} AS name"
            found.update(project.store.read(f"{cypher} ORDER BY name LIMIT {_COMPARED}", given)["name"].to_pylist())
    return found
