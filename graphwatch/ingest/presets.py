"""Column names of files that well-known tools write, as data.

A preset holds only what is certain: where a tool writes no post id beside its comments, `object` is left
to the caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """Columns and constants of one file layout; `kind` is the load it is for, None for any."""

    name: str
    meaning: str
    kind: str | None
    columns: Mapping[str, str] = field(default_factory=dict)
    """Property to column."""
    constants: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False
    """Columns called like a property give that property."""


_PRESETS: Final = (
    Preset("generic", "Columns named like the properties.", None, by_name=True),
    Preset(
        "coortweet",
        "The four columns that the R package CooRTweet reads.",
        "interactions",
        {
            "object": "object_id",
            "account": "account_id",
            "content_id": "content_id",
            "at": "timestamp_share",
        },
        {"kind": "SHARED", "platform": "x", "object_type": "post"},
    ),
    Preset(
        "4cat_tiktok_comments",
        "TikTok comments as 4CAT and Zeeschuimer write them; accounts are known by handle.",
        "interactions",
        {
            "account": "author",
            "account_handle": "author",
            "account_name": "author_full",
            "object": "post_id",
            "object_url": "post_url",
            "object_text": "post_body",
            "content_id": "id",
            "text": "body",
            "at": "unix_timestamp",
        },
        {"kind": "COMMENTED", "platform": "tiktok"},
    ),
    Preset(
        "minet_youtube_comments",
        "YouTube comments as minet writes them.",
        "interactions",
        {
            "account": "author_channel_id",
            "account_name": "author_name",
            "object": "video_id",
            "content_id": "comment_id",
            "text": "text",
            "at": "published_at",
        },
        {"kind": "COMMENTED", "platform": "youtube"},
    ),
    Preset(
        "minet_instagram_comments",
        "Instagram comments as minet writes them; give `object` from the column of your input file.",
        "interactions",
        {
            "account": "user_id",
            "account_handle": "username",
            "account_name": "user_full_name",
            "content_id": "id",
            "text": "text",
            "at": "created_at_utc",
        },
        {"kind": "COMMENTED", "platform": "instagram"},
    ),
    Preset(
        "4cat_twitter_posts",
        "Posts of X as 4CAT and Zeeschuimer write them.",
        "posts",
        {
            "post": "id",
            "url": "link",
            "text": "body",
            "at": "unix_timestamp",
            "links": "urls",
            "hashtags": "hashtags",
            "account": "author_id",
        },
        {"platform": "x"},
    ),
    Preset(
        "4cat_tiktok_posts",
        "TikTok videos as 4CAT and Zeeschuimer write them; accounts are known by handle.",
        "posts",
        {
            "post": "id",
            "url": "tiktok_url",
            "text": "body",
            "at": "unix_timestamp",
            "hashtags": "hashtags",
            "account": "author",
        },
        {"platform": "tiktok"},
    ),
    Preset(
        "roster_asn",
        "A roster with the columns nip, nama, status and opd.",
        "roster",
        {"nip": "nip", "name": "nama", "kind": "status", "agency": "opd"},
    ),
    Preset(
        "akun_asn",
        "Declared accounts with the columns nip, platform, handle, platform_user_id, dasar_atribusi, "
        "tanggal_verifikasi and verifikator.",
        "accounts-of-asn",
        {
            "nip": "nip",
            "platform": "platform",
            "handle": "handle",
            "account": "platform_user_id",
            "basis": "dasar_atribusi",
            "checked_at": "tanggal_verifikasi",
            "checked_by": "verifikator",
        },
    ),
    Preset(
        "aduan",
        "A sheet of complaints with these Indonesian names, all of them: no_aduan, kanal, tgl_terima, tgl_diketahui, "
        "uraian, platform, terlapor, url, jenis, tgl_kejadian, berkas_bukti, pelapor, kontak_pelapor.",
        "complaints",
        {
            "number": "no_aduan",
            "channel": "kanal",
            "received": "tgl_terima",
            "known_since": "tgl_diketahui",
            "text": "uraian",
            "platform": "platform",
            "account": "terlapor",
            "post": "url",
            "kind": "jenis",
            "at": "tgl_kejadian",
            "evidence": "berkas_bukti",
            "complainant": "pelapor",
            "contact": "kontak_pelapor",
        },
    ),
)

PRESETS: Final = MappingProxyType({preset.name: preset for preset in _PRESETS})
