"""Who is meant: the one node of the graph that a text names, however people name it."""

import re
from collections.abc import Collection, Container, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.errors import NothingFound, UsageError
from graphwatch.model.declaring import Key
from graphwatch.platforms.addresses import PLATFORMS
from graphwatch.platforms.naming import (
    CASELESS,
    Reference,
    account_meant,
    account_name,
    after_platform,
    is_post_address,
    post_name,
    post_reference,
)
from graphwatch.privacy.keys import has_project_key
from graphwatch.repository.clusters import of_layer
from graphwatch.repository.nearest import how_to_name, nearest
from graphwatch.repository.runs import resolve_run, run_if_any
from graphwatch.settings import LATEST
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace

# What a path can begin or end at.
ENDS: Final = ("Account", "Page", "Post", "Paslon", "Agency")
# Labels that can be named, with the properties besides the id that people call their nodes by.
_CALLED: Final = {
    "Account": ("handle", "url"),
    "Page": ("handle", "url", "name"),
    "Post": ("url",),
    "Paslon": ("name",),
    "Agency": ("name",),
    "Asn": (),
    "Cluster": (),
    "Complaint": (),
}
_PSEUDONYM: Final = re.compile(r"[AP]-[A-Z2-7]{16}", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_WORD: Final = {"Asn": "person"}
_SHOWN: Final = 10
_LENGTH_SHOWN: Final = 100

# A text, and the platform that it speaks of where somebody said so.
Text = tuple[str, str | None]
_Row = dict[str, Any]


def resolve(
    workspace: Workspace,
    text: str,
    labels: Collection[str] = ENDS,
    *,
    platform: str | None = None,
    run: str = LATEST,
    layer: str = "all",
    among: Container[Key] | None = None,
) -> Key:
    """The one node that a text names.

    An id in the graph (`x:123`) comes before everything else. Then a native id, a handle with or without @ (in any
    case, where the platform has none), a handle with its platform (`x:@ani`), the address of a profile or post, or
    the name of a page, paslon or agency. Then a pseudonym of this project. A cluster is also named by its number.
    `Label:text` looks only at nodes of that label, for example `Page:x:123`.

    Args:
        text: as a person writes it.
        labels: of the nodes that are looked at: Account, Page, Post, Paslon, Agency, Asn, Cluster, Complaint.
        platform: the platform of an account, page or post, where the text does not tell it.
        run: whose clusters are numbered so.
        layer: of these clusters: all, or one kind of interaction.
        among: nodes besides which none counts.

    Raises:
        NothingFound: nothing is called so; the nearest handles, names and ids are listed.
        UsageError: several nodes are; they are listed.
    """
    return resolve_many(workspace, [text], labels, platform=platform, run=run, layer=layer, among=among)[0]


def resolve_many(
    workspace: Workspace,
    texts: str | Sequence[str],
    labels: Collection[str] = ENDS,
    *,
    platform: str | None = None,
    run: str = LATEST,
    layer: str = "all",
    among: Container[Key] | None = None,
) -> list[Key]:
    """The nodes that the texts name, each once and in order; all are looked for together. See `resolve`.

    Raises:
        NothingFound: nothing is called as one of the texts says.
        UsageError: several nodes are called as one of the texts says, or there is no text.
    """
    given = [texts] if isinstance(texts, str) else list(texts)
    if not given:
        raise UsageError("nothing was named", remedy="Name at least one.")
    with workspace.store.session():
        found = candidates(workspace, ((text, platform) for text in given), labels, run=run, layer=layer)
        chosen = {text: [k for k in found[text, platform] if among is None or k in among] for text in given}
        for text, keys in chosen.items():
            if not keys:
                raise _unknown(workspace, text, labels, run)
            if len(keys) > 1:
                raise UsageError(f"{_quoted(text)} may be several: {_listed(keys)}", remedy="Name one of these.")
    return sorted({keys[0] for keys in chosen.values()})


def resolve_any(workspace: Workspace, text: str, labels: Collection[str] = ENDS) -> tuple[Key, ...]:
    """All nodes that a text may mean, where something else tells which of them. See `resolve`.

    Raises:
        NothingFound: nothing is called so.
    """
    with workspace.store.session():
        found = candidates(workspace, [(text, None)], labels)[text, None]
        if not found:
            raise _unknown(workspace, text, labels, LATEST)
        return found


def candidates(
    workspace: Workspace,
    texts: Iterable[Text],
    labels: Collection[str] = ENDS,
    *,
    run: str = LATEST,
    layer: str = "all",
    behind: bool = False,
) -> dict[Text, tuple[Key, ...]]:
    """The nodes that each text may mean, sorted: one of them is an answer, several are a question. See `resolve`.

    All texts are looked for together, in one reading of each label at most. A store that has not been made has none.

    Args:
        workspace, texts, labels, run, layer: as for `resolve`.
        behind: the graph of an embedded store may stay behind what was accepted; the answer is the same. Only for a
            pseudonym or the number of a cluster it is asked all the same.
    """
    asked = {given: _Asked.of(*given, labels) for given in texts}
    if not workspace.store.exists:
        return dict.fromkeys(asked, ())
    found: dict[Text, tuple[Key, ...]] = {}
    of_record = behind and workspace.store.engine == "embedded"
    nodes: _Nodes = _RecordedNodes(workspace.store) if of_record else _GraphNodes(workspace.store)
    with nullcontext() if of_record else workspace.store.session():
        numbered = _numbered(workspace, asked.values(), run, layer, alone=set(labels) == {"Cluster"})
        for by in ("id", "name", "pseudonym"):
            left = {given: a for given, a in asked.items() if not found.get(given)}
            all_left = list(left.values())
            if by == "pseudonym":
                meant = _by_pseudonym(workspace, all_left)
            else:
                meant = _by_id(nodes, all_left) if by == "id" else _by_name(nodes, all_left)
            for given, a in left.items():
                also = numbered.get(a, ()) if by == "id" else ()
                found[given] = tuple(sorted({*meant.get(a, ()), *also}))
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """One text and everything it can be read as."""

    text: str
    labels: tuple[str, ...]
    platform: str | None
    account: Reference
    post: Reference

    @classmethod
    def of(cls, text: str, platform: str | None, labels: Collection[str]) -> "_Asked":
        text = text.strip()
        label, _, rest = text.partition(":")
        if label in _CALLED and rest.strip():
            text, labels = rest.strip(), {label}.intersection(labels)
        if not _can_be_asked(text):
            labels = ()
        elif "Post" in labels and is_post_address(text):
            labels = {"Post"}  # its first word is a handle, but the post is what was named
        named, rest = after_platform(text, platform)
        account, post = account_meant(text, platform), post_reference(rest, named)
        return cls(text, tuple(label for label in _CALLED if label in labels), platform, account, post)

    def reference(self, label: str) -> Reference:
        """What it says of a node of that label."""
        if label in ("Account", "Page"):
            return self.account
        return self.post if label == "Post" else Reference(None)

    def ids(self, label: str) -> list[str]:
        """The ids that a node of that label may have; a text that is one counts too."""
        reference = self.reference(label)
        if reference.native is None:
            return [self.text]
        places = (reference.platform,) if reference.platform else PLATFORMS
        _, text = after_platform(self.text, self.platform)
        naming = post_name if label == "Post" else account_name
        named = [f"{place}:{id}" for place in places if (id := naming(text, place).id)]
        # As it was written, too: ids of a tool's own choice, and of stores from before names were normalised.
        return [self.text, *named, *(f"{place}:{reference.native}" for place in places)]

    def sought(self, label: str, property: str) -> set[str]:
        """What that property has in lower case, where a node of that label is meant."""
        if property == "name":
            return {self.text.lower()}
        reference = self.reference(label)
        if property == "handle":
            return {reference.handle} if reference.handle else set()
        return {url.lower() for url in reference.urls}


def _can_be_asked(text: str) -> bool:
    """Whether an engine takes it: half a surrogate pair is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return bool(text)


def _by_id(nodes: "_Nodes", asked: list[_Asked]) -> dict[_Asked, set[Key]]:
    """What has the text as its id."""
    found: dict[_Asked, set[Key]] = {}
    for label, of in _by_label(asked).items():
        there = {row["id"]: row for row in nodes.with_ids(label, {a.text for a in of})}
        for a in of:
            if a.text in there and _on_platform(a.platform, label, there[a.text]):
                found.setdefault(a, set()).add(Key(label, a.text))
    return found


def _by_name(nodes: "_Nodes", asked: list[_Asked]) -> dict[_Asked, set[Key]]:
    """What has the text as its native id, handle, address or name."""
    found: dict[_Asked, set[Key]] = {}
    for label, of in _by_label(asked).items():
        native = nodes.with_ids(label, {id for a in of for id in a.ids(label)})
        called = nodes.with_names(label, of)
        for a in of:
            ids, platform = set(a.ids(label)), a.reference(label).platform
            meant = [row for row in native if row["id"] in ids] + _fitting(a, label, called)
            keys = {Key(label, row["id"]) for row in meant if _on_platform(platform, label, row)}
            found.setdefault(a, set()).update(keys)
    return found


def _by_pseudonym(workspace: Workspace, asked: list[_Asked]) -> dict[_Asked, set[Key]]:
    """What this project calls so in what it hands on; every id is tried, so only for texts that look like one."""
    wanted = [a for a in asked if _PSEUDONYM.fullmatch(a.text)]
    if not wanted or not has_project_key(workspace.folder):
        return {}
    pseudonyms, found = workspace.pseudonyms, dict[_Asked, set[Key]]()
    for label, pseudonym in (("Account", pseudonyms.account), ("Post", pseudonyms.post)):
        words = {a: a.text.upper() for a in wanted if label in a.labels and a.text[0].upper() == label[0]}
        if words:
            ids = workspace.store.read(f"MATCH (n:`{label}`) RETURN n.id AS id")["id"].to_pylist()
            called = {word: id for id in ids if (word := pseudonym(id)) in words.values()}
            found |= {a: {Key(label, called[word])} for a, word in words.items() if word in called}
    return found


def _numbered(
    workspace: Workspace, asked: Iterable[_Asked], run: str, layer: str, *, alone: bool
) -> dict[_Asked, tuple[Key, ...]]:
    """The clusters of a run that texts name by number; without a run there are none.

    Raises:
        NothingFound: there is no such run, or none at all and nothing but a cluster can be meant.
    """
    wanted = [a for a in asked if "Cluster" in a.labels and _NUMBER.fullmatch(a.text)]
    of = None if not wanted else resolve_run(workspace, run) if alone else run_if_any(workspace, run)
    if of is None:
        return {}
    rows = workspace.store.read(
        f"MATCH (k:Cluster) WHERE k.run = $run AND k.number IN $numbers AND {of_layer('k')} = $layer "
        "RETURN k.id AS id, k.number AS number",
        {"run": of, "numbers": sorted({int(a.text) for a in wanted}), "layer": layer},
    ).to_pylist()
    return {a: tuple(Key("Cluster", row["id"]) for row in rows if row["number"] == int(a.text)) for a in wanted}


def _by_label(asked: list[_Asked]) -> dict[str, list[_Asked]]:
    return {label: of for label in _CALLED if (of := [a for a in asked if label in a.labels])}


class _Nodes(Protocol):
    """Where nodes are looked for: rows have `id`, `platform`, and what their label is called by."""

    def with_ids(self, label: str, ids: Collection[str]) -> list[_Row]:
        """The nodes with these ids."""

    def with_names(self, label: str, asked: list[_Asked]) -> list[_Row]:
        """The nodes that have what one of the texts says, in any case."""


class _GraphNodes:
    """Those of the graph."""

    def __init__(self, store: ReadableStore) -> None:
        self._store = store

    def with_ids(self, label: str, ids: Collection[str]) -> list[_Row]:
        platform = "n.platform" if _has_platform(label) else "null"
        cypher = f"UNWIND $ids AS id MATCH (n:`{label}`) WHERE n.id = id RETURN n.id AS id, {platform} AS platform"
        rows: list[_Row] = self._store.read(cypher, {"ids": sorted(ids)}).to_pylist()
        return rows

    def with_names(self, label: str, asked: list[_Asked]) -> list[_Row]:
        given = _names(label, asked)
        if not given:
            return []
        where = " OR ".join(f"toLower(n.`{name}`) IN ${name}" for name in given)
        told = ", ".join(f"n.`{name}` AS `{name}`" for name in _CALLED[label])
        platform = "n.platform" if _has_platform(label) else "null"
        cypher = f"MATCH (n:`{label}`) WHERE {where} RETURN n.id AS id, {platform} AS platform, {told}"
        rows: list[_Row] = self._store.read(cypher, given).to_pylist()
        return rows


class _RecordedNodes:
    """Those that were accepted, whether the graph has them or not."""

    def __init__(self, store: ReadableStore) -> None:
        self._store = store

    def with_ids(self, label: str, ids: Collection[str]) -> list[_Row]:
        return self._told(label, self._store.rows(label, ("id", *self._platform(label)), ids=ids))

    def with_names(self, label: str, asked: list[_Asked]) -> list[_Row]:
        given = _names(label, asked)
        if not given:
            return []
        rows = self._store.rows(label, ("id", *self._platform(label), *_CALLED[label]))
        is_called = pa.array([False] * rows.num_rows, pa.bool_())
        for name, words in given.items():
            is_called = pc.or_(is_called, pc.is_in(pc.utf8_lower(rows[name]), value_set=pa.array(words, pa.string())))
        return self._told(label, rows.filter(is_called))

    def _platform(self, label: str) -> tuple[str, ...]:
        return ("platform",) if _has_platform(label) else ()

    def _told(self, label: str, rows: pa.Table) -> list[_Row]:
        return [row if _has_platform(label) else row | {"platform": None} for row in rows.to_pylist()]


def _has_platform(label: str) -> bool:
    return "url" in _CALLED[label]


def _names(label: str, asked: list[_Asked]) -> dict[str, list[str]]:
    """Of each property that nodes are called by, what it has in lower case where one of the texts means a node."""
    sought = {name: sorted({word for a in asked for word in a.sought(label, name)}) for name in _CALLED[label]}
    return {name: words for name, words in sought.items() if words}


def _fitting(asked: _Asked, label: str, rows: list[_Row]) -> list[_Row]:
    """The rows that have what the text says."""
    handles, urls, names = (asked.sought(label, property) for property in ("handle", "url", "name"))
    spelled = asked.post.urls if label == "Post" else None  # case tells posts apart
    written = asked.text.removeprefix("@")
    exactly = {row["platform"] for row in rows if row.get("handle") == written} - CASELESS

    def fits(row: _Row) -> bool:
        handle, url, name = (row.get(property) or "" for property in ("handle", "url", "name"))
        cased = row["platform"] in exactly
        return (
            (handle == written if cased else handle.lower() in handles)
            or (url.lower() in urls if spelled is None else url in spelled)
            or name.lower() in names
        )

    return [row for row in rows if fits(row)]


def _on_platform(platform: str | None, label: str, row: _Row) -> bool:
    """Whether a node is on the platform that was told; where its own is not known, its id tells it."""
    if platform is None or not _has_platform(label):
        return True
    own: str = row["platform"] or row["id"].partition(":")[0]
    return platform == own


def _unknown(workspace: Workspace, text: str, labels: Collection[str], run: str) -> NothingFound:
    """That nothing is called so, and what comes near."""
    asked = _Asked.of(text, None, labels)
    looked = asked.labels or tuple(label for label in _CALLED if label in labels)
    what = f"there is no {' or '.join(_WORD.get(label, label.lower()) for label in looked)} called {_quoted(text)}"
    is_number = looked == ("Cluster",) and bool(_NUMBER.fullmatch(asked.text))
    if is_number:
        what = f"run {resolve_run(workspace, run)} has no cluster {asked.text}"
    # Of an address, and of a handle with its platform, it is the handle that was mistyped.
    # Nothing is near a number, though many ids have its digits in them.
    words = () if is_number else dict.fromkeys((asked.text.removeprefix("@"), asked.account.handle or ""))
    near = next((n for word in words if asked.labels and (n := nearest(workspace, looked, word))), [])
    remedy = f"Nearest: {', '.join(near)}." if near else how_to_name(workspace, looked)
    return NothingFound(what, where=workspace.place, remedy=remedy)


def _listed(keys: Sequence[Key]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(f"{key.label}:{key.id}" for key in keys[:_SHOWN]) + more


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _LENGTH_SHOWN else f"{text[:_LENGTH_SHOWN]}…")
