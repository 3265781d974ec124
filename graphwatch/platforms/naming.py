"""What an account or a post is called: the one id that it has here, however people and programs write it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple
from unicodedata import category

from graphwatch.common.i18n import text as words
from graphwatch.platforms.addresses import AROUND, INVISIBLE, LINK_WORDS, PLATFORM_WORDS, PLATFORMS, Address, address_of
from graphwatch.platforms.shortcodes import OF_META, facebook_id, shortcode, without_key

# What a handle looks like there; any other text is a native id, in which capitals count.
_HANDLES: Final = {
    "x": r"\w{1,20}",
    "instagram": r"[\w.]{1,30}",
    "tiktok": r"[\w.]{1,30}",
    "facebook": r"[\w.]{1,50}",
    "youtube": r"[\w.·-]{1,30}",
    "threads": r"[\w.]{1,30}",
}
# Platforms on which a handle is the same in capitals.
CASELESS: Final = frozenset(_HANDLES)
# Only YouTube has letters of all scripts in handles.
_HANDLE: Final = {p: re.compile(form, 0 if p == "youtube" else re.ASCII) for p, form in _HANDLES.items()}
_CHANNEL: Final = re.compile(r"UC[\w-]{22}")
# A page's id before that of its post, as Facebook's own interfaces write it; on Instagram the owner's comes behind.
_WITH_OWNER: Final = {
    "facebook": re.compile(r"\d+_(\d+)", re.ASCII),
    **dict.fromkeys(OF_META, re.compile(r"([1-9]\d{9,18})_\d+", re.ASCII)),
}
# Shorter numbers have been no ids of posts there since 2010; they are what people number their posts by.
_MEDIA: Final = re.compile(r"[1-9]\d{9,18}", re.ASCII)
_MEDIA_IN_PATH: Final = re.compile(r"[1-9]\d{14,18}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,3}([.,]\d{3})+|-?\d+[.,]\d+")

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_AT_HANDLE: Final = re.compile(r"(?<![\w.@])@[\w.]*\w")
# Whose ids and handles have no blanks, while accounts of the others are also known by what they are called.
_ONE_WORD: Final = frozenset({"x", "instagram", "tiktok", "threads"})
# Platforms on which what somebody writes about a post is a post.
_OF_POSTS: Final = ("x", "threads")


class Refusal(NamedTuple):
    """Why a text names nothing, and what to do: both are among the words, as `refused.NAME`."""

    name: str

    @property
    def reason(self) -> str:
        """Why, in English."""
        return words(f"refused.{self.name}", "en")

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return words(f"refused.{self.name}.remedy", "en")


SHORT: Final = Refusal("short")
_ELSEWHERE: Final = Refusal("elsewhere")
_NO_POST: Final = Refusal("no_post")
_NO_ACCOUNT: Final = Refusal("no_account_address")
_DECIMAL: Final = Refusal("decimal")
_SEVERAL: Final = Refusal("several")
_WORDS: Final = Refusal("words")
_LINK: Final = Refusal("link_text")


class Name(NamedTuple):
    """The id of an account or post on its platform, and the handle where it is made of one; or why there is none."""

    id: str | None
    handle: str | None = None
    refusal: Refusal | None = None


def account_name(text: str, platform: str) -> Name:
    """The account that a text names on a platform: a native id, or the handle, by which it is known without one.

    A handle loses its @ and, where the platform has none, its case. One of digits alone keeps its @: without it, it
    is a native id.

    >>> [account_name(t, "tiktok").id for t in ("@Budi_S", "budi_s", "https://m.tiktok.com/@budi_s?lang=id", "@12")]
    ['budi_s', 'budi_s', 'budi_s', '@12']
    >>> account_name("https://vt.tiktok.com/ZSa/", "tiktok").refusal.reason
    'a short link, which hides the id'
    """
    text = text.strip().strip(INVISIBLE).strip()
    if platform in _ONE_WORD and not text.isascii():
        text = _undecorated(text)
    if platform in _HANDLE and _has_words(text):
        return _among_words(text, platform, account_name, _AT_HANDLE, refused=platform in _ONE_WORD)
    if (address := address_of(text)) is not None:
        if (refusal := _refused(address, platform)) is not None:
            return Name(None, None, refusal)
        if address.platform is None:
            return Name(text)
        native, handle = address.account()
        if native is not None:
            return Name(native)
        return Name(None, None, _NO_ACCOUNT) if handle is None else _by_handle(handle, platform)
    bare = text.lstrip("@").strip()
    if bare != text and bare:
        return _by_handle(bare, platform)
    if text.isdecimal() or not _looks_like_handle(text, platform):
        return Name(text)
    if _NUMBER.fullmatch(text):
        return Name(None, None, _DECIMAL)
    return _by_handle(text, platform)


def post_name(text: str, platform: str) -> Name:
    """The post that a text names on a platform.

    >>> forms = ("https://x.com/i/web/status/18?s=20", "mobile.twitter.com/a/status/18/photo/1", "18")
    >>> {post_name(t, "x").id for t in forms}
    {'18'}
    >>> media = ("3472585458436161536_501", "3472585458436161536", "https://www.instagram.com/reel/DAxGhNuRkAA/")
    >>> {post_name(t, "instagram").id for t in media}
    {'DAxGhNuRkAA'}
    >>> post_name("https://x.com/budi", "x").refusal.reason
    'an address that names no post'
    """
    text = text.strip().strip(INVISIBLE).strip()
    if text.lower() in LINK_WORDS:
        return Name(None, None, _LINK)
    if platform in _HANDLE and _has_words(text):
        return _among_words(text, platform, post_name, None, refused=True)
    address = address_of(text)
    if address is None and platform in _HANDLE and "/" in text:
        # A path alone, as exports write it: /p/AbC/.
        path, _, query = text.partition("?")
        return Name(Address(text, platform, "", tuple(w for w in path.split("/") if w), query).post() or text)
    if address is not None:
        if (refusal := _refused(address, platform)) is not None:
            return Name(None, None, refusal)
        if address.platform is None:
            return Name(text)
        native = address.post()
        return Name(_post_id(native, platform, _MEDIA_IN_PATH)) if native else Name(None, None, _NO_POST)
    if platform in _HANDLE and _NUMBER.fullmatch(text):
        return Name(None, None, _DECIMAL)
    return Name(_post_id(text, platform))


def _undecorated(text: str) -> str:
    """A text without pictures at its ends, as people put them beside names; no handle and no id has any.

    >>> _undecorated("budi 🔥👍🏽"), _undecorated("é")
    ('budi', 'é')
    """
    kept = [at for at, c in enumerate(text) if category(c) not in ("So", "Sk", "Mn", "Me", "Cf", "Zs")]
    return text[kept[0] : kept[-1] + 1] if kept else text


def _has_words(text: str) -> bool:
    """Whether a text holds more than one word, list separators between names counting as blanks."""
    inner = text.strip(AROUND)
    return any(c.isspace() for c in inner) or ",@" in inner or ("/@" in inner and address_of(inner) is None)


def _among_words(
    text: str,
    platform: str,
    naming: Callable[[str, str], Name],
    handles: re.Pattern[str] | None,
    *,
    refused: bool,
) -> Name:
    """What the one address or handle in a text of several words names; such a text is no name by itself.

    >>> _among_words("Pak Budi: @ani (guru)", "x", account_name, _AT_HANDLE, refused=True).id
    'ani'
    >>> _among_words("@ani, @budi", "x", account_name, _AT_HANDLE, refused=True).refusal.name
    'several'
    """
    written = _ADDRESS.findall(text)
    # An address of a profile has @ before its handle, too.
    if not written and handles is not None:
        written = handles.findall(text)
    named = [naming(one, platform) for one in (found.strip(f"{AROUND}.:") for found in written) if one != text]
    if len({name.id for name in named}) > 1:
        return Name(None, None, _SEVERAL)
    if named:
        return named[0]
    return Name(None, None, _WORDS) if refused else Name(text)


def _post_id(text: str, platform: str | None, media: re.Pattern[str] = _MEDIA) -> str:
    """The one spelling of a post's native id, where its platform has several."""
    bare = facebook_id(text) if platform == "facebook" else text
    owned = _WITH_OWNER[platform].fullmatch(bare) if platform in _WITH_OWNER else None
    if platform in OF_META and (owned or media.fullmatch(bare)):
        return shortcode(owned[1] if owned else bare)
    return owned[1] if owned else without_key(bare) if platform in OF_META else bare


