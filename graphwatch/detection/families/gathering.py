"""Families of evidence beside acts seconds apart: the same texts, the same links, the same likes without a time.

Each is a layer of the run. Here they are read; `detection.family_layers` asks whether accounts agree beyond chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS, day_numbers
from graphwatch.detection.counting.pairs import Ints, Longs, Mask
from graphwatch.detection.families.agreement import everybodys, prompted
from graphwatch.detection.families.wordings import families_of, plain
from graphwatch.detection.groups.clusters import SMALLEST
from graphwatch.detection.parameters import Parameters
from graphwatch.model.scope import FAMILIES, Scope
from graphwatch.model.tables import InteractionColumns
from graphwatch.repository import wordings as written
from graphwatch.store.base import ReadableStore

if TYPE_CHECKING:
    from graphwatch.detection.groups.enrichment import Targets

_BLOCK_MS: Final = 28 * DAY_MS
_UNKNOWN: Final = -1
# On what so many did on a day nobody agreed with anybody; and pairs of them would be half a million.
_CROWDED: Final = 1_000
_MOST_ACTS: Final = 20_000_000
# From so many accounts on, twenty thousand pairs, it can be seen whether blocks explain the many.
_JUDGED: Final = 200
# What is added to addresses so that a site knows where its readers come from.
_TRACKING: Final = ("utm_", "fbclid", "gclid", "igshid", "igsh", "ref_src", "ref_url", "mc_cid", "mc_eid", "si")


@dataclass(frozen=True, slots=True)
class Family:
    """Acts of one family, of which those with the same object agree.

    Attributes:
        name: text, link or untimed.
        acts: ids of account, post, kind, act (`id`) and `at_ms`, null where unknown; in the order of `object`.
        object, block: codes, one entry an act.
        wide: codes of wider blocks, which are taken where they explain the many; None where there are none.
        objects: what each object is called.
        kinds: that occur.
        told: what was left out, and how much there is.
    """

    name: str
    acts: pa.Table
    object: Ints
    block: Ints
    objects: pa.StringArray
    kinds: tuple[str, ...]
    told: dict[str, int]
    wide: Ints | None = None

    def testable(self, min_objects: int) -> int:
        """How many accounts used so many objects that others used as well; fewer than three can be in no cluster."""
        if not self.acts.num_rows:
            return 0
        account = self.acts["account"].combine_chunks().dictionary_encode().indices.to_numpy()
        objects = int(self.object.max()) + 1
        account, object = np.divmod(np.unique(account * np.int64(objects) + self.object), objects)
        shared = np.bincount(object)[object] > 1
        return int(np.count_nonzero(np.bincount(account[shared]) >= min_objects))

    def judgeable(self, testable: int) -> "Family":
        """Without wide blocks where the pairs are too few to say whether those explain the many."""
        return self if testable >= _JUDGED else replace(self, wide=None)

    @property
    def digest(self) -> bytes:
        """Of all that is tested, in whatever order it was read."""
        rows = self.acts.append_column("object", self.objects.take(pa.array(self.object)))
        rows = rows.append_column("block", pa.array(self.block)).sort_by([("id", "ascending"), ("object", "ascending")])
        found = blake2b(self.name.encode(), digest_size=16)
        if self.wide is not None:  # a method of its own: runs of before have other ids
            found.update(b"wide")
        for column in ("account", "id", "object", "block", "at_ms"):
            array = rows[column].combine_chunks()
            text = pc.fill_null(array.cast(pa.string()), "")
            found.update(
                b"".join((f"{len(value)}:{value};".encode("utf-8", "surrogatepass")) for value in text.to_pylist())
            )
        return found.digest()


@dataclass(frozen=True, slots=True)
class Gathered:
    """Acts of one family with what each of them uses; what is everybody's is still among them.

    Attributes:
        name: text, link or untimed.
        acts: as of a `Family`.
        object, block: what each act uses, and the block in which it does.
        wide: a wider block of each act; None where there are none.
        told: what was left out in reading.
    """

    name: str
    acts: pa.Table
    object: pa.StringArray
    block: pa.StringArray
    told: dict[str, int]
    wide: pa.StringArray | None = None

    def tested(self, min_objects: int) -> Family | None:
        """What is tested of them; None where that is not enough for a cluster."""
        family = self.family()
        number = family.testable(min_objects)
        return family.judgeable(number) if number >= SMALLEST else None

    def family(self) -> Family:
        """All of them but what is everybody's."""
        if self.name == "text":
            return _family_of_texts(self)
        family = _family(self.name, self.acts, self.object, self.block, self.told)
        if self.name == "link":
            return _without_everybodys(family)
        return replace(family, wide=None if self.wide is None else coded(self.wide)[0].astype(np.int32))


