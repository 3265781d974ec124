"""What comes near a word that names nothing: for whoever mistyped it, or knows but a part of it."""

import difflib
from collections.abc import Iterable
from typing import Any, Final

from graphwatch.store.workspace import Workspace

# What people call the nodes of a label; accounts by their ids only where the word looks like one, for ids hold digits
# of anything.
_CALLED: Final = {
    "Account": ("handle",),
    "Page": ("handle", "name", "id"),
    "Paslon": ("name", "id"),
    "Agency": ("name", "id"),
    "Cluster": ("id",),
    "Complaint": ("id",),
}
_HOW: Final = {
    "Cluster": "`graphwatch query clusters` lists them.",
    "Complaint": "`graphwatch complaints` lists them.",
    "Asn": "Name them by their NIP, or the id of the person in the graph.",
}
# Of these an office has few, so that they can be listed; and how they are loaded.
_FEW: Final = {"Page": "pages", "Paslon": "paslon", "Agency": "asn"}
# Names that a person may have meant: how many are told, and how many are looked at, for a store may hold millions.
_NEAREST: Final = 5
_COMPARED: Final = 10_000
# Nobody mistypes a handle or name of that length.
_LONGEST: Final = 200


def nearest(workspace: Workspace, labels: Iterable[str], word: str) -> list[str]:
    """Names that hold the word, or else resemble it, of nodes of these labels."""
    if not word or len(word) > _LONGEST:
        return []
    called = [(label, name) for label in labels for name in _CALLED.get(label, ())]
    if ":" in word and ("Account", "handle") in called:
        called.append(("Account", "id"))
    held = _names(workspace, called, "toLower({name}) CONTAINS toLower($word)", {"word": word})
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
        names = {name.lower(): name for name in sorted(_names(workspace, called, alike, given))}
        near = difflib.get_close_matches(word.lower(), list(names), n=_NEAREST)
        if near:
            return [names[name] for name in near]
    return []


def how_to_name(workspace: Workspace, labels: tuple[str, ...]) -> str:
    """What to do where nothing comes near: the few that there are, how to load them, or how to name one."""
    if len(labels) != 1:
        return "Name it by its id, handle, name, address or pseudonym."
    (label,) = labels
    if label not in _FEW:
        return _HOW.get(label, "Name it by its id, handle, address or pseudonym.")
    ids = workspace.store.read(f"MATCH (n:`{label}`) RETURN n.id AS id ORDER BY id LIMIT {_NEAREST + 1}")["id"]
    known = ids.to_pylist()
    if not known:
        return f"None is loaded: `graphwatch load FILE --as {_FEW[label]}`."
    return f"Known are {', '.join(known[:_NEAREST])}{' and others' if len(known) > _NEAREST else ''}."


def _names(workspace: Workspace, called: list[tuple[str, str]], where: str, given: dict[str, Any]) -> set[str]:
    """Names for which that holds, of each label as many as can be looked at."""
    found: set[str] = set()
    for label, property in called:
        name = f"n.`{property}`"
        cypher = f"MATCH (n:`{label}`) WHERE {where.format(name=name)} RETURN DISTINCT {name} AS name"
        found.update(workspace.store.read(f"{cypher} ORDER BY name LIMIT {_COMPARED}", given)["name"].to_pylist())
    return found
