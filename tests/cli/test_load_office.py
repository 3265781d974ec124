"""Sheets as offices have them, from the file to the right instants, by the command line."""

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]
AT = 1_728_367_500_000  # 8 October 2024, 06:05:00 UTC
DAY = 1_728_320_400_000  # the beginning of that day in Jakarta
MAPPED = (
    *("--map", "nama akun=account", "--map", "tautan postingan=object", "--map", "jenis=kind"),
    *("--set", "platform=instagram"),
)
POST = "https://www.instagram.com/p/DAbtDE4kGZp/"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.gw"


def instants(store: Path) -> dict[str, int]:
    with graphwatch.open(store) as project:
        table = project.query("MATCH (a:Account)-[i:LIKED]->() RETURN a.id AS id, i.at_ms AS at").to_arrow()
    ids = (id.partition(":")[2].removeprefix("@") for id in table["id"].to_pylist())
    return dict(zip(ids, table["at"].to_pylist(), strict=True))


def test_the_sheet_of_a_patrol_with_a_title_a_summary_and_day_and_hour_apart(
    run: Run, store: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Rekap"
    book.active.append(["Paslon", "Jumlah"])
    sheet = book.create_sheet("Patroli")
    for row in (
        ["PATROLI SIBER"],
        [],
        ["No", "Tanggal", "Jam", "Nama Akun", "Tautan Postingan", "Jenis"],
        [1, "8 Oktober 2024", "13.05 WIB", "ani", POST, "suka"],
        [2, "8 Okt 2024", "15.05 WIT", "budi", POST, "suka"],
        [3, "8 Okt 2024", "13.05", "citra", POST, "suka"],
        [4, "8 Okt 2024", "", "dewi", POST, "suka"],
    ):
        sheet.append(row)
    book.save(tmp_path / "patroli.xlsx")
    file, times = tmp_path / "patroli.xlsx", ("--map", "Tanggal+Jam=at", "--timezone", "WIB")
    outcome = run("load", file, *MAPPED, *times, "--store", store)
    assert outcome.status == 0, outcome.err
    assert "4 rows taken, 0 refused" in outcome.err
    assert "1 times say a day and no time of day" in outcome.err
    assert "the first sheet has other columns; 'Patroli' was read" in outcome.err
    assert "the names of the columns are in line 3" in outcome.err
    assert "--sheet NAME reads others: Rekap" in outcome.err
    assert instants(store) == dict.fromkeys(("ani", "budi", "citra"), AT) | {"dewi": DAY}


def test_a_comma_separated_sheet_with_a_sep_line_and_words_for_months(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "suka.csv"
    file.write_text(
        "sep=;\nAKUN;Kiriman;Waktu\nani;p1;8 Okt 2024 13.05\nbudi;p1;8 Okt 2024 06:05 UTC\ncitra;p1;8/10/2024 13.05\n",
        encoding="utf-8",
    )
    given = ("--map", "akun=account", "--map", "kiriman=object", "--map", "waktu=at", "--set", "kind=like")
    outcome = run("load", file, *given, "--set", "platform=instagram", "--timezone", "Asia/Jakarta", "--store", store)
    assert "2 rows taken, 1 refused" in outcome.err
    assert "refused: 1 × a date whose day and month could change places" in outcome.err
    assert instants(store) == {"ani": AT, "budi": AT}


def test_a_sep_line_and_a_title_do_not_hide_the_columns_from_a_guess(run: Run, tmp_path: Path) -> None:
    for above in ("sep=;\n", "Rekap;;;\n"):
        (tmp_path / "likes.csv").write_text(f"{above}account;object;kind;platform\nani;p1;like;x\n", encoding="utf-8")
        assert (
            "Columns that tell: account, object, kind, platform." in run("load", tmp_path / "likes.csv", "--guess").out
        )


@pytest.mark.parametrize("form", [(), ("--time-format", "%Y-%m-%d %H:%M:%S %Z")])
def test_a_zone_that_is_written_is_never_overruled(
    run: Run, store: Path, tmp_path: Path, form: tuple[str, ...]
) -> None:
    file = tmp_path / "utc.csv"
    file.write_text(
        "account,object,kind,platform,at\na1,p1,like,x,2024-10-08 06:05:00 UTC\na2,p1,like,x,2024-10-08 13:05:00 WIB\n"
        "a3,p1,like,x,2024-10-08 01:05:00 EST\n",
        encoding="utf-8",
    )
    outcome = run("load", file, *form, "--timezone", "Asia/Jayapura", "--store", store)
    assert "2 rows taken, 1 refused" in outcome.err
    assert "refused: 1 × a time zone that is not known, or a word that several places share" in outcome.err
    assert instants(store) == {"a1": AT, "a2": AT}


LINK = "https://www.instagram.com/p/"
OF_PASLON = {"DAbtDE4kGZp": "1", "DAD4nHQsspD": "2", "DAKsSYqZgHH": "2"}
PERSONS = (
    ("Budi", "197001012005011001", "budi.s"),
    ("Sri", "197102022006022002", "sri_w"),
    ("Tono", "197203032007031003", "-"),
)
# Seen by a patrol, and found again in a list of likes; handles as people write them.
PATROL = (
    *(("1 Oktober 2024", "12.09 WIB", "@budi.s", f"{LINK}DAbtDE4kGZp/?igsh=a", "menyukai"),),
    *(("1 Oktober 2024", "12.14 WIB", "Sri_W", f"{LINK}DAD4nHQsspD/", "mengomentari"),),
    *(("2 Oktober 2024", "09.00 WITA", "warga1", f"{LINK}DAD4nHQsspD/", "suka"),),
)
LIKES = (("DAbtDE4kGZp", "budi.s"), ("DAKsSYqZgHH", "budi.s"), ("DAKsSYqZgHH", "sri_w"), ("DAKsSYqZgHH", "warga1"))


def write_office(folder: Path) -> list[Path]:
    """The seven sheets of an office, as it has them."""
    title: list[list[str]] = [["DAFTAR AKUN PASLON"], []]
    pages = [[1, "1", "@paslon.satu", "Ya", "Akun resmi"], [2, "2", "@paslon_dua", "Tidak", "Tim Pemenangan"]]
    owner = {"1": "paslon.satu", "2": "paslon_dua"}
    sheets: dict[str, Sequence[Sequence[object]]] = {
        "paslon.xlsx": [["paslon", "number", "name"], ["1", 1, "A - B"], ["2", 2, "C - D"]],
        "akun.xlsx": [*title, ["No", "No Urut Paslon", "Akun IG", "Terdaftar KPU", "Jenis Akun"], *pages],
        "kiriman.xlsx": [["url", "page"], *([f"{LINK}{post}/", owner[pair]] for post, pair in OF_PASLON.items())],
        "asn.xlsx": [["No", "Nama", "NIP", "OPD", "Akun IG"], *([1, a, b, "Dinas X", c] for a, b, c in PERSONS)],
        "patroli.xlsx": [["Tanggal", "Jam", "Nama Akun", "Tautan Postingan", "Jenis"], *PATROL],
        "aduan.xlsx": [
            ["No Aduan", "Tgl Terima", "Kanal", "Nama Pelapor", "Terlapor", "Link", "Uraian"],
            ["ADU-1", "9 Oktober 2024", "Surat", "Anton", "@budi.s", f"{LINK}DAbtDE4kGZp/", "menyukai"],
        ],
    }
    for name, rows in sheets.items():
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / name)
    lines = [f"{LINK}{post}/;{account};29/11/2024" for post, account in LIKES]
    text = "\ufeffLink Postingan;Username Penyuka;Tanggal Ambil\n" + "\n".join(lines) + "\n"
    (folder / "likes.csv").write_text(text, encoding="utf-8")
    return [*(folder / name for name in sheets), folder / "likes.csv"]


def commands(said: str) -> list[list[str]]:
    """The commands that a guess names, with what only the office knows."""
    found = [line[line.index("graphwatch load ") :] for line in said.splitlines() if "graphwatch load " in line]
    return [shlex.split(line.replace("basis=…", "basis=self-declared"))[1:] for line in found]


def test_seven_sheets_go_in_by_the_commands_that_a_guess_names_and_give_what_pandas_counts(
    run: Run, store: Path, tmp_path: Path
) -> None:
    said = [run("load", file, "--guess", "--lang", "id") for file in write_office(tmp_path)]
    asked = [words for outcome in said for words in commands(outcome.out + outcome.err)]
    assert [words[words.index("--as") + 1] for words in asked] == [
        *("paslon", "pages", "posts", "roster", "accounts-of-asn", "interactions", "complaints", "interactions")
    ]
    assert not any("…" in word for words in asked for word in words)
    for words in asked:
        outcome = run(*words, "--store", store, "--lang", "id")
        assert outcome.status == 0, outcome.err
        assert "baris dimuat" in outcome.err
    acts = pd.DataFrame(
        [(post, account, "LIKED") for post, account in LIKES]
        + [(p[3].split("/p/")[1].split("/")[0], p[2].lower().strip("@"), p[4]) for p in PATROL],
        columns=["post", "account", "kind"],
    ).replace({"kind": {"menyukai": "LIKED", "suka": "LIKED", "mengomentari": "COMMENTED"}})
    acts = acts.drop_duplicates().assign(paslon=lambda d: d["post"].map(OF_PASLON))
    of_roster = acts[acts["account"].isin([account for _, _, account in PERSONS])]
    with graphwatch.open(store) as project:
        rows = project.query("roster-interactions").to_pandas()
        totals = project.query("paslon-engagement").to_pandas()
    found = set(zip(rows["account"].str.removeprefix("instagram:"), rows["kind"], rows["paslon"], strict=True))
    assert len(rows) == len(of_roster) == 4
    assert found == set(zip(of_roster["account"], of_roster["kind"], of_roster["paslon"], strict=True))
    counted = acts.groupby(["paslon", "kind"]).size()
    assert totals.set_index(["paslon", "kind"])["interactions"].to_dict() == counted.to_dict()
    # Nobody's time is that of an act, so nobody is said to have acted with others.
    outcome = run("detect", "--store", store)
    assert outcome.status == 1
    assert "3 have the time when somebody looked" in outcome.err


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("id,postUrl,text,timestamp,ownerUsername\n9,{p},ok,2024-10-08T06:05:00Z,ani\n", "--map ownerUsername=account"),
        ("date,id,content,username,url\n2024-10-08,18,a,ani,https://x.com/a/status/18\n", "--as posts --map id=post"),
        ("NO;TGL;JAM;AKUN;LINK;KET\n1;13/10/2024;13.05;@ani;{p};menyukai\n", "--map TGL+JAM=at --map KET=kind"),
        ("Username Pengikut,Akun Paslon\nani,@paslon\n", "--set kind=follow"),
        ("username\nani\n", "--set 'object=…'"),
        ("Timestamp,Nama Pelapor,Nomor WhatsApp,Akun Terlapor,Uraian\n1,A,08,@b,x\n", "--as complaints"),
        ("id,author,url,type,timestamp,body\nDA1,ani,{i}DA1/,picture,2024-10-08,x\n", "--as posts --map id=post"),
    ],
)
def test_what_other_tools_and_offices_write_is_known_by_headings_and_cells(
    run: Run, tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "a.csv").write_text(text.format(p=POST, i=LINK), encoding="utf-8")
    assert named in run("load", tmp_path / "a.csv", "--guess").err


