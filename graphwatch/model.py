"""The one declaration of the graph: every node, relation and property with its type and meaning.

Tables, load checks, `docs/model.md` and test fixtures derive from `NODES` and `RELATIONS`; nothing else in
the package names a property that is not declared here.

>>> [p.name for p in node("Paslon").properties]
['id', 'number', 'name', 'contest', 'region']
>>> relation("LIKED").ends
(('Account', 'Post'),)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Final

MODEL_VERSION: Final = 1


class Type(Enum):
    """Types of property that both engines keep without loss."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    TEXTS = "list of text"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a node or relation; `id` is always the first and the key."""

    name: str
    type: Type
    meaning: str
    # When a row is loaded again, a later non-null value replaces an earlier one; lists that accumulate
    # are united instead.
    accumulates: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of node. Its key is the property `id`, always text."""

    label: str
    meaning: str
    properties: tuple[Property, ...]

    @property
    def name(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of relation between the listed pairs of labels. Its key is the property `id`, always text."""

    type: str
    ends: tuple[tuple[str, str], ...]
    meaning: str
    properties: tuple[Property, ...]

    @property
    def name(self) -> str:
        return self.type


def _text(name: str, meaning: str) -> Property:
    return Property(name, Type.TEXT, meaning)


def _integer(name: str, meaning: str) -> Property:
    return Property(name, Type.INTEGER, meaning)


def _real(name: str, meaning: str) -> Property:
    return Property(name, Type.REAL, meaning)


def _boolean(name: str, meaning: str) -> Property:
    return Property(name, Type.BOOLEAN, meaning)


def _texts(name: str, meaning: str) -> Property:
    return Property(name, Type.TEXTS, meaning)


NODES: Final = (
    Node(
        "Account",
        "A public account on a platform.",
        (
            _text("id", "platform:native id"),
            _text("platform", "x, tiktok, instagram, facebook, youtube or another short name"),
            _text("handle", "public handle, without @"),
            _text("name", "display name as the platform shows it"),
            _text("url", "address of the public profile"),
        ),
    ),
    Node(
        "Page",
        "A page or campaign account of a paslon.",
        (
            _text("id", "platform:native id"),
            _text("platform", "short name of the platform"),
            _text("handle", "public handle, without @"),
            _text("name", "display name"),
            _text("url", "address of the page"),
            _boolean("registered", "registered with KPU as an official campaign account"),
            _text("class", "official, campaign_team, volunteers, party or media"),
        ),
    ),
    Node(
        "Paslon",
        "A candidate pair.",
        (
            _text("id", "id of the pair"),
            _integer("number", "number drawn by KPU"),
            _text("name", "names on the ballot"),
            _text("contest", "election, for example pilgub-2024"),
            _text("region", "province, kabupaten or kota"),
        ),
    ),
    Node(
        "Post",
        "A post, video or other object that accounts act on.",
        (
            _text("id", "platform:native id"),
            _text("platform", "short name of the platform"),
            _text("url", "address of the post"),
            _text("text", "text as published"),
            _integer("at_ms", "publication time, UTC epoch milliseconds; null where unknown"),
            _text("at", "publication time as written in the source"),
            _texts("links", "addresses that the post links to"),
            _texts("hashtags", "hashtags, without #"),
        ),
    ),
    Node(
        "Source",
        "One import batch: a file, how it was obtained and on which legal basis.",
        (
            _text("id", "first 16 hex digits of sha256"),
            _text("sha256", "digest of file digest, kind of load and mapping"),
            _text("file", "file name, without folders"),
            _text("file_sha256", "digest of the file's bytes"),
            _text("kind", "interactions, posts, pages or paslon"),
            _text("mapping", "column mapping and constants, as JSON"),
            _text("acquisition", "method of acquisition"),
            _text("acquired_by", "person or unit that obtained the file"),
            _text("legal_basis", "legal basis of the processing"),
            _text("terms_note", "contract terms that bind the data"),
            _text("keep_until", "last day of retention, ISO date"),
            _integer("loaded_at_ms", "time of loading, UTC epoch milliseconds"),
            _integer("rows_taken", "rows accepted"),
            _integer("rows_refused", "rows in the quarantine file"),
        ),
    ),
    Node(
        "Run",
        "One detection: parameters, version, the data it saw and its denominators.",
        (
            _text("id", "R- and 12 hex digits of parameters, version and data fingerprint"),
            _text("status", "writing or complete"),
            _text("parameters", "as JSON"),
            _text("version", "version of graphwatch"),
            _text("fingerprint", "order-free digest of the interactions seen"),
            _integer("created_at_ms", "time of the run, UTC epoch milliseconds"),
            _integer("window_ms", "co-interaction window in milliseconds, inclusive"),
            _integer("min_objects", "objects a pair must share within the window"),
            _real("fdr", "false discovery rate of the test against chance; null where nothing was tested"),
            _integer("coarse_ms", "window of an opportunity in milliseconds"),
            _integer("tests", "pairs with at least min_objects opportunities, over which q is corrected"),
            _real("tests_error", "relative standard error of tests; 0 where they were counted"),
            _integer("interactions", "timed interactions seen"),
            _integer("untimed", "interactions without a time, left out of synchrony"),
            _integer("accounts", "accounts with a timed interaction"),
            _integer("objects", "objects acted on"),
            _integer("visited_pairs", "pairs of interactions within the window that were looked at"),
            _integer("pairs", "pairs of accounts that reached min_objects"),
            _integer("clusters", "clusters found"),
        ),
    ),
    Node(
        "Cluster",
        "Accounts that a run found acting together; a lead, never a verdict.",
        (
            _text("id", "run:number"),
            _text("run", "id of the run"),
            _integer("number", "1 is the largest; ties by smallest member id"),
            _integer("size", "members"),
            _integer("pairs", "pairs of members that reached the run's count"),
            _real("density", "pairs over possible pairs of members"),
            _integer("objects", "objects on which members co-interacted"),
            _integer("first_ms", "first co-interaction, UTC epoch milliseconds"),
            _integer("last_ms", "last co-interaction, UTC epoch milliseconds"),
        ),
    ),
)

