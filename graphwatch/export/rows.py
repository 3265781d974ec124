"""A network as rows, and what every form of it says alike: names, weights, shapes and colours."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from graphwatch.common.sanitize import NAME_LENGTH, plain
from graphwatch.model import NODES, Element
from graphwatch.model.declaring import Node, text

if TYPE_CHECKING:
    import networkx as nx


# No properties of the model: names of persons are in no graph. A file has them where they were opened.
_PERSON: Final = (
    text("person", "name of the person whose account it is, from the vault"),
    text("unnamed", "why there is none: nobody, duty, several, partly or unknown"),
)
# Okabe and Ito (2008), with a yellow that is dark enough for a white page.
PALETTE: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#a89a00")
GREY: Final = "#8b939c"
_SHAPES: Final = {"Account": "dot", "Post": "square", "Page": "diamond", "Paslon": "star"}


def labels_of(graph: "nx.MultiDiGraph[str]") -> dict[str, Node]:
    """The labels of the model; where names of persons were opened, an account has one, or why it has none."""
    known = {node.label: node for node in NODES}
    if names_of(graph) is not None:
        account = known["Account"]
        known["Account"] = replace(account, properties=(*account.properties, *_PERSON))
    return known


def names_of(graph: "nx.MultiDiGraph[str]") -> dict[str, int] | None:
    """How many accounts have the name of a person, and how many of each reason have none; None where none was opened.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph(names=True)
    >>> graph.add_node("x:1", label="Account", unnamed="several")
    >>> names_of(graph)
    {'named': 0, 'several': 1}
    """
    if not graph.graph.get("names"):
        return None
    named = sum(person is not None for _, person in graph.nodes(data="person"))
    return {"named": named, **Counter(sorted(why for _, why in graph.nodes(data="unnamed") if why))}


def node_rows(graph: "nx.MultiDiGraph[str]") -> Iterator[dict[str, Any]]:
    """Nodes with their properties, `id` among them."""
    yield from ({**properties, "id": id} for id, properties in graph.nodes(data=True))


def edge_rows(graph: "nx.MultiDiGraph[str]") -> Iterator[dict[str, Any]]:
    """Relations with their properties, `from`, `to` and `id` among them."""
    for start, end, key, properties in graph.edges(keys=True, data=True):
        yield {**properties, "from": start, "to": end, "id": str(key)}


def property_names(elements: Iterable[Element]) -> list[str]:
    """The properties of all the elements, each once, in the order of declaration."""
    return list(dict.fromkeys(p.name for e in elements for p in e.properties))


def weight_of(properties: Mapping[str, Any]) -> float:
    """The weight of a relation: that of a pair is its `n`, of anything else 1.

    >>> weight_of({"type": "CO_INTERACTED", "n": 4}), weight_of({"type": "LIKED"})
    (4.0, 1.0)
    """
    return float((properties.get("n") if properties["type"] == "CO_INTERACTED" else 1) or 1)


def plain_id(id: str) -> str:
    """An id as text that can be shown. It is cut later than a name: two long ones must not become one."""
    return plain(id, 100 * NAME_LENGTH)


def shape_of(label: str) -> str:
    """Shape of a node; a triangle for what is seldom drawn."""
    return _SHAPES.get(label, "triangle")


def colour_of(number: int | None) -> int:
    """Place in the palette of a cluster's number; -1, grey, from the eighth on and without a cluster."""
    return number - 1 if number is not None and 1 <= number <= len(PALETTE) else -1


def colour_code(colour: int) -> str:
    """The colour as #rrggbb.

    >>> colour_code(-1) == GREY
    True
    """
    return PALETTE[colour] if colour >= 0 else GREY


def name_of(attributes: Mapping[str, Any], id: str) -> str:
    """What a reader sees a node called: handle, name or first words where there are any, else its id.

    >>> name_of({"label": "Paslon", "number": 2, "name": "Ani & Budi"}, "p2")
    '2 · Ani & Budi'
    """
    label, handle, name = attributes["label"], attributes.get("handle"), attributes.get("name")
    if label == "Account":
        found = handle or name
    elif label == "Post":
        found = attributes.get("text")
    elif label == "Paslon" and name and attributes.get("number") is not None:
        found = f"{attributes['number']} · {name}"
    else:
        found = name or handle
    return plain(str(found or id), NAME_LENGTH) or plain(repr(id), NAME_LENGTH)
