"""What can be loaded: each kind of load with its properties, declared once.

Checks, mapping, error messages and documentation derive from `LOADS`.

>>> [f.name for f in LOADS["paslon"].fields if f.required]
['paslon']
>>> LOADS["interactions"].field("at").type.value
'time'
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Check(Enum):
    """How the text of a cell is checked and what it becomes."""

    ID = "id"
    TEXT = "text"
    HANDLE = "handle"
    TIME = "time"
    KIND = "kind of interaction"
    PLATFORM = "platform"
    OBJECT_TYPE = "post, page or account"
    YES_NO = "yes or no"
    NUMBER = "whole number"
    TEXTS = "list of text"
    NIP = "NIP of 18 digits"
    DAY = "day"
    STATUS = "pns or pppk"
    BASIS = "basis of a link"
    CONFIDENCE = "low, medium or high"
    MOMENT = "time or day"
    CLASS = "class of page"
    PROGRESS = "status of a complaint"
    POSITION = "class of position"


@dataclass(frozen=True, slots=True)
class Field:
    """One property that a row may carry."""

    name: str
    type: Check
    meaning: str
    required: bool = False
    private: bool = False
    """Says who a person is: it goes to the vault, never into the graph, the quarantine or a message."""
    spared: bool = False
    """A cell that cannot be read is left out, and told; its row stays, since nothing wrong follows without it."""
    day_is_end: bool = False
    """A day alone is a time too, and stands for its end: whoever looked on that day saw nothing later."""


@dataclass(frozen=True, slots=True)
class Load:
    """One kind of load: what a row of it means and which properties it has."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()
    """Of these properties a row needs at least one, whichever it is."""

    @property
    def of_persons(self) -> bool:
        """Whether rows name persons, so that nothing of what they hold may be repeated."""
        return any(field.private for field in self.fields)

    @property
    def of_roster(self) -> bool:
        """Whether rows say who is a civil servant."""
        return any(field.type is Check.NIP for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


_PLATFORM: Final = Field("platform", Check.PLATFORM, "x, tiktok, instagram or another short name", required=True)

_SEEN: Final = Field("observed_at", Check.TIME, "when it was seen or collected", spared=True, day_is_end=True)

_VALIDITY: Final = (
    Field("valid_from", Check.DAY, "first day; empty where open"),
    Field("valid_to", Check.DAY, "last day; empty where open"),
)

_LOADS: Final = (
    Load(
        "interactions",
        "One row is one act of an account on a post, page or account.",
        (
            Field(
                "account",
                Check.ID,
                "the account that acted: native id, handle or address of its profile",
                required=True,
            ),
            Field("object", Check.ID, "what it acted on: native id or address", required=True),
            Field("kind", Check.KIND, "LIKED, COMMENTED, SHARED, MENTIONED or FOLLOWED", required=True),
            _PLATFORM,
            Field("at", Check.TIME, "time of the act; empty where unknown"),
            Field("content_id", Check.ID, "native id of the comment, share or like"),
            Field("text", Check.TEXT, "text of the comment or share"),
            _SEEN,
            Field("account_handle", Check.HANDLE, "public handle of the account"),
            Field("account_name", Check.TEXT, "display name of the account"),
            Field("account_url", Check.TEXT, "address of the account's profile"),
            Field("object_type", Check.OBJECT_TYPE, "post; for FOLLOWED page (the default) or account"),
            Field("object_url", Check.TEXT, "address of the object"),
            Field("object_text", Check.TEXT, "text of the post acted on"),
            Field("page", Check.ID, "the page that published the post: native id, handle or address"),
        ),
    ),
    Load(
        "posts",
        "One row is one post.",
        (
            Field("post", Check.ID, "the post: native id or address", required=True),
            _PLATFORM,
            Field("url", Check.TEXT, "address of the post"),
            Field("text", Check.TEXT, "text as published"),
            Field("at", Check.TIME, "time of publication", spared=True),
            _SEEN,
            Field("links", Check.TEXTS, "addresses that the post links to", spared=True),
            Field("hashtags", Check.TEXTS, "hashtags, with or without #", spared=True),
            Field("images", Check.TEXTS, "hashes of its images: of the files or of what they show", spared=True),
            Field("page", Check.ID, "the page that published it: native id, handle or address"),
            Field("account", Check.ID, "the account that published it: native id, handle or address"),
            Field("account_handle", Check.HANDLE, "public handle of that account"),
            Field("account_name", Check.TEXT, "display name of that account"),
        ),
    ),
    Load(
        "pages",
        "One row is one page or campaign account.",
        (
            Field("page", Check.ID, "the page: native id, handle or address", required=True),
            _PLATFORM,
            Field("handle", Check.HANDLE, "public handle"),
            Field("name", Check.TEXT, "display name"),
            Field("url", Check.TEXT, "address of the page"),
            Field("registered", Check.YES_NO, "registered with KPU as an official campaign account"),
            Field("class", Check.CLASS, "official, campaign_team, volunteers, party or media"),
            Field("paslon", Check.ID, "id of the paslon that the page campaigns for"),
        ),
    ),
    Load(
        "paslon",
        "One row is one candidate pair.",
        (
            Field("paslon", Check.ID, "id of the pair, used as it is", required=True),
            Field("number", Check.NUMBER, "number drawn by KPU", spared=True),
            Field("name", Check.TEXT, "names on the ballot"),
            Field("contest", Check.TEXT, "election, for example pilgub-2024"),
            Field("region", Check.TEXT, "province, kabupaten or kota"),
        ),
    ),
    Load(
        "roster",
        "One row is one civil servant at one agency. NIP and name go to the vault.",
        (
            Field("nip", Check.NIP, "NIP as text; leaves only a keyed hash", required=True, private=True),
            Field("name", Check.TEXT, "name of the person", private=True),
            Field("agency", Check.ID, "id of the agency (OPD), or its name where it has no id", required=True),
            Field("agency_name", Check.TEXT, "name of the agency"),
            Field("parent", Check.ID, "id of the agency that it is a part of, or its name"),
            Field("kind", Check.STATUS, "pns or pppk"),
            Field("position", Check.TEXT, "position (jabatan) at that agency"),
            Field(
                "position_class",
                Check.POSITION,
                "functional, executive, supervisor, administrator, head-of-district or senior-leader; "
                "told by the position where that leaves no doubt",
                spared=True,
            ),
            *_VALIDITY,
        ),
    ),
    Load(
        "accounts-of-asn",
        "One row is one account and whose it is: a person's by NIP, or an agency's, then a duty account.",
        (
            _PLATFORM,
            Field("account", Check.ID, "native id of the account, or address of its profile"),
            Field("handle", Check.HANDLE, "public handle; stands for the account where there is no native id"),
            Field("nip", Check.NIP, "NIP of the person, as text; or agency", private=True),
            Field("agency", Check.ID, "id of the agency that operates it; or nip"),
            Field(
                "basis", Check.BASIS, "self-declared, confirmed-by-superior or verified; a person's account needs it"
            ),
            Field("confidence", Check.CONFIDENCE, "low, medium or high", spared=True),
            Field("checked_at", Check.DAY, "day of the last check", spared=True),
            Field("checked_by", Check.TEXT, "who checked"),
            *_VALIDITY,
        ),
    ),
    Load(
        "complaints",
        "One row is one complaint (aduan). Who complained goes to the vault.",
        (
            Field("number", Check.ID, "the office's number; without one a hash of the row"),
            Field("channel", Check.TEXT, "how it came in, for example sp4n-lapor, sbt, letter, whatsapp"),
            Field("received", Check.DAY, "day it was received", spared=True),
            Field(
                "known_since",
                Check.DAY,
                "day since which it is known; seven days later it must be reported",
                spared=True,
            ),
            Field("text", Check.TEXT, "what is complained about"),
            Field("platform", Check.PLATFORM, "of account and post, where no address gives it"),
            Field("account", Check.TEXT, "accused account: handle, address of the profile or native id"),
            Field("post", Check.TEXT, "post acted on: address or native id"),
            Field("kind", Check.KIND, "LIKED, COMMENTED, SHARED, MENTIONED or FOLLOWED", spared=True),
            Field("at", Check.MOMENT, "when it is said to have happened: a time, or only its day", spared=True),
            _SEEN,
            Field("evidence", Check.TEXT, "file of the evidence, beside the sheet or in a folder there"),
            Field("status", Check.PROGRESS, "new (the default), checking, answered, forwarded or closed"),
            Field("complainant", Check.TEXT, "name of who complained", private=True),
            Field("contact", Check.TEXT, "how to reach who complained", private=True),
        ),
        one_of=("text", "account", "post"),
    ),
)

LOADS: Final = MappingProxyType({load.name: load for load in _LOADS})

# Words that files use for a kind, in lower case; the kinds themselves count too.
KIND_WORDS: Final = MappingProxyType(
    {
        word: kind
        for kind, words in {
            "LIKED": "liked like likes suka menyukai favourite favorite",
            "COMMENTED": "commented comment comments reply replies komentar komen balasan balas membalas mengomentari "
            "berkomentar komentari",
            "SHARED": "shared share shares retweet retweeted repost reposted bagikan membagikan quote quoted",
            "MENTIONED": "mentioned mention mentions sebut menyebut menandai",
            "FOLLOWED": "followed follow follows join ikuti mengikuti",
        }.items()
        for word in words.split()
    }
)
YES_WORDS: Final = ("yes", "ya", "true", "1")
NO_WORDS: Final = ("no", "tidak", "false", "0")
STATUS_WORDS: Final = MappingProxyType({"pns": "pns", "pppk": "pppk", "p3k": "pppk"})
BASIS_WORDS: Final = MappingProxyType(
    {
        "self-declared": "self-declared",
        "deklarasi_mandiri": "self-declared",
        "deklarasi mandiri": "self-declared",
        "confirmed-by-superior": "confirmed-by-superior",
        "konfirmasi_atasan": "confirmed-by-superior",
        "konfirmasi atasan": "confirmed-by-superior",
        "verified": "verified",
        "terverifikasi": "verified",
        "verifikasi": "verified",
    }
)
# Violations are counted by these (KASN: okezone.com, 30 June 2020; redaksinasional.id/baca/9834, October 2023).
POSITION_WORDS: Final = MappingProxyType(
    {
        word: group
        for group, words in {
            "functional": "functional fungsional jabatan_fungsional jf",
            "executive": "executive pelaksana jabatan_pelaksana staf",
            "supervisor": "supervisor pengawas jabatan_pengawas",
            "administrator": "administrator jabatan_administrator",
            "head-of-district": "head-of-district kepala_wilayah camat lurah camat/lurah",
            "senior-leader": "senior-leader pimpinan_tinggi jabatan_pimpinan_tinggi jpt jpt_pratama jpt_madya",
        }.items()
        for word in words.split()
    }
)
# How positions of a class are called, each by itself enough; the first that fits counts, and most fit none.
POSITION_FORMS: Final = (
    ("head-of-district", r"^(camat|lurah)\b"),
    ("senior-leader", r"^(sekretaris daerah|kepala (dinas|badan)|staf ahli (bupati|wali ?kota|gubernur))\b"),
    ("functional", r"\bahli (pertama|muda|madya|utama)$|\b(terampil|mahir|penyelia)$|^guru$"),
    ("administrator", r"^(kepala (bidang|bagian)|sekretaris (dinas|badan))\b"),
    ("supervisor", r"^kepala (seksi|sub ?bagian|sub ?bidang)\b"),
    ("executive", r"^(pelaksana|staf|pengadministrasi)\b"),
)
CONFIDENCE_WORDS: Final = MappingProxyType(
    {"low": "low", "rendah": "low", "medium": "medium", "sedang": "medium", "high": "high", "tinggi": "high"}
)
# A page that campaigns is official only where the pair registered it; the others are classes of their own.
CLASS_WORDS: Final = MappingProxyType(
    {
        word: kind
        for kind, words in {
            "official": "official resmi resmi_kpu registered terdaftar_kpu akun_resmi akun_resmi_paslon resmi_paslon",
            "campaign_team": "campaign_team tim_kampanye tim_pemenangan timses tim_sukses",
            "volunteers": "volunteers relawan volunteer",
            "party": "party partai parpol partai_politik partai_pengusung",
            "media": "media pers news media_massa media_online",
        }.items()
        for word in words.split()
    }
)
PROGRESS_WORDS: Final = MappingProxyType(
    {
        word: status
        for status, words in {
            "new": "new baru",
            "checking": "checking diperiksa diproses proses",
            "answered": "answered dijawab",
            "forwarded": "forwarded diteruskan dilimpahkan",
            "closed": "closed selesai ditutup",
        }.items()
        for word in words.split()
    }
)
OBJECT_TYPES: Final = ("post", "page", "account")