def testable_families(store: ReadableStore, parameters: Parameters, names: Sequence[str]) -> list[Family]:
    """The families of which the store has enough to be tested, in the order of `FAMILIES`.

    Args:
        names: which ones are wanted.
    """
    able = (gathered.tested(parameters.min_objects) for gathered in gathered_families(store, parameters, names))
    return [family for family in able if family is not None]


def gathered_families(store: ReadableStore, parameters: Parameters, names: Sequence[str]) -> list[Gathered]:
    """What the families are made of, whether or not it is enough, in the order of `FAMILIES`."""
    scope = parameters.scope
    if parameters.fdr is None or scope.object != "post" or not names:
        return []
    with store.session(of_record=True):
        made = {"text": _texts, "link": _links, "untimed": _untimed}
        return [made[name](store, scope) for name in FAMILIES if name in names]


@dataclass(frozen=True, slots=True)
class InSight:
    """What there is of a family before any of it is tested.

    Attributes:
        family: text, link or untimed.
        acts, accounts, objects: how many; objects are distinct texts as they were written, links, or posts.
        enough: whether three accounts have so many that they could form a cluster.
        letters: of the distinct texts, which are compared; 0 of other families.
        meetings: pairs of accounts with one object, counted once for each object.
    """

    family: str
    acts: int
    accounts: int
    objects: int
    enough: bool
    letters: int = 0
    meetings: int = 0


def families_in_sight(store: ReadableStore, parameters: Parameters, names: Sequence[str]) -> list[InSight]:
    """What a run will look at of each family, counted and not compared: quick, whatever the texts are."""
    scope = parameters.scope
    if parameters.fdr is None or scope.object != "post":
        return []
    with store.session(of_record=True):
        published = written.published_by_accounts(store, scope)
        texts = [written.texts_of_acts(store, scope).select(["account", "text"]), published.select(["account", "text"])]
        links = published["links"].combine_chunks() if published.num_rows else pa.array([], pa.list_(pa.string()))
        linking = published["account"].take(pc.list_parent_indices(links)) if len(links) else published["account"]
        likes = written.likes_without_times(store, scope)
    of = {
        "text": pa.concat_tables(texts).drop_null().rename_columns(["account", "object"]),
        "link": pa.table({"account": linking, "object": pc.list_flatten(links)}),
        "untimed": likes.select(["account", "post"]).rename_columns(["account", "object"]),
    }
    return [_counted(name, of[name], parameters.min_objects) for name in FAMILIES if name in names]