def content_name(text: str, platform: str) -> Name:
    """The comment, share or mention that a text names: its native id, as it stands or in an address.

    An address that names only the post is left as it is, except where what is written there is a post of its own.

    >>> forms = ("https://x.com/a/status/18?s=20", "18")
    >>> {content_name(t, "x").id for t in forms}
    {'18'}
    >>> facebook = ("https://www.facebook.com/a/posts/1?comment_id=22", "1_22", "Y29tbWVudDoxXzIy")
    >>> {content_name(t, "facebook").id for t in facebook}
    {'22'}
    """
    text = text.strip()
    address = address_of(text)
    if address is None:
        return Name(_post_id(text, platform)) if platform == "facebook" else Name(text)
    if (named := address.comment()) is not None:
        return content_name(named, platform)
    native = address.post() if address.platform == platform and platform in _OF_POSTS else None
    return Name(native or text)


def handle_name(text: str, platform: str) -> Name:
    """The account whose handle a text is, with or without @, or the address of its profile.

    >>> [handle_name(t, "x").handle for t in ("Budi", "@budi", "x.com/Budi")]
    ['budi', 'budi', 'budi']
    """
    text = text.strip()
    return account_name(text if text.startswith("@") or address_of(text) else f"@{text}", platform)


def platform_name(text: str) -> str:
    """The short name of a platform, however it is called.

    >>> platform_name("Twitter"), platform_name("mastodon")
    ('x', 'mastodon')
    """
    lower = " ".join(text.lower().split())
    return PLATFORM_WORDS.get(lower, lower)


