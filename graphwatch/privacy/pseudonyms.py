"""Pseudonyms: the same everywhere in a project, meaningless outside it; and networks with nothing else in them."""

import hmac
import re
from base64 import b32encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from graphwatch.model import INTERACTIONS, NODES, RELATIONS

if TYPE_CHECKING:
    import networkx as nx


class Pseudonyms:
    """Names that stand for accounts and posts in whatever is handed on.

    A pseudonym is `A-` or `P-` and 16 base32 characters (RFC 4648), the first 80 bits of an HMAC-SHA256
    (RFC 2104) under the project's key. Without the key, nobody can test a guess.

    >>> Pseudonyms(b"k" * 32).account("x:1")
    'A-MOWXXOGS5FBJYVBD'
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Pseudonyms(key withheld)"

    def account(self, id: str) -> str:
        """The pseudonym of an account, from its graph id alone."""
        return "A-" + self._code(id)

    def post(self, id: str) -> str:
        """The pseudonym of a post; a post and an account of the same native id do not look alike."""
        return "P-" + self._code("post\0" + id)

    def relation(self, id: str) -> str:
        """A stand-in for a relation's id, which is a plain hash of native ids and so could be guessed."""
        return "I-" + self._code("relation\0" + id)

    def _code(self, text: str) -> str:
        # Outside text may hold lone surrogates; an id must never make an export fail.
        code = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), sha256)
        return b32encode(code[:10]).decode("ascii")


# Of pages and paslon, which are public campaign bodies, everything stays; of all else times, counts and the run, which
# are the evidence. What people wrote or are called by is withheld.
KEPT_OF_NODES: Final[Mapping[str, tuple[str, ...]]] = {
    n.label: tuple(p.name for p in n.properties if p.released) for n in NODES if n.released
}
KEPT_OF_RELATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    r.type: tuple(p.name for p in r.properties if p.released) for r in RELATIONS if r.released
}
# A row reference as the loader writes it; anything else in that list did not come from the loader.
_ROW: Final = re.compile(r"[0-9a-f]{16}:[0-9]{1,12}")
# Properties by which an account or a post can be found again.
_REVEALING: Final = ("handle", "name", "url")
# Shorter words, and small numbers, occur in ordinary sentences.
_SHORTEST_WORD, _SHORTEST_NUMBER = 4, 8
# Written by the analyst, who may have named an account there.
_FREE_TEXTS: Final = ("parameters", "acquisition", "legal_basis", "terms_note", "text")


def masked(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms) -> "nx.MultiDiGraph[str]":
    """A new graph in which accounts and posts have pseudonyms and nothing that reveals a handle is left.

    Pages, paslon, clusters, times, counts and row references stay as they are. Nodes of a kind that this
    module does not know are left out, with their relations. Nodes and relations come in the order of their
    new names, so that the order tells nothing either.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("x:1", label="Account", handle="ani", platform="x")
    >>> dict(masked(graph, Pseudonyms(b"k" * 32)).nodes)
    {'A-MOWXXOGS5FBJYVBD': {'label': 'Account', 'platform': 'x'}}
    """
    import networkx as nx

    names = _new_names(graph, pseudonyms)
    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, name in sorted(names.items(), key=lambda pair: pair[1]):
        copy.add_node(name, **_masked_node(graph.nodes[node], name, pseudonyms))
    relations = [
        (names[start], names[end], pseudonyms.relation(str(key)), attributes)
        for start, end, key, attributes in graph.edges(keys=True, data=True)
        if start in names and end in names and attributes["type"] in KEPT_OF_RELATIONS
    ]
    for start, end, key, attributes in sorted(relations, key=lambda row: row[:3]):
        copy.add_edge(start, end, key=key, **_masked_relation(attributes, key))
    copy.graph.update(
        _masked_about(graph, pseudonyms), starts=[names[n] for n in graph.graph.get("starts") or () if n in names]
    )
    return copy


