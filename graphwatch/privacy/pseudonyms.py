"""Pseudonyms: the same everywhere in a project, meaningless outside it; and networks with nothing else in them."""

import hmac
import re
from base64 import b32encode
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from graphwatch.model import INTERACTIONS, NODES, RELATIONS
from graphwatch.privacy.times import Times

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
# Beside the attributes of a relation: the id of the account that it begins at.
_WHO: Final = "#who"
# As what a burst is told that is told with its acts.
_BURST: Final = "Burst"
_WITH_TIMES: Final = ("Post", "Cluster")
# Times of acts, posts, pairs and clusters.
_TIMES: Final = ("at_ms", "observed_at_ms", "first_ms", "last_ms")
# Computed from the public records, nearly every pair has its own.
_STATISTICS: Final = (
    *("shared", "median_gap_s", "first_share", "opportunities", "expected", "log10_p", "q"),
    *("interest_expected", "interest_log10_p", "interest_q"),
)
# Written by the analyst, who may have named an account there.
_FREE_TEXTS: Final = ("parameters", "acquisition", "legal_basis", "terms_note", "text")


def masked(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms, times: Times | None = None) -> "nx.MultiDiGraph[str]":
    """A new graph in which accounts and posts have pseudonyms and nothing that reveals a handle is left.

    Pages, paslon, clusters and counts stay as they are. Times are told as `Times` does, with the phases beside the
    graph. Of row references the file stays and the row goes, for rows lie in the order of time. Pairs keep how often,
    and whether beyond chance; bursts are numbered anew. Nodes of a kind that this module does not know are left out,
    with their relations. Nodes and relations come in the order of their new names: the order tells nothing either.

    Args:
        graph: as `graphwatch.export.graphs` makes it.
        pseudonyms: of the project.
        times: how times are told; by default by the phases beside the graph.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("x:1", label="Account", handle="ani", platform="x")
    >>> dict(masked(graph, Pseudonyms(b"k" * 32)).nodes)
    {'A-MOWXXOGS5FBJYVBD': {'label': 'Account', 'platform': 'x'}}
    """
    import networkx as nx

    names = _new_names(graph, pseudonyms)
    times = _with_pairs_and_bursts(graph, times or Times(graph.graph.get("phases") or ()))
    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, name in sorted(names.items(), key=lambda pair: pair[1]):
        copy.add_node(name, **_masked_node(graph.nodes[node], name, pseudonyms, times))
    relations = [
        (names[start], names[end], pseudonyms.relation(str(key)), {**attributes, _WHO: _id(graph, start)})
        for start, end, key, attributes in graph.edges(keys=True, data=True)
        if start in names and end in names and attributes["type"] in KEPT_OF_RELATIONS
    ]
    for start, end, key, attributes in sorted(relations, key=lambda row: row[:3]):
        copy.add_edge(start, end, key=key, **_masked_relation(attributes, key, times))
    acts = [a for *_, a in relations if a["type"] in INTERACTIONS]
    copy.graph["moved"] = sum((a[_WHO], a["type"], a.get("at_ms")) in times.moved for a in acts)
    copy.graph.update(
        _masked_about(graph, pseudonyms, times),
        starts=[names[n] for n in graph.graph.get("starts") or () if n in names],
    )
    return copy


def _new_names(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms) -> dict[str, str]:
    names = {}
    numbered = _renumbered(graph, pseudonyms)
    for node, attributes in graph.nodes(data=True):
        # Its name is not its id where an account has the same id; under pseudonyms it may have it again.
        label, id = attributes["label"], attributes.get("id", node)
        if label == "Account":
            names[node] = pseudonyms.account(id)
        elif label == "Post":
            names[node] = pseudonyms.post(id)
        elif label == "Burst":
            names[node] = numbered[str(id)][0]
        elif label in KEPT_OF_NODES:
            names[node] = id
    return names


def _masked_node(attributes: Mapping[str, Any], name: str, pseudonyms: Pseudonyms, times: Times) -> dict[str, Any]:
    kept = KEPT_OF_NODES[attributes["label"]]
    rest = {k: v for k, v in attributes.items() if k in kept}
    if attributes["label"] == "Burst":
        rest = _masked_burst(rest, pseudonyms, times)
        if "number" in rest:
            rest["number"] = int(name.rpartition(":b")[2])
    elif attributes["label"] in _WITH_TIMES:
        rest.update({k: times.told(rest[k]) for k in _TIMES if k in rest})
    # The id inside the node must not contradict its new name.
    return {"label": attributes["label"], **rest, **({"id": name} if "id" in rest else {})}


def _masked_burst(burst: dict[str, Any], pseudonyms: Pseudonyms, times: Times) -> dict[str, Any]:
    """A burst's interactions and its post go by other names; a link or hashtag is withheld as people wrote it."""
    burst.update({k: times.told(burst[k], str(burst.get("id")), _BURST) for k in _TIMES if k in burst})
    object = burst.pop("object", None)
    if object is not None and burst.get("object_kind") in ("post", "page"):
        burst["object"] = pseudonyms.post(str(object)) if burst["object_kind"] == "post" else object
    if "interactions" in burst:
        burst["interactions"] = sorted(
            pseudonyms.relation(str(id)) for id in burst["interactions"] if str(id) not in times.unlisted
        )
    return burst