def _counted(family: str, acts: pa.Table, least: int) -> InSight:
    pairs = acts.group_by(["account", "object"]).aggregate([])
    each = pairs.group_by("account").aggregate([("object", "count")])
    able = pc.sum(pc.greater_equal(each["object_count"], least)).as_py() or 0
    users = pairs.group_by("object").aggregate([("account", "count")])
    number = users["account_count"].to_numpy()
    letters = pc.sum(pc.utf8_length(users["object"])).as_py() if family == "text" else 0
    meetings = int((number * (number - 1) // 2).sum())
    return InSight(family, acts.num_rows, each.num_rows, users.num_rows, able > 2, letters or 0, meetings)


def _texts(store: ReadableStore, scope: Scope) -> Gathered:
    """Texts of comments, shares and published posts; nearly the same ones are one object."""
    comments, published = written.texts_of_acts(store, scope), written.published_by_accounts(store, scope)
    own = published.filter(pc.is_valid(published["text"]))
    rows = pa.concat_tables([comments.drop(["about"]), own.select(comments.drop(["about"]).schema.names)])
    sites = [""] * comments.num_rows + [_site(links) for links in own["links"].to_pylist()]
    texts = rows["text"].combine_chunks().dictionary_encode()
    distinct, which = texts.dictionary.to_pylist(), texts.indices.to_numpy()
    account = coded(rows["account"])[0]
    users = np.bincount(np.unique(np.stack([which.astype(np.int64), account]), axis=1)[0], minlength=len(distinct))
    found = families_of(distinct, users)
    family = found[which]
    quoted = np.append(_quoting(comments), np.zeros(own.num_rows, bool))
    kept = (family >= 0) & ~quoted
    told = {"acts": rows.num_rows, "short": int((family < 0).sum()), "quoted": int((quoted & (family >= 0)).sum())}
    rows = rows.filter(pa.array(kept))
    community = _communities(store, scope, rows, [site for site, k in zip(sites, kept, strict=True) if k])
    names = pa.array([f"text-{code:06}" for code in family[kept].tolist()], pa.string())
    return Gathered("text", rows.select(written.ACTS.names), names, pa.array(community, pa.string()), told)


def _family_of_texts(texts: Gathered) -> Family:
    """Texts that are not everybody's; answers to what a post asks for by post."""
    rows, name, told = texts.acts, texts.object, dict(texts.told)
    account, text, at_ms = coded(rows["account"])[0], coded(name)[0], times_of(rows)
    common = everybodys(account, text, at_ms) if len(text) else np.empty(0, bool)
    told |= {"everybodys": int(np.count_nonzero(common)), "dropped": int(common[text].sum())}
    apart = ~common[text]
    rows, name, community = (of.filter(pa.array(apart)) for of in (rows, name, texts.block))
    post = coded(rows["post"])[0]
    asked = prompted(account[apart], text[apart], post)
    block = [
        f"post {p}" if own else c
        for p, own, c in zip(post.tolist(), asked.tolist(), community.to_pylist(), strict=True)
    ]
    return _family("text", rows, name, pa.array(block, pa.string()), told)


def _quoting(comments: pa.Table) -> Mask:
    """Which texts only repeat the post that they are about; each wording is made plain once, however many repeat it."""
    pairs = comments.group_by(["text", "about"], use_threads=False).aggregate([])
    pairs = pairs.filter(pc.greater(pc.binary_length(pairs["about"]), 0))
    wording = {text: plain(text) for name in ("text", "about") for text in pc.unique(pairs[name]).to_pylist()}
    found = {
        (text, post)
        for text, post in zip(pairs["text"].to_pylist(), pairs["about"].to_pylist(), strict=True)
        if wording[text] in wording[post]
    }
    rows = zip(comments["text"].to_pylist(), comments["about"].to_pylist(), strict=True)
    return np.fromiter((row in found for row in rows), bool, comments.num_rows)


def _communities(store: ReadableStore, scope: Scope, rows: pa.Table, sites: Sequence[str]) -> list[str]:
    """Where, and in which four weeks, each act was done: a page's posts, a site that is linked, or anywhere else."""
    publishers = written.publishers(store, scope)
    page = dict(zip(publishers["post"].to_pylist(), publishers["page"].to_pylist(), strict=True))
    at_ms = times_of(rows)
    return [
        f"{page.get(post, site)} {at // _BLOCK_MS if at >= 0 else _UNKNOWN}"
        for post, site, at in zip(rows["post"].to_pylist(), sites, at_ms.tolist(), strict=True)
    ]


def _links(store: ReadableStore, scope: Scope) -> Gathered:
    """Links that accounts published; the block is the site and four weeks, so that its readers are explained."""
    rows = written.published_by_accounts(store, scope)
    links = rows["links"].combine_chunks() if rows.num_rows else pa.array([], pa.list_(pa.string()))
    rows = rows.take(pc.list_parent_indices(links)) if rows.num_rows else rows
    named = [address(link) for link in pc.list_flatten(links).to_pylist()]
    known = [name for name in named if name]
    rows = rows.filter(pa.array([bool(name) for name in named], pa.bool_()))
    block = [
        f"{_host(name)} {at // _BLOCK_MS if at >= 0 else _UNKNOWN}"
        for name, at in zip(known, times_of(rows).tolist(), strict=True)
    ]
    acts = rows.select(written.ACTS.names)
    return Gathered("link", acts, pa.array(known, pa.string()), pa.array(block, pa.string()), {"acts": len(known)})


def _without_everybodys(links: Family) -> Family:
    """Links that are not everybody's."""
    account = coded(links.acts["account"])[0]
    common = everybodys(account, links.object, np.full(len(account), -1)) if len(account) else np.empty(0, bool)
    apart = ~common[links.object]
    told = links.told | {"everybodys": int(np.count_nonzero(common)), "dropped": int((~apart).sum())}
    acts = links.acts.filter(pa.array(apart))
    return replace(links, acts=acts, object=links.object[apart], block=links.block[apart], told=told)


def _untimed(store: ReadableStore, scope: Scope) -> Gathered:
    """Likes without a time; the block is the page, or it and four weeks. Posts of unknown pages say nothing."""
    rows = written.likes_without_times(store, scope)
    pages = written.publishers(store, scope)
    place = pc.index_in(rows["post"].combine_chunks(), value_set=pages["post"].combine_chunks())
    told = {"acts": rows.num_rows, "no_page": place.null_count}
    rows, place = rows.filter(place.is_valid()), place.drop_null()
    page, at = (pages[name].take(place).to_pylist() for name in ("page", "at_ms"))
    block = [f"{p} {a // _BLOCK_MS if a is not None else _UNKNOWN}" for p, a in zip(page, at, strict=True)]
    wide, blocks = pa.array(page, pa.string()), pa.array(block, pa.string())
    return Gathered("untimed", rows, rows["post"].combine_chunks(), blocks, told, wide)


def by_day(columns: InteractionColumns, pages: "Targets") -> Family | None:
    """What accounts did to which post on which day (WIB); the block is the page on that day. None without any.

    Posts of unknown pages say nothing, nor does a post on a day on which a thousand accounts or more acted on it. More
    than twenty million acts are not looked at so: they would have to lie in memory with their names.
    """
    if len(columns.account) > _MOST_ACTS:
        return None
    page = np.full(len(columns.objects), _UNKNOWN, np.int64)
    page[pages.object] = pages.target
    day = day_numbers(columns.at_ms)
    days = int(day.max(initial=0)) + 1
    object = np.unique(columns.object * days + day, return_inverse=True)[1]
    accounts = len(columns.accounts)
    users = np.bincount(np.unique(object * accounts + columns.account) // max(accounts, 1), minlength=1)
    rows = np.flatnonzero((users[object] < _CROWDED) & (page[columns.object] >= 0)) if len(object) else np.empty(0, int)
    if not len(rows):
        return None
    post, kind = columns.object[rows], columns.kind[rows]
    first, object = np.unique(post * days + day[rows], return_index=True, return_inverse=True)[1:]
    block = np.unique(page[post] * days + day[rows], return_inverse=True)[1]
    acts = pa.table(
        {
            "account": columns.accounts.take(pa.array(columns.account[rows])),
            "post": columns.objects.take(pa.array(post)),
            "kind": pa.array(columns.kinds, pa.string()).take(pa.array(kind)),
            "id": pa.nulls(len(rows), pa.string()),
            "at_ms": columns.at_ms[rows],
        }
    )
    kinds = tuple(columns.kinds[code] for code in np.unique(kind))
    objects = columns.objects.take(pa.array(post[first]))
    return Family("day", acts, object.astype(np.int32), block.astype(np.int32), objects, kinds, {"acts": len(rows)})


def _family(name: str, acts: pa.Table, object: pa.StringArray, block: pa.StringArray, told: dict[str, int]) -> Family:
    code, objects = coded(object)
    kinds = tuple(sorted(set(acts["kind"].to_pylist())))
    return Family(
        name,
        acts,
        code.astype(np.int32),
        coded(block)[0].astype(np.int32),
        objects,
        kinds,
        told,
    )


def coded(values: Any) -> tuple[Longs, pa.StringArray]:
    """Codes in the order of the values."""
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    ids = pc.unique(values)
    ids = ids.take(pc.sort_indices(ids))
    return pc.index_in(values, value_set=ids).to_numpy(zero_copy_only=False).astype(np.int64), ids


def times_of(rows: pa.Table) -> Longs:
    """When each act was, UTC epoch milliseconds; -1 where unknown."""
    at_ms: Longs = pc.fill_null(rows["at_ms"], -1).to_numpy().astype(np.int64)
    return at_ms


def address(link: str) -> str:
    """A link without what differs by accident; empty where it is none.

    >>> address("HTTPS://www.Kabar.example/a/amp/?utm_source=x&id=3#top")
    'kabar.example/a?id=3'
    """
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    except ValueError:
        return ""
    path = parts.path.rstrip("/").removesuffix("/amp").removesuffix(".amp").rstrip("/")
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith(_TRACKING)]
    told = f"?{urlencode(sorted(query))}" if query else ""
    return f"{host}{path}{told}" if "." in host else ""


def _host(name: str) -> str:
    return name.partition("/")[0].partition("?")[0]


def _site(links: Sequence[str] | None) -> str:
    return next((_host(name) for name in map(address, links or ()) if name), "")
