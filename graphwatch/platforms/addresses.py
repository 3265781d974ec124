"""Addresses of accounts and posts: whose platform's they are, and what they name there."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

_HOSTS: Final = {
    "x.com": "x",
    "twitter.com": "x",
    "instagram.com": "instagram",
    "instagr.am": "instagram",
    "tiktok.com": "tiktok",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "youtube.com": "youtube",
    "youtube-nocookie.com": "youtube",
    "youtu.be": "youtube",
    "threads.net": "threads",
    "threads.com": "threads",
}
PLATFORMS: Final = tuple(dict.fromkeys(_HOSTS.values()))
# What people call a platform besides its short name, in lower case.
PLATFORM_WORDS: Final = {
    "twitter": "x",
    "x/twitter": "x",
    "twitter/x": "x",
    "x (twitter)": "x",
    "twitter (x)": "x",
    "x / twitter": "x",
    "twitter / x": "x",
    "x (dulu twitter)": "x",
    "x (ex twitter)": "x",
    "instagram (ig)": "instagram",
    "ig (instagram)": "instagram",
    "facebook (fb)": "facebook",
    "fb (facebook)": "facebook",
    "meta/facebook": "facebook",
    "you tube": "youtube",
    "ig": "instagram",
    "insta": "instagram",
    "fb": "facebook",
    "yt": "youtube",
    "tik tok": "tiktok",
    **_HOSTS,
}
# Hosts whose addresses lead to another one, which they do not show.
_SHORT_HOSTS: Final = frozenset(
    (
        *("bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "fb.watch", "goo.gl", "is.gd", "lnkd.in", "ow.ly"),
        *("rb.gy", "s.id", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "vm.tiktok.com", "vt.tiktok.com"),
    )
)
# First words of a path behind which a platform hides where it leads.
_SHORT_WORDS: Final = {"facebook": "share", "instagram": "share", "tiktok": "t"}
# Hosts that only pass on to the address in `u`.
_PASSING_ON: Final = frozenset({"l.facebook.com", "lm.facebook.com", "l.instagram.com"})

# Words of a path, in lower case, after which a post's id stands.
_POST_WORDS: Final = {
    "x": frozenset({"status", "statuses"}),
    "instagram": frozenset({"p", "reel", "reels", "tv"}),
    "tiktok": frozenset({"video", "photo", "v", "embed", "v2", "v3"}),
    "youtube": frozenset({"shorts", "live", "embed", "v", "e", "post", "video"}),
    "threads": frozenset({"post", "t"}),
}
# Those of a platform of which nothing more is known than its host.
_ANY_POST_WORDS: Final = frozenset({"p", "post", "posts", "reel", "status", "video", "videos"})
_POST_IDS: Final = {"x": r"\d+", "tiktok": r"\d+", "instagram": r"[\w-]+", "youtube": r"[\w-]+", "threads": r"[\w-]+"}
_OF_FACEBOOK: Final = frozenset({"posts", "permalink", "videos", "reel", "reels", "photos", "watch", "live", "events"})
_KEYS_OF_FACEBOOK: Final = ("story_fbid", "fbid", "multi_permalinks", "v")
_ID_OF_FACEBOOK: Final = re.compile(r"\d+|pfbid\w+")
# Keys of a query that name a comment, that of an answer first.
_COMMENT_KEYS: Final = {
    "facebook": ("reply_comment_id", "comment_id"),
    "youtube": ("lc",),
    "tiktok": ("comment_id", "cid"),
}
# First words of a path that are no handle.
NO_HANDLES: Final = frozenset(
    (
        *("accounts", "discover", "embed", "events", "explore", "feed", "gaming", "groups", "hashtag", "home", "i"),
        *(
            "intent",
            "live",
            "login",
            "marketplace",
            "media",
            "messages",
            "music",
            "notifications",
            "p",
            "permalink.php",
        ),
        *("photo", "photo.php", "photos", "player", "playlist", "plugins", "post", "posts", "profile.php", "reel"),
        *("reels", "search", "settings", "share", "shorts", "status", "statuses", "stories", "story.php", "t", "tag"),
        *("tv", "v", "video", "video.php", "videos", "watch"),
    )
)
# Words of a path whose query says what is meant.
_TOLD_BY_QUERY: Final = frozenset(
    (
        *(
            "explore",
            "groups",
            "hashtag",
            "i",
            "intent",
            "permalink.php",
            "photo",
            "photo.php",
            "profile.php",
            "search",
        ),
        *("share", "story.php", "video.php", "watch"),
    )
)


# What people and programs put around an address: blanks, brackets, quotes, and characters that nobody sees.
INVISIBLE: Final = "".join(map(chr, (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)))
AROUND: Final = f" \t\r\n\xa0<>()[]{{}}\"'“”‘’«»,;{INVISIBLE}"


# What sheets show in place of an address that is behind a cell, in lower case; no post is called so.
LINK_WORDS: Final = frozenset(
    (
        *("lihat", "buka", "klik", "disini", "link", "tautan", "url", "bukti", "sumber", "view", "open", "here"),
        *("click", "see"),
    )
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts: its platform, None where that is not known; host, words of its path, and query.

    >>> address_of("https://m.facebook.com/budi/?x=1").host
    'm.facebook.com'
    """

    text: str
    platform: str | None
    host: str
    words: tuple[str, ...]
    query: str

    @property
    def is_short(self) -> bool:
        """Whether it hides what it leads to.

        >>> [address_of(t).is_short for t in ("https://vt.tiktok.com/ZSa/", "https://www.facebook.com/share/p/a/")]
        [True, True]
        """
        first = self.words[0].lower() if self.words else ""
        return self.host in _SHORT_HOSTS or (first != "" and first == _SHORT_WORDS.get(self.platform or ""))

    def value(self, key: str) -> str | None:
        """What the query has for a key."""
        values = parse_qs(self.query).get(key)
        return values[0] if values else None

    def post(self) -> str | None:
        """The id of the post that it names.

        >>> address_of("https://www.facebook.com/groups/3/permalink/111/").post()
        '111'
        """
        if self.platform == "facebook":
            return self._post_of_facebook()
        if self.platform is None:
            return None
        wanted = re.compile(_POST_IDS.get(self.platform, r"[\w-]+"))
        if self.platform == "youtube" and (named := self.value("v") or self.value("lb")):
            return named if wanted.fullmatch(named) else None
        if self.host == "youtu.be":
            return self.words[0] if self.words and wanted.fullmatch(self.words[0]) else None
        known = _POST_WORDS.get(self.platform, _ANY_POST_WORDS)
        after = (b.removesuffix(".html") for a, b in pairwise(self.words) if a.lower() in known)
        return next((word for word in after if wanted.fullmatch(word)), None)

    def _post_of_facebook(self) -> str | None:
        for key in _KEYS_OF_FACEBOOK:
            if (named := self.value(key)) and _ID_OF_FACEBOOK.fullmatch(named):
                return named
        lower = [word.lower() for word in self.words]
        begins = next((at for at, word in enumerate(lower) if word in _OF_FACEBOOK), len(lower))
        # What comes between is the post's title or an album.
        found = [word for word in self.words[begins + 1 :] if _ID_OF_FACEBOOK.fullmatch(word)]
        return found[-1] if found else None

    def comment(self) -> str | None:
        """The id of the comment on the post that it names.

        >>> address_of("https://www.instagram.com/p/AbC/c/179/").comment()
        '179'
        """
        keys = _COMMENT_KEYS.get(self.platform or "", ())
        if named := next((value for key in keys if (value := self.value(key))), None):
            return named
        if self.platform != "instagram":
            return None
        # /p/CODE/c/ID/, and for an answer /p/CODE/c/ID/r/ID/.
        found = dict(pairwise(self.words[2:]))
        return found.get("r") or found.get("c")

    def account(self) -> tuple[str | None, str | None]:
        """The native id, and the handle in lower case without @, of the account that it names; one of them at most.

        >>> address_of("https://www.instagram.com/Budi.S/?hl=id").account()
        (None, 'budi.s')
        """
        words = self.words
        if not words:
            return None, None
        first = words[0].lower()
        if self.platform == "youtube" and first == "channel":
            return (words[1] if len(words) > 1 else None), None
        if self.platform == "youtube" and first in ("c", "user"):
            return None, (words[1].lower() if len(words) > 1 else None)
        if self.platform == "x" and first == "i":
            return (words[2] if len(words) > 2 and words[1] == "user" else None), None
        if self.platform == "x" and first == "intent":
            return self.value("user_id"), (self.value("screen_name") or "").lower() or None
        if self.platform == "facebook" and first in ("profile.php", "people"):
            return (self.value("id") if first == "profile.php" else (words[2] if len(words) > 2 else None)), None
        if self.platform in ("facebook", "instagram") and first in ("pg", "_u") and len(words) > 1:
            return None, words[1].lower()
        bare = first.removeprefix("@")
        if self.platform == "facebook" and bare.isdecimal():
            return bare, None
        return (None, None) if first in NO_HANDLES else (None, bare or None)

    def spellings(self) -> tuple[str, ...]:
        """The address as others may have written it: with and without www, query and slash at the end."""
        parts = _split(self.text)
        assert parts is not None
        host, path = _plain_host(parts), parts.path.rstrip("/")
        queries = {f"?{self.query}"} if self.query else {""}
        if not _TOLD_BY_QUERY & set(self.words):
            queries.add("")
        made = {
            f"{scheme}://{www}{host}{path}{slash}{query}"
            for scheme in ("https", "http")
            for www in ("", "www.")
            for slash in ("", "/")
            for query in queries
        }
        # Without a path or query an address names only the platform.
        return tuple(sorted({self.text, *made})) if path or self.query else (self.text,)


def address_of(text: str) -> Address | None:
    """The parts of an address, also of one without https:// where its host is known; None where the text is none.

    >>> address_of("instagram.com/p/AbC/").words, address_of("budi") is None
    (('p', 'AbC'), True)
    """
    text = text.strip(AROUND)
    if "/" not in text:
        return None
    parts = _split(text)
    if parts is None:
        return None
    host = (parts.hostname or "").lower().removeprefix("www.")
    if host in _PASSING_ON:
        inner = parse_qs(parts.query).get("u")
        if inner and (found := address_of(inner[0])):
            return found
    platform = _platform(host)
    if "://" not in text and platform is None and host not in _SHORT_HOSTS:
        return None
    words = tuple(word for word in parts.path.split("/") if word)
    return Address(text, platform, host, words, parts.query)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text.removeprefix('//')}")
        return parts if parts.hostname else None
    except ValueError:
        return None


def _platform(host: str) -> str | None:
    """The platform of a host, or of the host that it belongs to: id-id.facebook.com."""
    while host:
        if host in _HOSTS:
            return _HOSTS[host]
        host = host.partition(".")[2]
    return None


def _plain_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    for prefix in ("www.", "m.", "mobile.", "web."):
        host = host.removeprefix(prefix)
    return host
