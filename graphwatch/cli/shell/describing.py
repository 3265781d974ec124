"""The graph model as the shell prints it."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from graphwatch.errors import NothingFound
from graphwatch.model import NODES, RELATIONS, Element, elements


def overview(counts: Mapping[str, int]) -> str:
    """Labels and relations, with how many there are."""
    lines = ["Labels"]
    lines += [f"  {node.label:14} {counts.get(node.label, 0):>12,}  {node.meaning}" for node in NODES]
    lines.append("Relations")
    for relation in RELATIONS:
        ends = ", ".join(f"{start} → {end}" for start, end in relation.ends)
        lines.append(f"  {relation.type:14} {counts.get(relation.type, 0):>12,}  {relation.meaning} {ends}")
    return "\n".join(lines) + "\n"


def element(name: str) -> str:
    """The properties of a label or relation, in any case.

    Raises:
        NothingFound: there is none of that name.
    """
    for known in elements():
        if known.name.casefold() == name.casefold().lstrip(":"):
            return "\n".join(_properties(known)) + "\n"
    near = get_close_matches(name, [e.name for e in elements()], n=3, cutoff=0.4)
    raise NothingFound(
        f"there is no label or relation {name!r}", remedy=f"Nearest: {', '.join(near)}." if near else r"\d lists them."
    )


def _properties(known: Element) -> Iterator[str]:
    yield f"{known.name}: {known.meaning}"
    for declared in known.properties:
        yield f"  {declared.name:20} {declared.type.value:12} {declared.meaning}"
