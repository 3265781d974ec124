"""What the columns of a sheet that no preset reads seem to be, by headings and cells; and a preset made of that."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from graphwatch.errors import InputError
from graphwatch.ingest.act_times import is_of_a_look
from graphwatch.ingest.addressed import BY_ADDRESS
from graphwatch.ingest.guessing import Peek, guesses_of, peek, sheets_of
from graphwatch.ingest.json import found as cell_of
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.presets import PRESETS, preset_of
from graphwatch.ingest.telling import has_kind, holds, is_account_address, is_kind, is_of_words, is_tick
from graphwatch.platforms.addresses import PLATFORM_WORDS, PLATFORMS, address_of
from graphwatch.platforms.naming import is_post_address

# What people call columns of their own sheets, in lower case; what tools call theirs is in the presets.
_CALLED: Final[Mapping[str, str]] = {
    "account": "akun akun_id id_akun user user_id userid author author_id username pengguna nama_akun profil "
    "username_penyuka penyuka "
    "terlapor akun_terlapor liker commenter komentator nama_pengguna id_pengguna akun_penyuka akun_komentar "
    "akun_pengikut pengikut follower akun_asn nama_akun_pengguna from_username user_name screen_name profile "
    "username_akun author_user_name owner_username owner_id from_id unique_id profile_id username_pengikut "
    "author_channel_id name_click_to_view_profile akun_ig akun_instagram akun_tiktok akun_facebook akun_fb akun_x "
    "akun_twitter akun_youtube akun_threads akun_medsos akun_media_sosial",
    "object": "kiriman unggahan post post_id post_url object_id postid video_id tweet_id id_post url_post url link "
    "tautan video link_postingan tautan_postingan postingan link_post link_unggahan tautan_unggahan url_postingan "
    "video_url post_link permalink posturl media_url link_video link_konten url_konten konten_url "
    "link_unggahan_paslon alamat_unggahan video_web_url comment_url akun_paslon akun_yang_diikuti following",
    "kind": "jenis aksi tindakan interaksi jenis_interaksi action type",
    "observed_at": "tanggal_ambil waktu_ambil diambil tanggal_pengamatan waktu_pengamatan query_time",
    "platform": "kanal media medsos",
    "at": "waktu tanggal tgl hari_tanggal jam time timestamp date created_at datetime waktu_wib tanggal_kejadian "
    "tgl_kejadian create_time created_time creation_time published_at published create_time_iso",
    "text": "isi teks body message komentar caption konten content uraian comment raw_content full_text "
    "uraian_kejadian isi_aduan isi_laporan",
    "content_id": "id comment_id id_komentar cid",
    "post": "id post_id kiriman unggahan url link tautan link_postingan tautan_postingan",
    "url": "link tautan alamat",
    "page": "halaman page_id pemilik_postingan pemilik akun_ig akun_instagram akun_tiktok akun_facebook",
    "registered": "terdaftar terdaftar_kpu",
    "class": "jenis_akun",
    "name": "nama nama_lengkap nama_pegawai",
    "agency": "opd instansi skpd unit_kerja satuan_kerja",
    "position": "jabatan nama_jabatan",
    "position_class": "kelas_jabatan jenis_jabatan kelompok_jabatan",
    "nip": "nip_baru no_nip nomor_induk_pegawai nip_asn nip_pegawai",
    "handle": "akun username akun_ig akun_instagram akun_tiktok akun_facebook",
    "number": "no_aduan nomor_aduan no nomor",
    "channel": "kanal",
    "status": "status",
    "received": "tgl_terima tanggal_terima timestamp",
    "account_handle": "username handle",
    "account_name": "nama author_name full_name nama_lengkap",
    "paslon": "no_urut_paslon nomor_urut_paslon no_urut nomor_urut no_paslon pasangan",
    "contact": "nomor_whatsapp no_whatsapp no_wa kontak telepon hp no_hp nomor_hp no_telepon",
    "complainant": "pelapor nama_pelapor",
}
# A day in one column and its hour in the next are one time.
_DAYS: Final = frozenset(["hari_tanggal", "tanggal_kejadian", "tanggal", "tgl", "hari", "date", "day"])
_HOURS: Final = frozenset(["jam_kejadian", "jam", "pukul", "waktu", "time", "hour"])
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
    lower = {_simplified(part): name for name in reversed(header) for part in _parts(name)}
    exact = next((lower[word] for word in words if word in lower), None)
    if exact is not None:
        return exact
    near = get_close_matches(property, lower, n=1, cutoff=_NEAR)
    if near:
        return lower[near[0]]
    fits = _HEADED.get(property)
    return next((column for name, column in lower.items() if fits and fits(name)), None)


def proposed_column(kind: str, property: str, seen: Peek, taken: Mapping[str, str]) -> str | None:
    """The column that is likely to give a property by headings and cells, where others have theirs already.

    >>> proposed_column("interactions", "object", Peek(("a", "b"), ({"a": "x", "b": "https://x.com/a/status/1"},)), {})
    'b'
    """
    left = Peek(tuple(name for name in seen.header if name not in taken.values()), seen.records, seen.nested)
    found = proposal(kind, property, left.header)
    if found is None and kind == "interactions":
        found = _columns(kind, left).get(property)
    return found if found in left.header else None


_OF_TIME: Final = re.compile("(?:waktu|tanggal|tgl|date|time)_")
# Whole families of headings, where none has a name that is known.
_HEADED: Final[Mapping[str, Callable[[str], bool]]] = {
    "account": lambda name: name.startswith("akun_yang_"),
    "at": lambda name: bool(_OF_TIME.match(name)) and not is_of_a_look(name),
    "observed_at": lambda name: bool(_OF_TIME.match(name)) and is_of_a_look(name),
    "text": lambda name: name.startswith(("isi_", "teks_", "text_")),
    "post": lambda name: name.startswith(("link_", "tautan_", "url_")),
}


def likely_kind(seen: Peek) -> str:
    """The kind of load for most of whose properties the file seems to have a column."""
    return max(LOADS, key=lambda kind: _merit(kind, seen))


def _merit(kind: str, seen: Peek) -> tuple[bool, bool, int]:
    """Whether all is there without which a row does not say it, an NIP for persons, and how many columns fit."""
    columns = _columns(kind, seen)
    found = set(columns)
    required = {f.name for f in LOADS[kind].fields if f.required} - set(_SETTABLE)
    told = required <= found if required else len(found & _OF_COMPLAINTS) > 1
    if kind == "interactions":
        told = told and not _of_themselves(seen, columns)
    elif kind == "posts" and seen.records:
        told = (
            told
            and not _tells_acts(seen)
            and ("text" in found or any(holds(seen, columns[p], is_post_address, share=0.5) for p in found))
        )
    return told, "nip" in found and kind == "roster", len(found)


def _columns(kind: str, seen: Peek) -> dict[str, str]:
    """Property to the column that is likely to give it, each column once, required properties first."""
    found: dict[str, str] = {}
    for field in sorted(LOADS[kind].fields, key=lambda f: not f.required):
        left = [name for name in seen.header if name not in found.values()]
        if column := proposal(kind, field.name, left):
            found[field.name] = column
    _by_cells(kind, seen, found)
    if _simplified(found.get("at", "")) in _DAYS:
        hours = [name for name in seen.header if _simplified(name) in _HOURS and name not in found.values()]
        found["at"] = "+".join([found["at"], *hours[:1]])
    return found


def _by_cells(kind: str, seen: Peek, found: dict[str, str]) -> None:
    """Columns that their cells tell: a kind of act is one of few words, and what was acted on has an address."""
    if "text" in found and holds(seen, found["text"], is_tick, share=1):
        del found["text"]
    if kind != "interactions" or not seen.records:
        return
    if "account" in found and holds(seen, found["account"], is_of_words, share=0.2):
        # Names that people go by are several people's; the address of a profile is one's.
        left = [name for name in seen.header if name not in found.values()]
        found["account"] = next((c for c in left if holds(seen, c, is_account_address, share=0.6)), found["account"])
    # What holds several kinds, as "suka & komentar" does, is still said by that column, never for all rows.
    if "kind" in found and not holds(seen, found["kind"], has_kind, share=0.5):
        del found["kind"]
    for property, is_such in (("kind", is_kind), ("object", is_post_address)):
        if property not in found:
            left = [name for name in seen.header if name not in found.values()]
            fitting = next((name for name in left if holds(seen, name, is_such, share=0.6)), None)
            if fitting is not None:
                found[property] = fitting


def _tells_acts(seen: Peek) -> bool:
    """Whether a column says what an account did: by words for it, or as the text of a comment beside an account."""
    if any(holds(seen, name, is_kind, share=0.6) for name in seen.header):
        return True
    comments = proposal("interactions", "text", [name for name in seen.header if _kind((name,)) == "comment"])
    spoken = comments is not None and holds(seen, comments, lambda cell: any(map(str.isalpha, cell)), share=0.5)
    return spoken and proposal("interactions", "account", seen.header) is not None


def _of_themselves(seen: Peek, found: Mapping[str, str]) -> bool:
    """Whether what rows would act on is what they are: posts, whose address holds their own id."""
    names = [found.get("content_id"), found.get("object")]
    pairs = [tuple(str(cell_of(record, name) or "") for name in names if name) for record in seen.records]
    return bool(pairs) and all(len(pair) == 2 and pair[0] and pair[0] == _post(pair[1]) for pair in pairs)


def _post(cell: str) -> str:
    address = address_of(cell)
    return (address and address.post()) or cell


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
        # A list of who acted on one post, which its name or title tells.
        kind, columns = "interactions", _columns("interactions", seen)
        if "account" not in columns or not (len(seen.header) == 1 or _kind(seen.header) != "…"):
            return None
    return Proposal(kind, columns, _stated(kind, columns, seen))


def telling_sheet(path: Path) -> str | None:
    """The sheet of a workbook that can be loaded, where it is not the first: a preset reads it, or columns tell.

    Raises:
        InputError: the file cannot be read.
    """
    names = sheets_of(path)
    merits = [_merit_of_sheet(path, name) for name in names] if len(names) > 1 else []
    best = merits.index(max(merits)) if merits else 0
    return names[best] if best else None


def _merit_of_sheet(path: Path, name: str) -> tuple[bool, int]:
    """Whether a preset reads the sheet, and how many of its columns give something."""
    try:
        seen = peek(path, sheet=name)
    except InputError:
        return False, 0
    found = proposed(seen)
    return any(guess.fits for guess in guesses_of(seen)), len(found.columns) if found else 0


def proposed_accounts(seen: Peek) -> list[Proposal]:
    """How to load the accounts of a list of persons, whose rows are both: one load for each column of accounts.

    >>> found = proposed_accounts(Peek(("Nama", "NIP", "OPD", "Akun IG", "Facebook"), ()))
    >>> [(one.columns["account"], one.stated["platform"]) for one in found]
    [('Akun IG', 'instagram'), ('Facebook', 'facebook')]
    """
    nip, account = (proposal("accounts-of-asn", name, seen.header) for name in ("nip", "account"))
    account = account or proposal("accounts-of-asn", "handle", seen.header)
    columns = [name for name in seen.header if _platforms(name)] or ([account] if account else [])
    if nip is None:
        return []
    return [
        Proposal("accounts-of-asn", {"nip": nip, "account": name}, _stated_of_accounts(nip, name, seen))
        for name in columns
    ]


def _stated_of_accounts(nip: str, account: str, seen: Peek) -> dict[str, str]:
    columns = {"nip": nip, "account": account}
    stated = _stated("accounts-of-asn", columns, Peek((account,), seen.records, seen.nested))
    return stated | {"basis": "…"}


def _stated(kind: str, columns: Mapping[str, str], seen: Peek) -> dict[str, str]:
    """What is to be said for all rows, with the value where headings tell it."""
    lacking = [f.name for f in LOADS[kind].fields if f.required and f.name not in columns]
    # A column of ticks says which of several kinds a row is, so none holds for all of them.
    ticked = any(holds(seen, name, is_tick, share=1) and _kind((name,)) != "…" for name in seen.header)
    told = {
        "platform": _platform_of_rows(kind, columns, seen) or _platform(seen),
        "kind": "…" if ticked else _kind(seen.header),
    }
    stated = {name: told.get(name, "…") for name in lacking}
    if kind == "complaints" and "platform" not in columns and told["platform"] != "…":
        stated["platform"] = told["platform"]
    return stated


# Stems by which a heading says that all rows are acts of one kind; of likes first, since comments have likes too.
_ACTORS: Final = (
    ("like", re.compile("penyuka|menyukai|liker|liked by|disukai oleh")),
    ("follow", re.compile("pengikut|follower")),
    ("share", re.compile("pembagi|sharer|retweeter|resharer")),
    ("comment", re.compile("komen|comment|balasan|reply")),
)
# Counts of an act beside a row say nothing of the row itself.
_COUNTED: Final = re.compile("jumlah|jml|total|count|num|banyak")


def _kind(header: Sequence[str]) -> str:
    names = [name.lower().replace("_", " ") for name in header if not _COUNTED.search(name.lower())]
    return next((kind for kind, stem in _ACTORS if any(stem.search(name) for name in names)), "…")


def _platform(seen: Peek) -> str:
    """The one platform that headings or addresses speak of."""
    named = {platform for name in seen.header for platform in _platforms(name)}
    cells = (cell for name in seen.header for cell in seen.words(name))
    named |= {a.platform for cell in cells if (a := address_of(cell)) and a.platform}
    return named.pop() if len(named) == 1 else "…"


def _platform_of_rows(kind: str, columns: Mapping[str, str], seen: Peek) -> str | None:
    """That addresses tell the platform of each row, where those of what the rows are about are of several."""
    named = {"interactions": "object", "posts": "post", "pages": "page", "accounts-of-asn": "account"}.get(kind)
    column = columns.get(named or "")
    if column is None or not holds(seen, column, lambda cell: address_of(cell) is not None, share=0.5):
        return None
    found = {address.platform for cell in seen.words(column) if (address := address_of(cell)) and address.platform}
    return BY_ADDRESS if len(found) > 1 else None


def _platforms(heading: str) -> set[str]:
    """The platforms that a heading speaks of.

    >>> _platforms("Akun IG / Facebook") == {"instagram", "facebook"}, _platforms("Akun")
    (True, set())
    """
    known = PLATFORM_WORDS | {platform: platform for platform in PLATFORMS}
    return {known[word] for word in re.split(r"[^a-z]+", heading.lower()) if word in known}


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
        _simplified(name)
        for preset in PRESETS.values()
        for statement in preset.statements
        if statement.kind == kind
        for name in (statement.cells()[property].names if property in statement.cells() else ())
    ]
    return list(dict.fromkeys([property, *_CALLED.get(property, "").split(), *known]))


def _parts(name: str) -> Iterator[str]:
    """A heading, and its parts where it is in two languages or has a remark: "Akun / Account", "Waktu (WIB)"."""
    parts = re.split(r"\s+[/|]\s+|[(\n]", name)
    yield from (part for part in (name, *(parts if len(parts) > 1 else ())) if part.strip())


def _simplified(name: str) -> str:
    """Lower case, words joined by _, as in "Owner Username", ownerUsername and owner/username.

    >>> _simplified("ownerUsername") == _simplified("Owner  Username") == _simplified("owner/username")
    True
    """
    if not name.count(" "):  # as programs name columns
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return "_".join(re.findall(r"\w+", name.replace("_", " ").lower()))


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