_INTERACTION: Final = (
    _text("id", "hash of platform, account, kind, object, native content id and at_ms"),
    _text("kind", "LIKED, COMMENTED, SHARED, MENTIONED or FOLLOWED, as the relation's type"),
    _text("content_id", "native id of the comment, share or like, where the platform gives one"),
    _text("text", "text of the comment or share"),
    _integer("at_ms", "UTC epoch milliseconds; null where the source has no time"),
    _text("at", "time as written in the source, with its offset"),
    _integer("observed_at_ms", "when it was seen or collected, UTC epoch milliseconds"),
    Property("sources", Type.TEXTS, "source:row of every row that supplied it", accumulates=True),
)

RELATIONS: Final = (
    Relation(
        "PUBLISHED",
        (("Account", "Post"), ("Page", "Post")),
        "Who published a post.",
        (_text("id", "hash of both ends"),),
    ),
    Relation("LIKED", (("Account", "Post"),), "A like.", _INTERACTION),
    Relation("COMMENTED", (("Account", "Post"),), "A comment or reply.", _INTERACTION),
    Relation("SHARED", (("Account", "Post"),), "A share, repost or retweet.", _INTERACTION),
    Relation("MENTIONED", (("Account", "Post"),), "A post mentioned elsewhere by an account.", _INTERACTION),
    Relation(
        "FOLLOWED",
        (("Account", "Page"), ("Account", "Account")),
        "A follow or a joined campaign channel.",
        _INTERACTION,
    ),
    Relation(
        "SUPPORTS",
        (("Page", "Paslon"),),
        "The paslon a page campaigns for.",
        (_text("id", "hash of both ends"),),
    ),
    Relation(
        "CO_INTERACTED",
        (("Account", "Account"),),
        "A pair that reached a run's count, stored once from the smaller id to the larger.",
        (
            _text("id", "hash of run and both ends"),
            _text("run", "id of the run"),
            _integer("window_ms", "window in milliseconds, inclusive"),
            _integer("n", "distinct objects on which both acted within the window"),
            _integer("shared", "objects both acted on at any time"),
            _real("median_gap_s", "median over objects of the smallest gap, in seconds"),
            _real("first_share", "share of the objects on which the smaller id came first; a tie counts half"),
            _texts("kinds", "kinds of interaction involved"),
            _integer("first_ms", "first co-interaction, UTC epoch milliseconds"),
            _integer("last_ms", "last co-interaction, UTC epoch milliseconds"),
            _integer("opportunities", "objects on which both acted within the coarse window"),
            _real("expected", "co-interactions that chance explains, of the opportunities"),
            _real("log10_p", "log10 of the chance of n or more"),
            _real("q", "false discovery rate at which the pair would be reported"),
            _boolean(
                "coordinated",
                "beyond chance at the run's false discovery rate; null where nothing was tested",
            ),
            _real("interest_expected", "shared objects that the activity of the two explains"),
            _real("interest_log10_p", "log10 of the chance of so many shared objects"),
            _real("interest_q", "false discovery rate at which the shared interest would be reported"),
            _boolean("shared_interest", "more shared objects than activity explains; null where nothing was tested"),
        ),
    ),
    Relation(
        "MEMBER_OF",
        (("Account", "Cluster"),),
        "An account that a run placed in a cluster.",
        (
            _text("id", "hash of both ends"),
            _text("run", "id of the run"),
            _text("entered", "core or grown"),
            _integer("partners", "members with whom the account reached the run's count"),
        ),
    ),
    Relation(
        "FOUND_IN",
        (("Cluster", "Run"),),
        "The run that found a cluster.",
        (_text("id", "hash of both ends"), _text("run", "id of the run")),
    ),
)

Element = Node | Relation
INTERACTIONS: Final = ("LIKED", "COMMENTED", "SHARED", "MENTIONED", "FOLLOWED")
# The interactions whose object is a post.
POST_INTERACTIONS: Final = ("LIKED", "COMMENTED", "SHARED", "MENTIONED")

_NODES: Final = {n.label: n for n in NODES}
_RELATIONS: Final = {r.type: r for r in RELATIONS}


def node(label: str) -> Node:
    """The declaration of a label; KeyError where there is none."""
    return _NODES[label]


def relation(type: str) -> Relation:
    """The declaration of a relation type; KeyError where there is none."""
    return _RELATIONS[type]


def elements() -> Iterator[Element]:
    """All nodes, then all relations, in the order of declaration: an order in which they can be written."""
    yield from NODES
    yield from RELATIONS


def key_hash(*parts: str | int | None) -> str:
    """32 hex digits that identify the parts; no two lists of parts run together, and null differs from empty.

    >>> key_hash("a", "bc") == key_hash("ab", "c")
    False
    >>> key_hash(None) == key_hash("")
    False
    """
    joined = "\x1f".join("\x00" if p is None else str(p) for p in parts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest() -> str:
    """16 hex digits of the declaration: a store whose digest differs needs its tables brought up to date."""
    parts = [
        f"{e.name}({','.join(f'{p.name}:{p.type.value}' for p in e.properties)})"
        + (str(e.ends) if isinstance(e, Relation) else "")
        for e in elements()
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