def _new_names(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms) -> dict[str, str]:
    names = {}
    for node, attributes in graph.nodes(data=True):
        # Its name is not its id where an account has the same id; under pseudonyms it may have it again.
        label, id = attributes["label"], attributes.get("id", node)
        if label == "Account":
            names[node] = pseudonyms.account(id)
        elif label == "Post":
            names[node] = pseudonyms.post(id)
        elif label in KEPT_OF_NODES:
            names[node] = id
    return names


def _masked_node(attributes: Mapping[str, Any], name: str, pseudonyms: Pseudonyms) -> dict[str, Any]:
    kept = KEPT_OF_NODES[attributes["label"]]
    rest = {k: v for k, v in attributes.items() if k in kept}
    if attributes["label"] == "Burst":
        rest = _masked_burst(rest, pseudonyms)
    # The id inside the node must not contradict its new name.
    return {"label": attributes["label"], **rest, **({"id": name} if "id" in rest else {})}


def _masked_burst(burst: dict[str, Any], pseudonyms: Pseudonyms) -> dict[str, Any]:
    """A burst's interactions and its post go by other names; a link or hashtag is withheld as people wrote it."""
    object = burst.pop("object", None)
    if object is not None and burst.get("object_kind") in ("post", "page"):
        burst["object"] = pseudonyms.post(str(object)) if burst["object_kind"] == "post" else object
    if "interactions" in burst:
        burst["interactions"] = [pseudonyms.relation(str(id)) for id in burst["interactions"]]
    return burst


def _masked_relation(attributes: Mapping[str, Any], key: str) -> dict[str, Any]:
    type = attributes["type"]
    rest = {k: v for k, v in attributes.items() if k in KEPT_OF_RELATIONS[type]}
    if "sources" in rest:
        rest["sources"] = [row for row in rest["sources"] if _ROW.fullmatch(str(row))]
    if "kinds" in rest:
        rest["kinds"] = [kind for kind in rest["kinds"] if kind in INTERACTIONS]
    if "kind" in rest:
        rest["kind"] = type
    return {"type": type, "id": key, **rest}


def _masked_about(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Run, sources, bursts and the notice of what was left out; texts in them that name an account are withheld."""
    about = graph.graph
    revealing = _revealing(graph)
    run = {k: v for k, v in (about.get("run") or {}).items() if k in KEPT_OF_NODES["Run"]}
    sources = [
        {k: v for k, v in source.items() if k in KEPT_OF_NODES["Source"]} for source in about.get("sources") or ()
    ]
    return {
        "run": _without(run, revealing),
        "sources": [_without(source, revealing) for source in sources],
        "left_out": _without({"text": about.get("left_out")}, revealing).get("text"),
        "bursts": [
            _masked_burst({k: v for k, v in burst.items() if k in KEPT_OF_NODES["Burst"]}, pseudonyms)
            for burst in about.get("bursts") or ()
        ],
        # The election calendar names phases and days, and nobody.
        "phases": list(about.get("phases") or ()),
        "scope": about.get("scope"),
        "masked": True,
        "withheld": sum(label not in (*KEPT_OF_NODES, "Phase") for _, label in graph.nodes(data="label")),
    }


def _revealing(graph: "nx.MultiDiGraph[str]") -> "re.Pattern[str]":
    words: set[str] = set()
    for node, attributes in graph.nodes(data=True):
        if attributes["label"] in ("Account", "Post"):
            # The part after the platform is the native id, by which an account is found just as well.
            id = str(attributes.get("id", node))
            words.update((id, id.partition(":")[2]))
            words.update(str(attributes[name]) for name in _REVEALING if name in attributes)
    long_enough = sorted(w for w in words if len(w) >= (_SHORTEST_NUMBER if w.isdigit() else _SHORTEST_WORD))
    # Without any word the pattern must match nothing.
    return re.compile("|".join(map(re.escape, long_enough)) or r"(?!)", re.IGNORECASE)


def _without(properties: Mapping[str, Any], revealing: "re.Pattern[str]") -> dict[str, Any]:
    return {
        name: value
        for name, value in properties.items()
        if not (name in _FREE_TEXTS and isinstance(value, str) and revealing.search(value))
    }
