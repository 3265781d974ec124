"""What a page shows, as data: built first, then rendered."""

from dataclasses import dataclass
from typing import Annotated, Any

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node of the drawing."""

    id: Annotated[int, "number inside the page; outside ids never become keys of anything"]
    label: Annotated[str, "label of the model: Account, Post, Page or Paslon"]
    name: Annotated[str, "what the reader sees it called"]
    cluster: Annotated[int | None, "number of its cluster"]
    colour: Annotated[int, "place in the palette; -1 is grey"]
    shape: Annotated[str, "dot, square, diamond or star"]
    size: Annotated[float, "radius in pixels at a zoom of one"]
    background: Annotated[bool, "neither in a cluster nor tying one: not in sight at first"]
    x: Annotated[float, "pixels to the right"]
    y: Annotated[float, "pixels down"]
    facts: Annotated[Facts, "properties of the model, cleaned, without absent ones"]


@dataclass(frozen=True, slots=True)
class EdgeView:
    """A relation of the drawing."""

    start: Annotated[int, "number of the node it leaves"]
    end: Annotated[int, "number of the node it reaches"]
    type: Annotated[str, "relation type of the model"]
    n: Annotated[int, "weight of a pair of accounts; 0 for anything else"]
    first: Annotated[int | None, "its time, or its first, in UTC epoch milliseconds"]
    last: Annotated[int | None, "its time, or its last, in UTC epoch milliseconds"]
    facts: Annotated[Facts, "properties of the model, cleaned, without absent ones"]


@dataclass(frozen=True, slots=True)
class SourceView:
    """Whose posts tie a cluster."""

    node: Annotated[int, "number of the page, as a node"]
    posts: Annotated[int, "how many of the posts that tie the cluster it published"]


@dataclass(frozen=True, slots=True)
class BurstView:
    """A burst of a cluster, as its run kept it, with those of its interactions that the page holds."""

    object: Annotated[int | None, "number of the post or page, as a node; none where the page does not hold it"]
    name: Annotated[str | None, "what else it is called, a link or hashtag for example; none where that is withheld"]
    kind: Annotated[str, "what the run took for an object: post, page, link or hashtag"]
    members: Annotated[int, "members that took part"]
    first: Annotated[int, "first interaction, UTC epoch milliseconds"]
    last: Annotated[int, "last interaction, UTC epoch milliseconds"]
    size: Annotated[int, "interactions when it was found"]
    actions: Annotated[list[int], "numbers of its interactions as relations, in order of time"]


@dataclass(frozen=True, slots=True)
class FamilyView:
    """What a family of evidence shows between the members of a cluster."""

    family: Annotated[str, "all (acts within the window), a further window, text, link or untimed"]
    pairs: Annotated[int, "pairs of members that the run has in it"]
    n: Annotated[int, "objects in common, added up over these pairs"]
    expected: Annotated[float, "how many of them chance explains"]
    coordinated: Annotated[int, "pairs beyond chance"]


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster: a disc around its members, and a line of the ranked list."""

    number: Annotated[int, "1 is the largest"]
    colour: Annotated[int, "place in the palette; -1 is grey"]
    x: Annotated[float, "middle of the disc"]
    y: Annotated[float, "middle of the disc"]
    radius: Annotated[float, "radius of the disc in pixels"]
    members: Annotated[list[int], "numbers of its accounts"]
    pages: Annotated[list[SourceView], "pages whose posts tie it, most posts first"]
    bursts: Annotated[list[BurstView], "bursts of which the page holds an interaction, most members first"]
    families: Annotated[list[FamilyView], "every family that the run tested; none where it tested acts alone"]
    kept: Annotated[bool, "whether the graph has its bursts; those of a run of an earlier version are not there"]
    facts: Annotated[Facts, "properties of the model"]


@dataclass(frozen=True, slots=True)
class KindView:
    """A line of the legend."""

    name: Annotated[str, "label or relation type of the model"]
    count: Annotated[int, "how many of them the page holds"]
    shape: Annotated[str, "shape of the nodes; empty for relations"]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A sentence about what the page does not hold."""

    key: Annotated[str, "key of the text"]
    values: Annotated[dict[str, int], "values for its braces"]


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A phase of the election calendar, a band on the time axis."""

    name: Annotated[str, "name of the phase"]
    first: Annotated[int, "beginning, UTC epoch milliseconds"]
    last: Annotated[int, "end, exclusive, UTC epoch milliseconds"]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page shows."""

    language: Annotated[str, "language at opening: id or en"]
    opening: Annotated[str, "what it opens with: network, timeline or matrix"]
    scope: Annotated[str, "which part of the data it is about: run, cluster, ego, path or query"]
    title: Annotated[str, "key of its title"]
    caution: Annotated[str, "key of what must not be read into it"]
    links: Annotated[bool, "whether addresses can be clicked; they are text otherwise"]
    masked: Annotated[bool, "accounts and posts carry pseudonyms"]
    coarse: Annotated[bool, "times are the beginnings of phases or months, so no two of them can be compared"]
    names: Annotated[list[NoticeView], "how many accounts have the name of a person; empty where none was opened"]
    nodes: Annotated[list[NodeView], "all nodes"]
    edges: Annotated[list[EdgeView], "all relations between nodes"]
    clusters: Annotated[list[ClusterView], "ranked, largest first"]
    node_kinds: Annotated[list[KindView], "legend of nodes"]
    edge_kinds: Annotated[list[KindView], "legend of relations"]
    notices: Annotated[list[NoticeView], "what was left out of the page, and by which rule"]
    left_out: Annotated[str | None, "what was left out before the page was made, as its maker wrote it"]
    run: Annotated[Facts, "properties of the run; empty where there is none"]
    sources: Annotated[list[Facts], "properties of the sources"]
    phases: Annotated[list[PhaseView], "phases of the election calendar, where one is loaded"]
    palette: Annotated[list[str], "colour codes; the last, which -1 stands for, is grey"]
    texts: Annotated[dict[str, dict[str, str]], "all texts, by language and key"]
