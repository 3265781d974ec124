"""What a column of an unknown file is likely to give, and the text of a preset made of the answers."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from graphwatch.ingest.guessing import Peek
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.presets import PRESETS, preset_of

# What people call columns of their own sheets, in lower case; what tools call theirs is in the presets.
_CALLED: Final[Mapping[str, str]] = {
    "account": "akun user user_id userid author author_id username pengguna nama_akun profil",
    "object": "kiriman unggahan post post_id postid video_id tweet_id id_post url_post url link tautan",
    "kind": "jenis aksi tindakan interaksi jenis_interaksi action type",
    "platform": "kanal media medsos",
    "at": "waktu tanggal jam time timestamp date created_at datetime waktu_wib",
    "text": "isi teks body message komentar caption konten content uraian",
    "content_id": "id comment_id id_komentar",
    "post": "id post_id kiriman unggahan url link tautan",
    "url": "link tautan alamat",
    "page": "halaman page_id",
    "name": "nama nama_lengkap nama_pegawai",
    "agency": "opd instansi skpd unit_kerja satuan_kerja",
    "nip": "nip_baru",
    "handle": "akun username",
    "number": "no nomor no_aduan",
    "received": "tgl_terima tanggal_terima",
    "account_handle": "username handle",
    "account_name": "nama author_name full_name",
    "paslon": "no no_urut pasangan",
    "contact": "kontak telepon hp",
    "complainant": "pelapor",
}
_NEAR: Final = 0.85


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

    def merit(kind: str) -> tuple[bool, int]:
        found = {f.name for f in LOADS[kind].fields if proposal(kind, f.name, seen.header)}
        required = [f.name for f in LOADS[kind].fields if f.required and f.name not in ("platform", "kind")]
        return set(required) <= found and bool(required), len(found)

    return max(LOADS, key=merit)


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
