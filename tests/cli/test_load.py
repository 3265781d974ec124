import gzip
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from command_outcome import Outcome

import graphwatch
from graphwatch.cli.load import time_asked
from graphwatch.ingest.config import LoadConfig

Run = Callable[..., Outcome]
HEADER = "account,object,kind,at,content_id"
GOOD = [f"a{i},p{i % 2},like,2024-10-0{i % 9 + 1}T08:00:00+07:00,c{i}" for i in range(6)]
STATED = ("--acquisition", "manual patrol", "--legal-basis", "duty of care")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.gw"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def made(*lines: str, header: str = HEADER, name: str = "likes.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        return path

    return made


def counts(store: Path) -> dict[str, int]:
    with graphwatch.open(store) as project:
        return {name: n for name, n in project.info().counts.items() if n}


def test_a_file_is_loaded_and_said_to_be(run: Run, store: Path, write: Callable[..., Path]) -> None:
    outcome = run("load", write(*GOOD), "--set", "platform=x", "--store", store, *STATED)
    assert outcome.status == 0
    assert outcome.out == ""
    assert "6 rows taken, 0 refused" in outcome.err
    assert counts(store) == {"Account": 6, "Post": 2, "LIKED": 6, "Source": 1}


def test_the_same_file_twice_changes_nothing(run: Run, store: Path, write: Callable[..., Path]) -> None:
    file = write(*GOOD)
    run("load", file, "--set", "platform=x", "--store", store)
    before = sorted((store / "journal").iterdir())
    outcome = run("load", file, "--set", "platform=x", "--store", store)
    assert outcome.status == 0
    assert "nothing was changed" in outcome.err
    assert sorted((store / "journal").iterdir()) == before


def test_the_same_rows_in_another_file_add_their_source_only(run: Run, store: Path, write: Callable[..., Path]) -> None:
    run("load", write(*GOOD), "--set", "platform=x", "--store", store)
    before = counts(store)
    outcome = run("load", write(*GOOD, name="again.csv", header=HEADER + ""), "--set", "platform=x", "--store", store)
    assert "nothing was changed" in outcome.err, "the same bytes under another name are the same file"
    run("load", write(*reversed(GOOD), name="reversed.csv"), "--set", "platform=x", "--store", store)
    assert counts(store) == {**before, "Source": 2}
    with graphwatch.open(store) as project:
        sources = project.query("MATCH ()-[r:LIKED]->() RETURN r.sources AS sources").to_arrow()["sources"].to_pylist()
    assert {len(s) for s in sources} == {2}


def test_bad_rows_are_kept_aside_with_their_line(run: Run, store: Path, write: Callable[..., Path]) -> None:
    file = write(GOOD[0], "a9,p1,like,1999-01-01T00:00:00Z,c9", "1.23E+17,p1,like,,c10", GOOD[1])
    outcome = run("load", file, "--set", "platform=x", "--store", store)
    assert outcome.status == 0
    assert "2 rows taken, 2 refused" in outcome.err
    quarantine = next((store / "quarantine").glob("*.csv")).read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[1:3] for row in quarantine[1:]] == [["3", "at"], ["4", "account"]]
    assert str(store / "quarantine") in outcome.err


def test_a_file_of_only_bad_rows_fails_and_changes_nothing(run: Run, store: Path, write: Callable[..., Path]) -> None:
    outcome = run("load", write(",p1,like,,c1"), "--set", "platform=x", "--store", store)
    assert outcome.status == 1
    assert "quarantine" in outcome.err
    assert not (store / "store.json").exists()
    assert run("load", write(*GOOD), "--set", "platform=x", "--store", store).status == 0


def test_provenance_is_remembered_and_missing_provenance_is_said(
    run: Run, store: Path, write: Callable[..., Path]
) -> None:
    first = run("load", write(GOOD[0], name="1.csv"), "--set", "platform=x", "--store", store)
    assert "--acquisition and --legal-basis" in first.err
    run("load", write(GOOD[1], name="2.csv"), "--set", "platform=x", "--store", store, *STATED)
    third = run("load", write(GOOD[2], name="3.csv"), "--set", "platform=x", "--store", store)
    assert "nobody has stated" not in third.err
    with graphwatch.open(store) as project:
        found = project.query("MATCH (s:Source) RETURN s.file AS file, s.acquisition AS how").to_arrow().to_pylist()
    assert {r["file"]: r["how"] for r in found} == {"1.csv": None, "2.csv": "manual patrol", "3.csv": "manual patrol"}