def test_dates_in_numbers_are_read_in_the_order_that_one_of_them_shows(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    given = ("load", file, "--set", "kind=like", "--set", "platform=instagram", "--timezone", "WIB", "--store", store)
    file.write_text("account,object,at\nani,p1,8/10/2024 13.05\nbudi,p1,13/10/2024 13:05\n", encoding="utf-8")
    outcome = run(*given)
    assert "dates are read with the day first, as 13/10/2024 13:05 shows" in outcome.err
    assert instants(store) == {"ani": AT, "budi": AT + 5 * 86_400_000}
    file.write_text("account,object,at\nani,p1,10/08/2024 1:05 PM\ncitra,p1,10/13/2024 1:05 PM\n", encoding="utf-8")
    assert "with the month first" in run(*given).err
    assert instants(store)["citra"] == AT + 5 * 86_400_000
    file.write_text("account,object,at\na,p1,13/10/2024 1:05\nb,p1,10/13/2024 1:05\n", encoding="utf-8")
    assert "day and month could change places" in run(*given).err


def test_a_load_that_is_told_nothing_names_the_command_that_says_it(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"Akun,Tautan,Aksi\nani,{POST},suka\n", encoding="utf-8")
    said = run("load", tmp_path / "a.csv", "--store", store, "--lang", "id")
    assert said.status == 1
    assert "Barisnya tampak seperti interactions" in said.err
    assert "--map Akun=account --map Tautan=object --map Aksi=kind --set platform=instagram" in said.err


def test_cells_merged_over_rows_hold_for_each_and_a_heading_of_two_lines_is_its_lower_one(
    run: Run, store: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["No", "Waktu", None, "Akun", None, "Tautan", "Jenis"],
        [None, "Tanggal", "Jam", "Nama Akun", "Platform", None, None],
        [1, "8 Oktober 2024", "13.05", "ani", "instagram", POST, "suka"],
        [2, None, "13.05", "budi", "instagram", None, "suka"],
        [3, None, "13.05", "citra", "instagram", None, "suka"],
    ):
        book.active.append(row)
    for cells in ("A1:A2", "B1:C1", "D1:E1", "F1:F2", "G1:G2", "B3:B5", "F3:F4"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "patroli.xlsx")
    [words] = commands(run("load", tmp_path / "patroli.xlsx", "--guess").err)
    outcome = run(*words, "--store", store)
    assert "2 rows taken, 1 refused" in outcome.err
    assert "3 cells that are merged with those above them" in outcome.err
    assert "the names of the columns are in line 2" in outcome.err
    # The third row is not merged with what is above it, so nothing says what it is about.
    assert "1 × object is empty" in outcome.err
    assert instants(store) == dict.fromkeys(("ani", "budi"), AT)


def test_columns_of_ticks_and_cells_of_two_kinds_are_never_one_kind_for_all_rows(run: Run, tmp_path: Path) -> None:
    for name, text in (
        ("ticks.csv", f"akun,link,like,komen\nani,{POST},ya,tidak\nbudi,{POST},,ya\n"),
        ("both.csv", f"akun,link,jenis\nani,{POST},suka & komentar\nbudi,{POST},like dan komen\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        said = run("load", tmp_path / name, "--guess").err
        assert "kind=comment" not in said
        assert ("--set 'kind=…'" in said) == (name == "ticks.csv")
        assert ("--map jenis=kind" in said) == (name == "both.csv")
    chat = tmp_path / "chat.txt"
    chat.write_text(f"08/10/24 13.05 - Pak Budi: akun @ani like {POST}\n", encoding="utf-8")
    assert "percakapan WhatsApp" in run("load", chat, "--guess", "--lang", "id").err


def test_a_workbook_is_looked_at_once_before_it_is_read(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graphwatch.ingest import worksheet

    opened: list[str] = []
    asked = worksheet._asked

    def counted(path: Path, question: Callable[..., None], *words: str) -> object:
        opened.append(question.__name__)
        return asked(path, question, *words)

    monkeypatch.setattr(worksheet, "_asked", counted)
    book = openpyxl.Workbook()
    book.active.append(["waktu_wib", "platform", "url", "akun", "jenis_interaksi"])
    book.active.append(["2024-10-08 13:05", "instagram", POST, "ani", "suka"])
    book.save(tmp_path / "patroli.xlsx")
    # A row of that preset says one of two things, and both look at the times.
    outcome = run("load", tmp_path / "patroli.xlsx", "--preset", "patroli", "--store", store)
    assert "1 rows taken, 0 refused" in outcome.err
    assert opened == ["answer"] * 3, "once to look, and once for each thing that a row may say"
