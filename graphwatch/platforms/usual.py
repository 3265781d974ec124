"""Names in their commonest forms, of whole columns at once: what has another form is looked at text by text.

Each function says of Arrow texts what `post_name`, `account_name` and `handle_name` say of each, or null.
"""

from functools import partial
from typing import Any, Final

from graphwatch.platforms.addresses import LINK_WORDS, NO_HANDLES
from graphwatch.platforms.shortcodes import OF_META, shortcodes

_WEB: Final = r"^(?:https?://)?(?:www\.|m\.|mobile\.)?"
_END: Final = r"/?(?:\?[^#\s]*)?$"
_CODE: Final = r"[0-9_-]*[A-Za-z][A-Za-z0-9_-]{0,14}"
# Of each platform one form after the other; each leaves no choice where the id begins, for regular expressions are
# several times as fast so. A first word that hides what is behind it is `word`, and is looked at.
_POST_ADDRESSES: Final = {
    "x": (
        rf"{_WEB}(?:x|twitter)\.com/[A-Za-z0-9_]+/status/(?P<id>[0-9]+)(?:/(?:photo|video)/[0-9]+)?{_END}",
        rf"{_WEB}(?:x|twitter)\.com/i/web/status/(?P<id>[0-9]+){_END}",
    ),
    "instagram": (
        rf"{_WEB}instagram\.com/(?:p|reels?|tv)/(?P<id>{_CODE}){_END}",
        rf"{_WEB}instagram\.com/(?P<word>[A-Za-z0-9_.]+)/(?:p|reels?|tv)/(?P<id>{_CODE}){_END}",
    ),
    "tiktok": (rf"{_WEB}tiktok\.com/@[A-Za-z0-9_.]+/(?:video|photo)/(?P<id>[0-9]+){_END}",),
    "youtube": (_WEB + r"youtube\.com/watch\?v=(?P<id>[A-Za-z0-9_-]+)(?:&[^#\s]*)?$",),
    "facebook": (
        rf"{_WEB}facebook\.com/(?P<word>[A-Za-z0-9.]+)/(?:posts|videos)/(?P<id>[0-9]+|pfbid[A-Za-z0-9]+)/?$",
        rf"{_WEB}facebook\.com/reel/(?P<id>[0-9]+)/?$",
    ),
}
_HIDING: Final = ("p", "reel", "reels", "share", "tv")
# Ids that stand alone and have no other spelling; numbers of Meta's posts have one.
_NO_NUMBER: Final = r"^[0-9_-]{0,15}[A-Za-z][A-Za-z0-9_-]{0,15}$"
_POST_IDS: Final = {
    **dict.fromkeys(("x", "tiktok", "youtube"), r"^[A-Za-z0-9_-]+$"),
    **dict.fromkeys(OF_META, _NO_NUMBER),
    "facebook": r"^(?:[0-9]+|pfbid[A-Za-z0-9]+)$",
}

_HANDLES: Final = {
    "x": r"^@?[A-Za-z0-9_]{1,20}$",
    **dict.fromkeys(("instagram", "tiktok", "facebook", "threads"), r"^@?[A-Za-z0-9_.]{1,30}$"),
    "youtube": r"^@[A-Za-z0-9_.-]{1,30}$",
}
_ACCOUNT_ADDRESSES: Final = {
    "x": rf"{_WEB}(?:x|twitter)\.com/@?(?P<id>[A-Za-z0-9_]{{1,20}}){_END}",
    "instagram": rf"{_WEB}instagram\.com/@?(?P<id>[A-Za-z0-9_.]{{1,30}}){_END}",
    "tiktok": rf"{_WEB}tiktok\.com/@(?P<id>[A-Za-z0-9_.]{{1,30}}){_END}",
    "threads": rf"{_WEB}threads\.(?:net|com)/@(?P<id>[A-Za-z0-9_.]{{1,30}}){_END}",
    "youtube": rf"{_WEB}youtube\.com/@(?P<id>[A-Za-z0-9_.-]{{1,30}}){_END}",
}