def test_pages_posts_and_paslon_are_tied_together(run: Run, store: Path, write: Callable[..., Path]) -> None:
    at = ("--set", "platform=x", "--store", store)
    run("load", write("01,1,Melati–Kenanga", header="paslon,number,name", name="p.csv"), "--as", "paslon", *at[2:])
    run("load", write("g1,ya,01", header="page,registered,paslon", name="g.csv"), "--as", "pages", *at)
    run("load", write("p1,g1,halo", header="post,page,text", name="t.csv"), "--as", "posts", *at)
    with graphwatch.open(store) as project:
        rows = (
            project.query(
                "MATCH (n:Paslon)<-[:SUPPORTS]-(g:Page)-[:PUBLISHED]->(p:Post) "
                "RETURN n.number AS number, g.registered AS registered, p.text AS text",
            )
            .to_arrow()
            .to_pylist()
        )
    assert rows == [{"number": 1, "registered": True, "text": "halo"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"account;object;kind;at\n", "no row"),
        (b"akun,object,kind\na,b,like\n", "account"),
        (gzip.compress(("\n".join([HEADER, *GOOD]) + "\n").encode(), mtime=0)[:-20], "compressed"),
        (os.urandom(4096), "text"),
    ],
    ids=["empty", "header only", "missing column", "truncated gzip", "binary"],
)
def test_files_that_cannot_be_read_fail_with_a_remedy(
    run: Run, store: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    outcome = run("load", file, "--set", "platform=x", "--store", store)
    assert outcome.status == 1
    assert "bad.csv" in outcome.err
    assert said in outcome.err
    assert "\n  " in outcome.err, "a remedy follows on a line of its own"
    assert not (store / "store.json").exists()


def test_a_missing_file_and_a_folder_are_told_apart(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("load", tmp_path / "none.csv", "--store", store).status == 1
    assert (
        "folder" in run("load", tmp_path, "--store", store).err
        or "directory" in run("load", tmp_path, "--store", store).err
    )
    assert not store.exists()


@pytest.mark.parametrize("words", [(), STATED])
def test_a_store_that_cannot_be_made_there_is_told(
    run: Run, tmp_path: Path, write: Callable[..., Path], words: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    outcome = run("load", write(*GOOD), "--set", "platform=x", *words, "--store", tmp_path / "file" / "s.gw")
    assert outcome.status == 1
    assert "the folder cannot be made" in outcome.err
    assert "--store" in outcome.err


@pytest.mark.parametrize("text", ["{", "[1]", "7"])
def test_damaged_defaults_of_provenance_are_told(run: Run, store: Path, write: Callable[..., Path], text: str) -> None:
    store.mkdir()
    (store / "provenance.json").write_text(text, encoding="utf-8")
    outcome = run("load", write(*GOOD), "--set", "platform=x", "--store", store)
    assert outcome.status == 1
    assert "provenance.json" in outcome.err
    assert "backup" in outcome.err


@pytest.mark.parametrize("words", [("--map", "akun"), ("--map", "a=b", "--map", "a=c"), ("--preset", "nope")])
def test_wrong_use_has_status_2(run: Run, store: Path, write: Callable[..., Path], words: tuple[str, ...]) -> None:
    assert run("load", write(*GOOD), *words, "--store", store).status == 2


def test_a_column_gives_two_properties(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("username,object,at,kind,platform\nani,p1,2024-10-08T01:00:00Z,comment,tiktok\n")
    at = ("--store", tmp_path / "s.gw")
    both = ("--map", "username=account", "--map", "username=account_handle")
    assert run("load", tmp_path / "t.csv", *both, *at).status == 0
    found = run("query", "MATCH (a:Account) RETURN a.id, a.handle", "--csv", *at).out
    assert found.splitlines()[1:] == ["tiktok:ani,ani"]
    swapped = run("load", tmp_path / "t.csv", "--map", "account=username", *at)
    assert (swapped.status, "--map username=account" in swapped.err) == (2, True)


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("user,text,created_at", "ani,setuju,2024-10-08T01:00:00Z", None),
        ("paslon,warna", "1,merah", None),
        ("text,platform", "setuju,x", None),
        (
            "No,Tanggal,Nama Akun,Tautan Postingan,Jenis",
            "1,1 Oktober 2024,@ani,https://www.instagram.com/p/AbC/,suka",
            "--as interactions --map 'Nama Akun=account' --map 'Tautan Postingan=object' --map Jenis=kind "
            "--map Tanggal=at --set platform=instagram",
        ),
        (
            "No,Tanggal,Jam,Nama Akun,Tautan Postingan,Jenis",
            "1,1 Oktober 2024,12.09 WIB,@ani,https://www.instagram.com/p/AbC/,suka",
            "--map Tanggal+Jam=at --set platform=instagram",
        ),
        (
            "No,No Urut Paslon,Akun IG,Terdaftar KPU,Jenis Akun",
            "1,3,@contoh,Ya,official",
            "--as pages --map 'Akun IG=page' --map 'Terdaftar KPU=registered' --map 'Jenis Akun=class' "
            "--map 'No Urut Paslon=paslon' --set platform=instagram",
        ),
        (
            "No,Nama,NIP,Jabatan,OPD,Akun IG",
            "1,Contoh,199001012015031002,Staf,Kecamatan Fiktif,@contoh",
            "--as roster --map NIP=nip --map OPD=agency --map Nama=name",
        ),
        (
            "No Aduan,Tgl Terima,Kanal,Nama Pelapor,Terlapor,Link,Uraian",
            "A-1,2024-10-09,Surat,Contoh,@ani,https://www.instagram.com/p/AbC/,menyukai",
            "--as complaints --map 'No Aduan=number' --map Kanal=channel --map 'Tgl Terima=received' --map Uraian=text "
            "--map Terlapor=account --map Link=post --map 'Nama Pelapor=complainant' --set platform=instagram",
        ),
    ],
)
def test_a_guess_names_no_kind_for_one_column_and_says_how_a_sheet_can_be_loaded(
    run: Run, tmp_path: Path, header: str, row: str, said: str | None
) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n")
    outcome = run("load", tmp_path / "a.csv", "--guess")
    assert (outcome.status, outcome.out) == (1, "")
    if said is None:
        assert "Rows give" not in outcome.err
        assert "rows look like" not in outcome.err
    else:
        assert said in outcome.err


@pytest.mark.parametrize("answer", ["acted", "observed"])
def test_on_a_terminal_a_load_asks_whose_time_it_is(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    asked = []

    def prompt(question: str, **_: object) -> str:
        asked.append(question)
        return answer

    file = write("ani,p1,2024-10-08 08:00:05", header="akun,kiriman,waktu")
    config = LoadConfig(columns={"akun": "account", "kiriman": "object", "waktu": "at"}, timezone="Asia/Jakarta")
    assert time_asked(file, config, "en") == config, "nobody is there to ask"
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "prompt", prompt)
    assert time_asked(file, config, "id").time == answer
    assert "'waktu'" in asked[0]
    assert time_asked(file, LoadConfig(time="acted"), "en").time == "acted"
    assert time_asked(file, LoadConfig(columns={"created_at": "at"}), "en").time is None
    assert len(asked) == 1


def test_a_rehearsal_tells_and_writes_nothing(run: Run, store: Path, write: Callable[..., Path]) -> None:
    file = write(*GOOD, "a9,p1,like,1999-01-01T00:00:00Z,c9")
    outcome = run("load", file, "--set", "platform=x", "--store", store, "--dry-run", *STATED)
    assert outcome.status == 0
    assert "nothing was written" in outcome.err
    assert "6 rows taken, 1 refused" in outcome.err
    assert "LIKED: 6 new" in outcome.err
    assert not store.exists()


def test_the_graph_takes_in_at_once_what_is_loaded_so_or_before_it_is_asked(
    run: Run, store: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphwatch.cli.terminal._PATIENCE_SECONDS", 0)
    telling = "rows are in the graph"
    assert telling not in run("load", write(*GOOD), "--set", "platform=x", "--store", store).err
    count = ("query", "MATCH (a:Account) RETURN count(a) AS n", "--csv", "--store", store)
    asked = run(*count)
    assert telling in asked.err
    assert asked.out.split() == ["n", "6"]
    more = write("b,p1,like,2024-11-01T00:00:00Z,c10", name="more.csv")
    assert telling in run("load", more, "--set", "platform=x", "--store", store, "--graph").err
    asked = run(*count)
    assert telling not in asked.err
    assert asked.out.split() == ["n", "7"]


def test_a_relation_between_several_kinds_of_nodes_is_told_once(
    run: Run, store: Path, write: Callable[..., Path]
) -> None:
    run("load", write(*GOOD), "--set", "platform=x", "--store", store)
    sheet = write("A-1,a0,p1,suka", header="number,account,post,text", name="aduan.csv")
    outcome = run("load", sheet, "--as", "complaints", "--set", "platform=x", "--store", store)
    assert [line.strip() for line in outcome.err.splitlines() if "ABOUT" in line] == [
        "ABOUT: 2 new, 0 changed, 0 unchanged"
    ]


def test_what_a_load_tells_is_in_the_language_that_is_asked_for(
    run: Run, store: Path, write: Callable[..., Path]
) -> None:
    file = write("@A,p,like", "a,p,like", header="account,object,kind")
    told = run("load", file, "--set", "platform=x", "--store", store, "--dry-run", "--lang", "id").err
    assert "2 baris dimuat, 0 ditolak" in told
    assert "2 cara menulis akun adalah 1 akun" in told
    assert "baris tidak memiliki waktu" in told
    english = run("load", file, "--set", "platform=x", "--store", store, "--dry-run", "--lang", "en").err
    assert "2 spellings of accounts are 1 accounts" in english
