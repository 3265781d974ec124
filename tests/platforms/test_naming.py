"""One id for an account or post, however it is written; different ones stay different."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.platforms.naming import account_name, handle_name, platform_name, post_name

# Forms in which people and programs write the post that `{id}` names.
POSTS = {
    "x": (
        "{id}",
        "https://x.com/budi/status/{id}",
        "https://twitter.com/budi/status/{id}?s=20",
        "https://mobile.twitter.com/budi/status/{id}/photo/1",
        "x.com/budi/status/{id}/video/2",
        "https://x.com/i/web/status/{id}",
        "https://x.com/i/status/{id}#m",
        "http://www.twitter.com/budi/statuses/{id}/",
        "/budi/status/{id}",
    ),
    "instagram": (
        "{id}",
        "https://www.instagram.com/p/{id}/",
        "instagram.com/budi/p/{id}/?img_index=1",
        "https://www.instagram.com/reel/{id}/?igsh=abc",
        "https://instagram.com/reels/{id}",
        "https://www.instagram.com/budi/reel/{id}/",
        "https://m.instagram.com/tv/{id}",
        "/p/{id}/",
        "https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Fp%2F{id}%2F",
    ),
    "tiktok": (
        "{id}",
        "https://www.tiktok.com/@budi/video/{id}?is_from_webapp=1",
        "https://www.tiktok.com/@budi/photo/{id}",
        "https://m.tiktok.com/v/{id}.html?u_code=1",
        "tiktok.com/embed/v2/{id}",
    ),
    "youtube": (
        "{id}",
        "https://www.youtube.com/watch?v={id}&t=3s",
        "https://m.youtube.com/watch?app=desktop&v={id}",
        "https://youtu.be/{id}?si=xx",
        "https://www.youtube.com/live/{id}?feature=share",
        "youtube.com/shorts/{id}",
        "https://www.youtube-nocookie.com/embed/{id}",
    ),
    "facebook": (
        "{id}",
        "222_{id}",
        "https://m.facebook.com/story.php?story_fbid={id}&id=222",
        "https://www.facebook.com/permalink.php?id=222&story_fbid={id}",
        "https://www.facebook.com/222/posts/{id}",
        "https://www.facebook.com/budi/posts/judul-panjang-sekali/{id}/",
        "https://www.facebook.com/groups/333/permalink/{id}/",
        "https://web.facebook.com/groups/333/posts/{id}/?comment_id=9",
        "https://www.facebook.com/reel/{id}",
        "https://id-id.facebook.com/watch/?ref=saved&v={id}",
        "https://www.facebook.com/budi/videos/judul/{id}/",
        "https://www.facebook.com/photo/?fbid={id}&set=a.1",
        "https://www.facebook.com/budi/photos/a.12/{id}/",
    ),
    "threads": ("{id}", "https://www.threads.net/@budi/post/{id}", "https://www.threads.com/@budi/post/{id}?x=1"),
}
ACCOUNTS = {
    "x": ("https://x.com/{h}", "https://mobile.twitter.com/{h}?lang=id", "x.com/{h}/status/18"),
    "instagram": ("https://www.instagram.com/{h}/?hl=id", "instagram.com/{h}/", "https://www.instagram.com/{h}/p/AbC/"),
    "tiktok": ("https://www.tiktok.com/@{h}?lang=id", "https://m.tiktok.com/@{h}", "tiktok.com/@{h}/video/7"),
    "youtube": ("https://www.youtube.com/@{h}", "m.youtube.com/@{h}/videos"),
    "facebook": ("https://www.facebook.com/{h}", "https://m.facebook.com/{h}/posts/1", "fb.com/{h}?ref=1"),
    "threads": ("https://www.threads.net/@{h}",),
}
numbers = st.integers(10**14, 10**18).map(str)
# A code of digits alone reads as the number that it nearly always is.
codes = st.from_regex(re.compile(r"[A-Za-z0-9_-]{10}[A-Za-z0-9]", re.ASCII), fullmatch=True).filter(
    lambda code: not code.isdigit()
)
ids = {p: codes if p in ("instagram", "youtube", "threads") else numbers for p in POSTS}
# Names of the tests' accounts, none of which is a word that platforms have for themselves.
handles = st.from_regex(re.compile(r"[A-Za-z]{4}_[A-Za-z0-9_]{1,6}", re.ASCII), fullmatch=True)


@given(st.data(), st.sampled_from(sorted(POSTS)))
def test_all_forms_of_a_posts_address_are_one_post_and_two_posts_are_two(data: st.DataObject, platform: str) -> None:
    one, other = data.draw(st.lists(ids[platform], min_size=2, max_size=2, unique=True))
    forms = POSTS[platform]
    assert {post_name(form.format(id=one), platform).id for form in forms} == {one}
    assert {post_name(form.format(id=other), platform).id for form in forms} == {other}


@given(st.sampled_from(sorted(ACCOUNTS)), st.lists(handles, min_size=2, max_size=2, unique_by=str.lower))
def test_all_forms_of_a_handle_are_one_account_and_two_accounts_are_two(platform: str, both: list[str]) -> None:
    for handle in both:
        forms = (
            handle,
            handle.upper(),
            f"@{handle}",
            f" @{handle} ",
            *(f.format(h=handle) for f in ACCOUNTS[platform]),
        )
        assert {account_name(form, platform).id for form in forms} == {handle.lower()}
        assert {handle_name(form, platform).handle for form in forms} == {handle.lower()}


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("tiktok", "https://vt.tiktok.com/ZSabcdef/"),
        ("tiktok", "vm.tiktok.com/ZSabcdef"),
        ("tiktok", "https://www.tiktok.com/t/ZSabcdef/"),
        ("facebook", "https://fb.watch/xyz/"),
        ("facebook", "https://www.facebook.com/share/p/abc123/"),
        ("facebook", "https://m.facebook.com/share/v/abc123/"),
        ("instagram", "https://www.instagram.com/share/reel/abc123"),
        ("x", "https://t.co/abc"),
        ("x", "bit.ly/abc"),
        ("mastodon", "https://bit.ly/abc"),
    ],
)
def test_a_short_link_is_refused_with_what_to_do(platform: str, text: str) -> None:
    for name in (post_name(text, platform), account_name(text, platform)):
        assert name.id is None
        assert name.refusal is not None
        assert "short link" in name.refusal.reason
        assert "browser" in name.refusal.remedy


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://www.instagram.com/budi/", "names no post"),
        ("https://x.com/budi/status/18", "another platform"),
        ("https://berita.example/p/AbC", "another platform"),
        ("1.234.567", "decimals or marks of thousands"),
        ("77001.5", "decimals or marks of thousands"),
    ],
)
def test_what_is_no_post_of_the_platform_is_refused(text: str, reason: str) -> None:
    refusal = post_name(text, "instagram").refusal
    assert refusal is not None
    assert reason in refusal.reason


@pytest.mark.parametrize(
    ("platform", "text", "id"),
    [
        ("x", "12345", "12345"),
        ("x", "@12345", "@12345"),
        ("x", "https://x.com/12345", "@12345"),
        ("x", "https://x.com/i/user/12345", "12345"),
        ("x", "https://twitter.com/intent/user?user_id=12345", "12345"),
        ("facebook", "https://www.facebook.com/profile.php?id=1000", "1000"),
        ("facebook", "https://www.facebook.com/people/Budi-S/1000/", "1000"),
        ("facebook", "https://www.facebook.com/1000", "1000"),
        ("youtube", "UCabcdefghijklmnopqrstuA", "UCabcdefghijklmnopqrstuA"),
        ("youtube", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuA", "UCabcdefghijklmnopqrstuA"),
        (
            "tiktok",
            "MS4wLjABAAAAv7iSuuXDJGDvJkmHvz1qkDZYo1apxgzaxdBSeIuPiM",
            "MS4wLjABAAAAv7iSuuXDJGDvJkmHvz1qkDZYo1apxgzaxdBSeIuPiM",
        ),
        ("facebook", "Budi Santoso", "Budi Santoso"),
        ("mastodon", "@Budi", "Budi"),
    ],
)
def test_native_ids_stay_as_they_are(platform: str, text: str, id: str) -> None:
    assert account_name(text, platform).id == id


@pytest.mark.parametrize(
    "text", ["", "@", "@@", "/", "https://", "https://[broken", "x.com/", "?", "a/b", "\ud800", "//"]
)
def test_any_text_gets_an_answer(text: str) -> None:
    for platform in (*POSTS, "mastodon"):
        for name in (account_name(text, platform), post_name(text, platform)):
            assert (name.id is None) == (name.refusal is not None)


def test_a_platform_has_one_short_name() -> None:
    assert {platform_name(word) for word in ("X", "Twitter", " twitter ", "x.com")} == {"x"}
    assert platform_name("Mastodon") == "mastodon"