def usual_posts(texts: Any, platform: str) -> Any:
    """The ids of posts that are named in a common form; the others are null.

    >>> import pyarrow as pa
    >>> usual_posts(pa.array(["https://x.com/budi/status/18?s=20", "18", "kemarin siang"]), "x").to_pylist()
    ['18', '18', None]
    """
    import pyarrow as pa

    if platform not in _POST_IDS:
        return pa.nulls(len(texts), pa.string())
    found = _of_numbers(texts) if platform in OF_META else pa.nulls(len(texts), pa.string())
    found = _and_where_null(found, texts, partial(_post_ids, form=_POST_IDS[platform]))
    for form in _POST_ADDRESSES.get(platform, ()):
        found = _and_where_null(found, texts, partial(_post_within, form=form))
    return found


def usual_accounts(texts: Any, platform: str, *, native: bool) -> Any:
    """The accounts that are named by a handle, with or without @, or by the address of a profile; else null.

    Args:
        texts: Arrow texts.
        platform: short name.
        native: digits alone are an id, while in a column of handles they are looked at one by one.

    >>> import pyarrow as pa
    >>> usual_accounts(pa.array(["@Budi", "tiktok.com/@Budi", "12", "Pak Budi"]), "tiktok", native=True).to_pylist()
    ['budi', 'budi', '12', None]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if platform not in _HANDLES:
        return pa.nulls(len(texts), pa.string())
    handles = _with_letter(_those(texts, _HANDLES[platform]))
    found = pc.ascii_lower(pc.ascii_ltrim(handles, "@"))
    if native:
        found = pc.coalesce(found, _where(pc.ascii_is_decimal(texts), texts))
    if (form := _ACCOUNT_ADDRESSES.get(platform)) is not None:
        found = _and_where_null(found, texts, partial(_account_within, form=form))
    return found


def _and_where_null(found: Any, texts: Any, more: Any) -> Any:
    """What is found, and where nothing is, what `more` finds of those texts."""
    import pyarrow.compute as pc

    left = pc.is_null(found)
    rest = texts.filter(left)
    return pc.replace_with_mask(found, left, more(rest)) if len(rest) else found


def _those(texts: Any, form: str) -> Any:
    """The texts that have a form; the others are null."""
    import pyarrow.compute as pc

    return _where(pc.match_substring_regex(texts, form), texts)


def _where(mask: Any, texts: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(mask, texts, pa.scalar(None, pa.string()))


def _post_ids(texts: Any, form: str) -> Any:
    """The texts that are ids of posts, and no words for a link; the others are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = _those(texts, form)
    # Ids are mostly longer than these words.
    if not pc.any(pc.less_equal(pc.binary_length(found), max(map(len, LINK_WORDS)))).as_py():
        return found
    return _where(pc.invert(pc.is_in(pc.ascii_lower(found), value_set=pa.array(sorted(LINK_WORDS)))), found)


def _post_within(texts: Any, form: str) -> Any:
    """What stands as `id` in the texts that have a form, without those whose first word hides it; else null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.extract_regex(texts, form)
    ids = pc.struct_field(found, "id")
    if "?P<word>" not in form:
        return ids
    words = pc.ascii_lower(pc.struct_field(found, "word"))
    return _where(pc.invert(pc.is_in(words, value_set=pa.array(_HIDING))), ids)


def _with_letter(handles: Any) -> Any:
    """Those that cannot be numbers: digits alone are a native id or keep their @, and decimals are refused."""
    return _those(handles, "[A-Za-z_]")


def _account_within(texts: Any, form: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    handles = pc.ascii_lower(_with_letter(pc.struct_field(pc.extract_regex(texts, form), "id")))
    return _where(pc.invert(pc.is_in(handles, value_set=pa.array(sorted(NO_HANDLES)))), handles)


def _of_numbers(texts: Any) -> Any:
    """The shortcodes of numbers of posts; the others are null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    digits = pc.and_(pc.ascii_is_decimal(texts), pc.invert(pc.starts_with(texts, "0")))
    length = pc.binary_length(texts)
    # Ten digits to sixty-three bits; longer and larger ones are looked at one by one.
    fits = pc.or_(pc.less(length, 19), pc.and_(pc.equal(length, 19), pc.less(texts, "9")))
    numbers = pc.fill_null(pc.and_(pc.and_(digits, pc.greater(length, 9)), fits), False)
    if not pc.any(numbers).as_py():
        return pa.nulls(len(texts), pa.string())
    return pc.replace_with_mask(pa.nulls(len(texts), pa.string()), numbers, shortcodes(texts.filter(numbers)))
