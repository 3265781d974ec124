"""What a column of an unknown file is likely to give, and the text of a preset made of the answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from graphwatch.ingest.guessing import Peek
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.presets import PRESETS, preset_of
from graphwatch.platforms.addresses import PLATFORM_WORDS, address_of

# What people call columns of their own sheets, in lower case; what tools call theirs is in the presets.
_CALLED: Final[Mapping[str, str]] = {
    "account": "akun user user_id userid author author_id username pengguna nama_akun profil username_penyuka penyuka "
    "terlapor akun_terlapor",
    "object": "kiriman unggahan post post_id postid video_id tweet_id id_post url_post url link tautan video "
    "link_postingan tautan_postingan postingan link_post link_unggahan tautan_unggahan url_postingan",
    "kind": "jenis aksi tindakan interaksi jenis_interaksi action type",
    "observed_at": "tanggal_ambil waktu_ambil diambil tanggal_pengamatan waktu_pengamatan",
    "platform": "kanal media medsos",
    "at": "waktu tanggal jam time timestamp date created_at datetime waktu_wib tanggal_kejadian tgl_kejadian",
    "text": "isi teks body message komentar caption konten content uraian",
    "content_id": "id comment_id id_komentar",
    "post": "id post_id kiriman unggahan url link tautan link_postingan tautan_postingan",
    "url": "link tautan alamat",
    "page": "halaman page_id pemilik_postingan pemilik akun_ig akun_instagram akun_tiktok akun_facebook",
    "registered": "terdaftar terdaftar_kpu",
    "class": "jenis_akun",
    "name": "nama nama_lengkap nama_pegawai",
    "agency": "opd instansi skpd unit_kerja satuan_kerja",
    "nip": "nip_baru",
    "handle": "akun username akun_ig akun_instagram akun_tiktok akun_facebook",
    "number": "no_aduan nomor_aduan no nomor",
    "channel": "kanal",
    "status": "status",
    "received": "tgl_terima tanggal_terima",
    "account_handle": "username handle",
    "account_name": "nama author_name full_name nama_lengkap",
    "paslon": "no_urut_paslon nomor_urut_paslon no_urut nomor_urut no_paslon pasangan",
    "contact": "kontak telepon hp no_hp nomor_hp no_telepon",
    "complainant": "pelapor nama_pelapor",
}
# A day in one column and its hour in the next are one time.
_DAYS: Final = frozenset(["tanggal", "tgl", "hari", "date", "day"])
_HOURS: Final = frozenset(["jam", "pukul", "waktu", "time", "hour"])
_NEAR: Final = 0.85
# What a caller may state for every row.
_SETTABLE: Final = ("platform", "kind")
# Columns that a list of complaints has, and no other sheet.
_OF_COMPLAINTS: Final = frozenset({"channel", "received", "known_since", "evidence", "complainant", "contact"})


def proposal(kind: str, property: str, header: Sequence[str]) -> str | None:
    """The column that is likely to give a property.

    >>> proposal("interactions", "account", ["No", "Akun", "Waktu"])
    'Akun'
    >>> proposal("interactions", "text", ["No", "Akun"]) is None
    True
    """
    words = _words(kind, property)
    lower = {_plain(name): name for name in reversed(header) if name}
    exact = next((lower[word] for word in words if word in lower), None)
    if exact is not None:
        return exact
    near = get_close_matches(property, lower, n=1, cutoff=_NEAR)
    return lower[near[0]] if near else None


def likely_kind(seen: Peek) -> str:
    """The kind of load for most of whose properties the file seems to have a column."""
    return max(LOADS, key=lambda kind: _merit(kind, seen))


def _merit(kind: str, seen: Peek) -> tuple[bool, bool, int]:
    """Whether all is there without which a row does not say it, an NIP for persons, and how many columns fit."""
    found = set(_columns(kind, seen))
    required = {f.name for f in LOADS[kind].fields if f.required} - set(_SETTABLE)
    told = required <= found if required else len(found & _OF_COMPLAINTS) > 1
    return told, "nip" in found and kind == "roster", len(found)


def _columns(kind: str, seen: Peek) -> dict[str, str]:
    """Property to the column that is likely to give it, each column once, required properties first."""
    found: dict[str, str] = {}
    for field in sorted(LOADS[kind].fields, key=lambda f: not f.required):
        left = [name for name in seen.header if name not in found.values()]
        if column := proposal(kind, field.name, left):
            found[field.name] = column
    if _plain(found.get("at", "")) in _DAYS:
        hours = [name for name in seen.header if _plain(name) in _HOURS and name not in found.values()]
        found["at"] = "+".join([found["at"], *hours[:1]])
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file could be loaded without a preset: kind of load, property to column, and what to state for all rows."""

    kind: str
    columns: dict[str, str]
    stated: dict[str, str]


def proposed(seen: Peek) -> Proposal | None:
    """How to load a file whose columns are called as people call them; None where too few are.

    >>> proposed(Peek(("Akun", "Tautan Postingan", "Jenis"), ()))
    Proposal(kind='interactions', columns={'account': 'Akun', 'object': 'Tautan Postingan', 'kind': 'Jenis'}, \
stated={'platform': '…'})
    """
    kind = likely_kind(seen)
    told, *_ = _merit(kind, seen)
    columns = _columns(kind, seen)
    if not told or len(columns) < 2:
        return None
    lacking = [f.name for f in LOADS[kind].fields if f.required and f.name not in columns]
    platform = _platform(seen)
    stated = {name: platform if name == "platform" else "…" for name in lacking}
    if kind == "complaints" and "platform" not in columns and platform != "…":
        stated["platform"] = platform
    return Proposal(kind, columns, stated)


def _platform(seen: Peek) -> str:
    """The one platform that headings or addresses speak of."""
    named = {PLATFORM_WORDS[word] for name in seen.header for word in name.lower().split() if word in PLATFORM_WORDS}
    cells = (cell for name in seen.header for cell in seen.words(name))
    named |= {a.platform for cell in cells if (a := address_of(cell)) and a.platform}
    return named.pop() if len(named) == 1 else "…"


def preset_text(
    kind: str,
    meaning: str,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    timezone: str | None,
    time_format: str | None,
    where: str,
) -> str:
    r"""A preset of one statement as TOML; what has been written is read again before it is given out.

    >>> print(preset_text("paslon", "M.", {"paslon": 'a"b'}, {}, None, None, "a.toml"))
    meaning = "M."
    <BLANKLINE>
    [[statements]]
    kind = "paslon"
    <BLANKLINE>
    [statements.columns]
    paslon = "a\"b"
    <BLANKLINE>
    """
    times = {"timezone": timezone, "time_format": time_format}
    lines = [f"meaning = {_quoted(meaning)}", *(f"{k} = {_quoted(v)}" for k, v in times.items() if v)]
    lines += ["", "[[statements]]", f"kind = {_quoted(kind)}"]
    for name, table in (("constants", constants), ("columns", columns)):
        if table:
            lines += ["", f"[statements.{name}]", *(f"{p} = {_quoted(value)}" for p, value in table.items())]
    text = "\n".join([*lines, ""])
    preset_of("", text, where)
    return text


def _words(kind: str, property: str) -> list[str]:
    """The names that a property goes by, its own first."""
    known = [
        _plain(name)
        for preset in PRESETS.values()
        for statement in preset.statements
        if statement.kind == kind
        for name in (statement.cells()[property].names if property in statement.cells() else ())
    ]
    return list(dict.fromkeys([property, *_CALLED.get(property, "").split(), *known]))


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").split())


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