def _id(graph: "nx.MultiDiGraph[str]", node: str) -> str:
    return str(graph.nodes[node].get("id", node))


def _with_pairs_and_bursts(graph: "nx.MultiDiGraph[str]", times: Times) -> Times:
    """The same for times of pairs and bursts; a burst lies in one phase, so it lists no act that is told of another."""
    if not times.moved:
        return times
    edges = list(graph.edges(keys=True, data=True))
    acts = {str(k): (_id(graph, a), of["type"], of.get("at_ms")) for a, _, k, of in edges if of["type"] in INTERACTIONS}
    ids = frozenset(id for id, act in acts.items() if act in times.moved)
    who = {account for account, _, _ in times.moved}
    more = {
        (_id(graph, a), of["type"], of[name])
        for a, b, _, of in edges
        if of["type"] not in INTERACTIONS and who & {_id(graph, a), _id(graph, b)}
        for name in _TIMES
        if name in of
    }
    unlisted: set[str] = set()
    for burst in _all_bursts(graph):
        own = frozenset(map(str, burst.get("interactions") or ()))
        if own <= ids:
            more |= {(str(burst["id"]), _BURST, burst[name]) for name in _TIMES if name in burst}
        else:
            unlisted |= own & ids
    return Times(times.phases, moved=times.moved | more, unlisted=unlisted)


def _masked_relation(attributes: Mapping[str, Any], key: str, times: Times) -> dict[str, Any]:
    """Without what tells which act, or which pair, of the public records it is."""
    type = attributes["type"]
    rest = {k: v for k, v in attributes.items() if k in KEPT_OF_RELATIONS[type]}
    if "sources" in rest:
        rows = [str(row) for row in rest["sources"] if _ROW.fullmatch(str(row))]
        rest["sources"] = sorted({row.partition(":")[0] for row in rows})
    if "kinds" in rest:
        rest["kinds"] = [kind for kind in rest["kinds"] if kind in INTERACTIONS]
    if "kind" in rest:
        rest["kind"] = type
    rest.update({k: times.told(rest[k], attributes[_WHO], type) for k in _TIMES if k in rest})
    if times.minutes is None:
        rest = {k: v for k, v in rest.items() if k not in _STATISTICS}
    return {"type": type, "id": key, **rest}


def _masked_about(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms, times: Times) -> dict[str, Any]:
    """Run, sources, bursts and the notice of what was left out; texts in them that name an account are withheld."""
    about = graph.graph
    revealing = _revealing(graph)
    kept, numbered = KEPT_OF_NODES["Burst"], _renumbered(graph, pseudonyms)
    run = {k: v for k, v in (about.get("run") or {}).items() if k in KEPT_OF_NODES["Run"]}
    sources = [
        {k: v for k, v in source.items() if k in KEPT_OF_NODES["Source"]} for source in about.get("sources") or ()
    ]
    return {
        "run": _without(run, revealing),
        "sources": [_without(source, revealing) for source in sources],
        "left_out": _without({"text": about.get("left_out")}, revealing).get("text"),
        "bursts": sorted(
            (
                _masked_burst({k: v for k, v in burst.items() if k in kept}, pseudonyms, times)
                | dict(zip(("id", "number"), numbered[str(burst["id"])], strict=True))
                for burst in about.get("bursts") or ()
            ),
            key=lambda burst: str(burst["id"]),
        ),
        # Sums over a cluster, by the names of layers.
        "families": list(about.get("families") or ()),
        # The election calendar names phases and days, and nobody.
        "phases": list(about.get("phases") or ()),
        "scope": about.get("scope"),
        "masked": True,
        "minutes": times.minutes,
        "withheld": sum(label not in (*KEPT_OF_NODES, "Phase") for _, label in graph.nodes(data="label")),
    }


def _all_bursts(graph: "nx.MultiDiGraph[str]") -> list[dict[str, Any]]:
    """Beside the network and as nodes in it, each with its id."""
    nodes = graph.nodes(data=True)
    in_it = [{**burst, "id": burst.get("id", node)} for node, burst in nodes if burst["label"] == "Burst"]
    return [*(graph.graph.get("bursts") or ()), *in_it]


def _renumbered(graph: "nx.MultiDiGraph[str]", pseudonyms: Pseudonyms) -> dict[str, tuple[str, int]]:
    """Ids and numbers of bursts, in their cluster, that do not tell which came first; by the old ids."""
    numbers: Counter[str] = Counter()
    found = {}
    for id in sorted({str(burst["id"]) for burst in _all_bursts(graph)}, key=pseudonyms.relation):
        cluster = id.rpartition(":")[0]
        numbers[cluster] += 1
        found[id] = (f"{cluster}:b{numbers[cluster]}", numbers[cluster])
    return found


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