def _refused(address: Address, platform: str) -> Refusal | None:
    if address.is_short:
        return SHORT
    known = platform in _HANDLE or address.platform is not None
    return _ELSEWHERE if known and address.platform != platform else None


def _looks_like_handle(text: str, platform: str) -> bool:
    pattern = _HANDLE.get(platform)
    return pattern is not None and pattern.fullmatch(text) is not None and not _is_channel(text, platform)


def _is_channel(text: str, platform: str) -> bool:
    return platform == "youtube" and _CHANNEL.fullmatch(text) is not None


def _by_handle(handle: str, platform: str) -> Name:
    pattern = _HANDLE.get(platform)
    handle = handle.lower() if pattern is not None and pattern.fullmatch(handle) else handle
    return Name(f"@{handle}" if handle.isdecimal() else handle, handle)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text may mean: native id, handle (lower case, without @), forms of its address; platform if named."""

    platform: str | None
    native: str | None = None
    handle: str | None = None
    urls: tuple[str, ...] = ()


def account_reference(text: str, platform: str | None = None) -> Reference:
    """The account that a text names, on whatever platform.

    >>> account_reference("https://www.instagram.com/Budi.S/?hl=id").handle
    'budi.s'
    >>> account_reference("@Budi", "x")
    Reference(platform='x', native='Budi', handle='budi', urls=())
    """
    text = text.strip()
    address = address_of(text)
    if address is None:
        bare = text.removeprefix("@")
        return Reference(platform, bare, bare.lower())
    native, handle = (None, None) if address.is_short else address.account()
    return Reference(address.platform or platform, native or handle, handle, address.spellings())


def account_meant(text: str, platform: str | None = None) -> Reference:
    """The account that a person names, who may also put the platform before the handle or native id.

    >>> account_meant("x:@Budi")
    Reference(platform='x', native='Budi', handle='budi', urls=())
    """
    before, rest = after_platform(text, platform)
    return account_reference(rest, before)


def after_platform(text: str, platform: str | None = None) -> tuple[str | None, str]:
    """The platform that a person puts before a name, and the rest; else the platform given, and all of the text.

    >>> after_platform("youtube:-AbC"), after_platform("budi", "x")
    (('youtube', '-AbC'), ('x', 'budi'))
    """
    before, _, rest = text.strip().partition(":")
    named = platform_name(before)
    return (named, rest) if named in PLATFORMS and rest and platform in (None, named) else (platform, text)


def is_short_link(text: str) -> bool:
    """Whether a text is an address that hides what it leads to.

    >>> is_short_link("https://fb.watch/xyz/"), is_short_link("budi")
    (True, False)
    """
    address = address_of(text)
    return address is not None and address.is_short


def is_post_address(text: str) -> bool:
    """Whether a text is the address of a post; it holds the handle of an account, too.

    >>> [is_post_address(t) for t in ("https://x.com/budi/status/1837", "https://x.com/budi", "1837")]
    [True, False, False]
    """
    address = address_of(text)
    return address is not None and address.post() is not None


def post_reference(text: str, platform: str | None = None) -> Reference:
    """The post that a text names, on whatever platform.

    >>> post_reference("https://x.com/paslon1/status/1837?s=20").native
    '1837'
    >>> post_reference("youtu.be/abc").platform
    'youtube'
    """
    text = text.strip()
    address = address_of(text)
    if address is None:
        return Reference(platform, _post_id(text, platform))
    native = None if address.is_short else address.post()
    platform = address.platform or platform
    return Reference(platform, native and _post_id(native, platform, _MEDIA_IN_PATH), None, address.spellings())
