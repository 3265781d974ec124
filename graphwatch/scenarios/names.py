"""Invented names: no region, pair, page or person here exists."""

from typing import Final, NamedTuple

REGION: Final = "Kabupaten Tirtamaya"
CONTEST: Final = "pilbup-tirtamaya-2024"
VILLAGES: Final = (
    "Karangwulung",
    "Sukalaras",
    "Cibentang Wetan",
    "Lemahgading",
    "Pasirlanang",
    "Kembangwaru",
    "Rawakencana",
    "Tegalmirah",
)
AGENCIES: Final = (
    "Dinas Irigasi Tirtamaya",
    "Badan Kesejahteraan Tirtamaya",
    "Dinas Pasar Tirtamaya",
    "Kecamatan Lemahgading",
)
# Whose word a link of the roster is.
CHECKED_BY: Final = "Badan Kepegawaian Tirtamaya"


class Office(NamedTuple):
    """One invented agency with so many persons on the roster, and the agency that it is a part of."""

    id: str
    name: str
    persons: int
    parent: str | None = None


OFFICES: Final = (
    Office("irigasi", AGENCIES[0], 11),
    Office("kesejahteraan", AGENCIES[1], 9),
    Office("pasar", AGENCIES[2], 10),
    Office("lemahgading", AGENCIES[3], 4),
    Office("upt-irigasi", "UPT Irigasi Lemahgading", 6, "irigasi"),
)
GIVEN_NAMES: Final = (
    *("Wiloka", "Senjana", "Mirasih", "Bagendra", "Purwanti", "Ragilang", "Tarsina", "Lokanta", "Darsaya"),
    *("Kinarsih", "Julangga", "Sarwendi", "Niluraya", "Gandawati", "Rumekso", "Welasih", "Jatimurni", "Tunggara"),
    *("Manikasri", "Brajanata", "Candrakila", "Padmiani", "Surakarsa", "Lintangsih"),
)
FAMILY_NAMES: Final = (
    *("Tirtawangsa", "Kembangarum", "Lemahabang", "Rawajati", "Sukmaloka", "Pasirwangi", "Kartalaya"),
    *("Banyubiru", "Jagasatru", "Wanasari", "Gunungsekar", "Telagawarna", "Sawungrana", "Karangsetra"),
    *("Cadasngampar", "Girilaya", "Mandalasena", "Nagrakaton"),
)
# Display names that some accounts of any real platform carry to break whoever reads them.
HOSTILE_NAMES: Final = (
    "<script>alert(1)</script>",
    '=HYPERLINK("https://x.example","x")',
    "__proto__",
    "\u202egnp.otof\u202c",
    "'; DROP TABLE akun; --",
    "{{7*7}}${7*7}",
    'Warga\u200b Tirtamaya, "RT 03" | RW 07',
)
HASHTAGS: Final = ("TirtamayaMaju", "PilbupTirtamaya", "WargaTirtamaya", "DebatTirtamaya", "AyoKeTPS")
TEXTS: Final = (
    "Menyapa warga {village} pagi ini. Terima kasih atas sambutannya!",
    "Visi untuk {village}: air bersih untuk semua.",
    "Dialog dengan pedagang pasar {village}.",
    "Jangan lupa, 27 November ke TPS. Salam dari {village}.",
    "Catatan lapangan: jalan {village} perlu perhatian {agency}.",
    "Kunjungan ke {village}; jadwal lengkap di https://tirtamaya.example/jadwal",
)


class Pair(NamedTuple):
    """One invented paslon."""

    id: str
    number: int
    name: str
    short: str


PAIRS: Final = (
    Pair("tirtamaya-01", 1, "Wiloka Tirtawangsa – Mirasih Kembangarum", "wilokamirasih"),
    Pair("tirtamaya-02", 2, "Bagendra Rawajati – Senjana Sukmaloka", "bagendrasenjana"),
    Pair("tirtamaya-03", 3, "Padmiani Girilaya – Lokanta Wanasari", "padmianilokanta"),
)
# Class of page, its name, and its weight: how many follow it.
PAGES_OF_A_PAIR: Final = (
    ("official", "{name}", 1.0),
    ("campaign_team", "Tim Pemenangan No. {number}", 0.6),
    ("volunteers", "Relawan {short}", 0.4),
)
MEDIA_PAGES: Final = (("Kabar Tirtamaya", 1.3), ("Suara Lemahgading", 0.5))
