"""Accounts and posts as people name them: an address, a handle, or a native id."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

_HOSTS: Final = {
    "x.com": "x",
    "twitter.com": "x",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
}
PLATFORMS: Final = tuple(dict.fromkeys(_HOSTS.values()))
# Platforms on which a handle is the same in capitals.
CASELESS: Final = frozenset({"x", "instagram", "tiktok", "facebook", "youtube"})
# Words of a path after which the native id of a post stands.
_POST_WORDS: Final = frozenset({"status", "p", "reel", "reels", "tv", "video", "photo", "posts", "videos", "shorts"})
_POST_KEYS: Final = ("v", "story_fbid", "fbid")
# First words of a path that are no handle.
_NO_HANDLES: Final = frozenset(
    "i watch permalink.php profile.php photo photo.php story.php share groups hashtag search explore".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text may mean: native id, handle (lower case, without @), forms of its address; platform if named."""

    platform: str | None
    native: str | None = None
    handle: str | None = None
    urls: tuple[str, ...] = ()


def account_reference(text: str, platform: str | None = None) -> Reference:
    """The account that a text names.

    >>> account_reference("https://www.instagram.com/Budi.S/?hl=id").handle
    'budi.s'
    >>> account_reference("@Budi", "x")
    Reference(platform='x', native='Budi', handle='budi', urls=())
    """
    text = text.strip()
    address = _address(text)
    if address is None:
        bare = text.removeprefix("@")
        return Reference(platform, bare, bare.lower())
    found, words = _platform(address) or platform, _words(address)
    native = handle = None
    if len(words) > 1 and words[0] in ("channel", "user") and found == "youtube":
        native = words[1]
    elif len(words) > 2 and words[:2] == ["i", "user"]:
        native = words[2]
    elif words and words[0] == "profile.php":
        native = _query(address, "id")
    elif words and words[0].lower() not in _NO_HANDLES | _POST_WORDS:
        handle = words[0].removeprefix("@").lower()
    return Reference(found, native or handle, handle, _spellings(text, address))


def account_meant(text: str, platform: str | None = None) -> Reference:
    """The account that a person names, who may also put the platform before the handle or native id.

    >>> account_meant("x:@Budi")
    Reference(platform='x', native='Budi', handle='budi', urls=())
    """
    before, _, rest = text.strip().partition(":")
    if before in PLATFORMS and rest and platform in (None, before):
        return account_reference(rest, before)
    return account_reference(text, platform)


def is_post_address(text: str) -> bool:
    """Whether a text is the address of a post; it holds the handle of an account, too.

    >>> [is_post_address(t) for t in ("https://x.com/budi/status/1837", "https://x.com/budi", "1837")]
    [True, False, False]
    """
    return _address(text.strip()) is not None and post_reference(text).native is not None


def post_reference(text: str, platform: str | None = None) -> Reference:
    """The post that a text names.

    >>> post_reference("https://x.com/paslon1/status/1837?s=20").native
    '1837'
    >>> post_reference("youtu.be/abc").platform
    'youtube'
    """
    text = text.strip()
    address = _address(text)
    if address is None:
        return Reference(platform, text)
    words = _words(address)
    native = next((_query(address, key) for key in _POST_KEYS if _query(address, key)), None)
    after = [b for a, b in pairwise(words) if a in _POST_WORDS]
    if native is None and after:
        native = after[-1]
    elif native is None and words and _host(address) == "youtu.be":
        native = words[0]
    return Reference(_platform(address) or platform, native, None, _spellings(text, address))


def _address(text: str) -> SplitResult | None:
    """The parts of an address, also of one without https://; None where the text is none."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if "://" in text:
        return parts if host else None
    return parts if _host(parts) in _HOSTS and "/" in text else None


def _host(address: SplitResult) -> str:
    host = (address.hostname or "").lower()
    for prefix in ("www.", "m.", "mobile.", "web."):
        host = host.removeprefix(prefix)
    return host


def _platform(address: SplitResult) -> str | None:
    return _HOSTS.get(_host(address))


def _words(address: SplitResult) -> list[str]:
    return [word for word in address.path.split("/") if word]


def _query(address: SplitResult, key: str) -> str | None:
    values = parse_qs(address.query).get(key)
    return values[0] if values else None


def _spellings(text: str, address: SplitResult) -> tuple[str, ...]:
    """The address as others may have written it: with and without www, query and slash at the end."""
    host, path = _host(address), address.path.rstrip("/")
    queries = {f"?{address.query}"} if address.query else {""}
    if not _NO_HANDLES & set(_words(address)):
        queries.add("")
    made = {
        f"{scheme}://{www}{host}{path}{slash}{query}"
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
        for query in queries
    }
    # Without a path or query an address names only the platform.
    return tuple(sorted({text, *made})) if path or address.query else (text,)
