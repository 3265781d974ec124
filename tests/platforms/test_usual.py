"""Whole columns of names in common forms: each is what the same text is called by itself."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.platforms.addresses import PLATFORMS
from graphwatch.platforms.naming import account_name, handle_name, post_name
from graphwatch.platforms.usual import usual_accounts, usual_posts

_HOSTS = (
    "x.com",
    "twitter.com",
    "instagram.com",
    "tiktok.com",
    "youtube.com",
    "facebook.com",
    "threads.net",
    "youtu.be",
)
_WORDS = (
    *("status", "p", "reel", "reels", "tv", "@v", "t", "video", "share", "12", "posts", "i", "web", "watch", "budi_s"),
    *("Budi.Santoso", "photo", "photos", "pfbid02x", "3472585458436161536", "DAxGhNuRkAA", "home", "people", "c"),
)
_ENDS = ("", "?v=Ab1", "?u=https://t.co/a", "/", "?v=Ab1&v=2", "?fbid=3", "#a", "?igsh=a", "/?hl=id", "/photo/1")
addresses = st.builds(
    "{}{}{}/{}{}".format,
    st.sampled_from(["https://", "http://", ""]),
    st.sampled_from(["", "www.", "m.", "mobile.", "vm."]),
    st.sampled_from(_HOSTS),
    st.lists(st.sampled_from(_WORDS) | st.text("aZ_.1-@", min_size=1, max_size=6), max_size=4).map("/".join),
    st.sampled_from(_ENDS),
)
_BARE = (
    *("3472585458436161536", "3472585458436161536_501", "0012345678901", "9999999999999999999", "1_22", "1.234", "1e5"),
    *("DAxGhNuRkAA" + 28 * "x", "UzpfSTEwMDoyMjoyMg==", "UCabcdefghijklmnopqrstuv", "@UCabcdefghijklmnopqrstuv", "@12"),
)
bare = st.text("@aZ_.1e-,/ U", max_size=8) | st.sampled_from(_BARE)
texts = st.lists(addresses | bare, min_size=1, max_size=30)
platforms = st.sampled_from((*PLATFORMS, "mastodon"))


@given(platforms, texts)
def test_posts_of_a_column_are_what_each_text_names(platform: str, texts: list[str]) -> None:
    found = usual_posts(pa.array(texts), platform).to_pylist()
    named = [post_name(text, platform) for text in texts]
    assert [(id, None, None) for id in found if id] == [name for id, name in zip(found, named, strict=True) if id]


@given(platforms, texts)
def test_accounts_of_a_column_are_what_each_text_names(platform: str, texts: list[str]) -> None:
    for native, naming in ((True, account_name), (False, handle_name)):
        found = usual_accounts(pa.array(texts), platform, native=native).to_pylist()
        named = [naming(text, platform) for text in texts]
        pairs = [(id, name) for id, name in zip(found, named, strict=True) if id]
        assert [id for id, _ in pairs] == [name.id if native else name.handle for _, name in pairs]
        assert [name.refusal for _, name in pairs] == [None] * len(pairs)


def test_what_columns_mostly_hold_is_not_looked_at_one_by_one() -> None:
    posts = {
        "x": ("18", "https://x.com/budi/status/18?s=20", "twitter.com/i/web/status/18", "x.com/a/status/18/photo/1"),
        "instagram": (
            *("DAxGhNuRkAA", "3472585458436161536", "https://www.instagram.com/p/DAxGhNuRkAA/?igsh=a"),
            *("https://www.instagram.com/budi/reel/DAxGhNuRkAA/", "https://www.instagram.com/reels/DAxGhNuRkAA"),
        ),
        "tiktok": ("74", "https://www.tiktok.com/@budi/video/74?lang=id"),
        "youtube": ("dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3"),
        "facebook": ("74", "https://www.facebook.com/budi.santoso/posts/pfbid02x", "https://m.facebook.com/reel/74"),
    }
    for platform, texts in posts.items():
        assert usual_posts(pa.array(texts), platform).null_count == 0, platform
    for platform in ("x", "instagram", "tiktok", "threads"):
        host = f"{platform}.net" if platform == "threads" else f"{platform}.com"
        texts = ("@Budi_S", "budi_s", f"https://www.{host}/@budi_s", f"https://www.{host}/@budi_s/?hl=id", "12")
        assert usual_accounts(pa.array(texts), platform, native=True).to_pylist() == [*4 * ["budi_s"], "12"]
