"""Names at the door: whatever a file calls an account, a post or a page, it comes in under one id."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.notes import Note
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.times import Mask, mask_of
from graphwatch.platforms.naming import (
    Name,
    account_name,
    content_name,
    handle_name,
    post_name,
)
from graphwatch.platforms.shortcodes import OF_META
from graphwatch.platforms.usual import usual_accounts, usual_posts

_Naming = Callable[[str, str], Name]


class _Column(NamedTuple):
    """A column that names something; without `required` a cell that names nothing is left out, not its row."""

    property: str
    of: str
    required: bool


_COLUMNS: Final = {
    "interactions": (
        _Column("account", "account", required=True),
        _Column("object", "object", required=True),
        _Column("page", "account", required=False),
        _Column("account_handle", "handle", required=False),
        _Column("content_id", "content", required=False),
    ),
    "posts": (
        _Column("post", "post", required=True),
        _Column("page", "account", required=False),
        _Column("account", "account", required=False),
        _Column("account_handle", "handle", required=False),
    ),
    "pages": (_Column("page", "account", required=True), _Column("handle", "handle", required=False)),
    "accounts-of-asn": (_Column("account", "account", required=True), _Column("handle", "handle", required=True)),
}
NAMED: Final = frozenset(
    c.property for columns in _COLUMNS.values() for c in columns if c.of not in ("handle", "content")
)
_NAMING: Final[dict[str, _Naming]] = {
    "account": account_name,
    "post": post_name,
    "handle": handle_name,
    "content": content_name,
}
_WORDS: Final = {"account": "load.spelt_accounts", "post": "load.spelt_posts"}
# Spellings beyond these are named like the others, but no longer counted.
_MOST_COUNTED: Final = 2_000_000

Problems = list[tuple[Mask, Problem]]


class Names:
    """Names the accounts, posts and pages of one load, batch by batch, and counts how they were spelt."""

    def __init__(self, kind: str, as_written: tuple[str, ...] = ()) -> None:
        """For one kind of load; properties of `as_written` hold ids that are taken as they are."""
        self._columns = [c for c in _COLUMNS.get(kind, ()) if c.property not in as_written]
        self._counts = {of: _Spellings() for of in _WORDS}
        self._left_out: dict[str, int] = {}

    def named(self, columns: dict[str, Any], count: int) -> tuple[dict[str, Any], list[tuple[str, Any, Problems]]]:
        """The checked columns with ids for names; and the property, cells and problems of what names nothing.

        >>> made, wrong = Names("pages").named({"page": pa.array(["@A"]), "platform": pa.array(["x"])}, 1)
        >>> made["page"].to_pylist(), wrong
        (['a'], [])
        """
        platforms = columns.get("platform", pa.nulls(count, pa.string()))
        wrong = []
        for column in self._columns:
            raw = columns.get(column.property)
            if raw is None or raw.null_count == count:
                continue
            made, problems = _by_platform(column, raw, platforms, columns.get("object_type"))
            if not column.required and problems:
                lost = sum(int(mask.sum()) for mask, _ in problems)
                self._left_out[column.property] = self._left_out.get(column.property, 0) + lost
                problems = []
            columns = columns | {column.property: made}
            if problems:
                wrong.append((column.property, raw, problems))
        return columns, wrong

    def count(self, before: dict[str, Any], after: dict[str, Any], good: Any) -> None:
        """Count how the accepted rows spell what they name."""
        objects = after.get("object_type")
        for column in self._columns:
            property, of, kept = column.property, column.of, good
            if of in ("handle", "content") or property not in before:
                continue
            if of == "object":
                kept, of = pc.and_(good, pc.equal(objects, "post")), "post"
            raw, ids, platforms = (c.filter(kept) for c in (before[property], after[property], after["platform"]))
            self._counts[of].add(raw, ids, platforms)

    def notes(self) -> Iterator[str]:
        """What was merged, and what was left out."""
        for of, key in _WORDS.items():
            spellings, ids = self._counts[of].numbers()
            if spellings > ids:
                yield Note(key, n=spellings, ids=ids)
        for property, cells in self._left_out.items():
            yield Note("load.nameless", n=cells, property=property)


class _Spellings:
    """How many spellings there are of how many ids."""

    def __init__(self) -> None:
        # By platform: on two of them one text is two spellings, and one id two ids.
        self._raw: dict[str, list[Any]] = {}
        self._ids: dict[str, list[Any]] = {}
        self._differ, self._kept = False, 0

    def add(self, raw: Any, ids: Any, platforms: Any) -> None:
        """Take in the texts of some rows and the ids that they got."""
        if self._kept > _MOST_COUNTED or not len(ids):
            return
        self._differ = self._differ or not raw.equals(ids)
        different = pc.unique(platforms.drop_null()).to_pylist()
        for platform in different:
            here = pc.equal(platforms, platform) if len(different) > 1 else None
            for texts, kept in ((raw, self._raw), (ids, self._ids)):
                found = pc.unique(texts if here is None else texts.filter(here)).drop_null()
                kept.setdefault(platform, []).append(found)
                self._kept += len(found)

    def numbers(self) -> tuple[int, int]:
        """Spellings and ids; none of either where all are spelt as their ids, or where there are too many to count."""
        if not self._differ or self._kept > _MOST_COUNTED:
            return 0, 0
        raw, ids = (
            sum(len(pc.unique(pa.chunked_array(found))) for found in kept.values()) for kept in (self._raw, self._ids)
        )
        return raw, ids


def _by_platform(column: _Column, raw: Any, platforms: Any, objects: Any) -> tuple[Any, Problems]:
    """The ids of a column whose rows may be of several platforms, and objects of several types."""
    if column.of != "object":
        return _named_so(raw, platforms, _NAMING[column.of])
    if pc.all(pc.equal(objects, "post")).as_py():
        return _named_so(raw, platforms, post_name)
    posts = pc.fill_null(pc.equal(objects, "post"), False)
    found, problems = raw, Problems()
    for these, naming in ((posts, post_name), (pc.invert(posts), account_name)):
        made, wrong = _named_so(pc.if_else(these, raw, None), platforms, naming)
        found = pc.if_else(these, made, found)
        problems += wrong
    return found, problems


def _named_so(raw: Any, platforms: Any, naming: _Naming) -> tuple[Any, Problems]:
    found, problems = raw, Problems()
    for platform in pc.unique(platforms.drop_null()).to_pylist():
        here = pc.equal(platforms, platform)
        alone = platforms.null_count == 0 and pc.all(here).as_py()
        made, wrong = _named(raw if alone else pc.if_else(here, raw, None), platform, naming)
        found = made if alone or made is raw else pc.if_else(here, made, found)
        problems += wrong
    return found, problems


def _named(raw: Any, platform: str, naming: _Naming) -> tuple[Any, Problems]:
    """The ids of texts of one platform; each different text is looked at once, digits not at all."""
    if naming is content_name and pc.all(pc.ascii_is_decimal(raw)).as_py() is not False:
        return raw, []
    coded = pc.dictionary_encode(raw)
    texts = coded.dictionary
    digits = pc.ascii_is_decimal(texts)
    numbered = naming is post_name and platform in OF_META
    if naming is not handle_name and not numbered and pc.all(digits).as_py():
        return raw, []
    usual = _usual(texts, platform, naming)
    left = pc.is_null(usual)
    others = texts.filter(left).to_pylist()
    names = [_name_of(naming, text, platform) for text in others]
    ids = pa.array([name.handle if naming is handle_name else name.id for name in names], pa.string())
    made = pc.replace_with_mask(usual, left, ids) if others else usual
    if made.equals(texts):
        return raw, []
    problems: Problems = []
    for refusal in dict.fromkeys(name.refusal for name in names if name.refusal):
        wrong = pa.array([text for text, name in zip(others, names, strict=True) if name.refusal == refusal])
        problems.append((mask_of(pc.is_in(texts, value_set=wrong).take(coded.indices)), problem(refusal.name)))
    return made.take(coded.indices), problems


def _name_of(naming: _Naming, text: str, platform: str) -> Name:
    """The name of one text; texts come back batch after batch, and a short one is read once."""
    return _kept(naming, text, platform) if len(text) <= _SHORT_TEXT else naming(text, platform)


# Enough for the posts of a load; a text of usual length takes half a kilobyte.
_SHORT_TEXT: Final = 200


@lru_cache(maxsize=1 << 16)
def _kept(naming: _Naming, text: str, platform: str) -> Name:
    return naming(text, platform)


# What may be something else than the id of a comment: an address, or on Facebook a post's id before it.
_OF_FACEBOOK: Final = r"[/_]|^UzpfS|^Y29tbWVudD"


def _usual(texts: Any, platform: str, naming: _Naming) -> Any:
    """The ids of texts in the commonest form, which need not be looked at one by one; the others are null."""
    if naming is content_name:
        return pc.if_else(pc.match_substring_regex(texts, _OF_FACEBOOK if platform == "facebook" else "/"), None, texts)
    if naming is post_name:
        return usual_posts(texts, platform)
    return usual_accounts(texts, platform, native=naming is account_name)
