"""Files as offices and tools make them, recorded beside the project: each by its commands, and what is right of it.

Each kind is tested on small inputs of our own where it is read; these are the files themselves.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
MAPPED = "--map akun=account --map kiriman=object --set kind=like --set platform=instagram"
TIMED = f"{MAPPED} --map waktu=at"
POSTS = 'query "MATCH (p:Post) RETURN p.id AS id ORDER BY id" --csv'
ACTS = 'query "MATCH (a:Account)-[i:LIKED|COMMENTED]->(p:Post) RETURN a.id AS id, i.at_ms AS at ORDER BY id" --csv'
NO_CLUSTER = (r"\b0 clusters of three or more|there are no timed interactions|precise", r"[1-9]\d* clusters of three")
PAIR = r"\n1 pairs acted within 60 s"
UTC = 1_728_392_700_000  # 8 October 2024, 13:05 UTC

# By folder: commands, each with what is right to be said, and what is wrong.
Steps = tuple[tuple[str, str, str | None], ...]
RIGHT: dict[str, Steps] = {
    "01-excel-zeroed-ids": (
        ("load right.csv", "4 rows taken, 0 refused", None),
        ("load resaved.csv", "an id that a spreadsheet has rounded", "rows taken"),
        (POSTS, r"^id\n(x:\d{19}\n){4}$", "0000$"),
    ),
    "02-float-ids": (
        ("load a.csv", "3 rows taken", None),
        ("load b.csv", "3 rows taken", None),
        (POSTS, "id\nx:77001\nx:77002\nx:77003\n", r"\.0"),
        ("detect --count-only", PAIR, None),
    ),
    "03-nan-object": (("load retweets.csv", "not one of 20 rows can be taken: a word that stands for nothing", None),),
    "04-spreadsheet-error-ids": (("load yt.csv", r"error of a spreadsheet[^\n]*\(12\)|12 × .*error", "rows taken, 0"),),
    "06-midnight-only": (
        (f"load hari.csv {TIMED} --timezone Asia/Jakarta --time acted", "all times are midnight: they are days", None),
        ("detect --count-only", *NO_CLUSTER),
    ),
    "07-sep-line": (
        ("load excel.csv", "1 rows taken, 0 refused", None),
        ("load excel.csv --guess", "Columns that tell: account", "there is no column"),
    ),
    "08-indonesian-months": (
        (f"load bulan.csv {TIMED} --timezone Asia/Jakarta", "12 rows taken, 0 refused", None),
        (f"load bulan-penuh.csv {TIMED} --timezone Asia/Jakarta", "12 rows taken, 0 refused", None),
        (f'load bulan-penuh.csv {TIMED} --timezone WIB --time-format "%d %B %Y %H.%M"', "rows taken, 0 refused", None),
    ),
    "09-wib-wita-wit": (
        (f"load zona.csv {TIMED}", "3 rows taken, 0 refused", None),
        (ACTS, r"@?awib,1728367500000\n(?s:.*)awita,1728363900000", None),
        (ACTS, r"awit,1728360300000", None),
    ),
    "10-utc-suffix": (
        (f'load utc.csv {TIMED} --timezone WIB --time-format "%Y-%m-%d %H:%M:%S %Z"', "2 rows taken", None),
        (f"load est.csv {TIMED} --timezone WIB", "a word that several places share", "2 rows taken"),
        (ACTS, rf"a1,{UTC}\n", "1728367500000"),
    ),
    "11-space-before-offset": (
        (f"load t.csv {TIMED}", "2 rows taken, 0 refused", None),
        (ACTS, "a1,1728367500000\n(?s:.*)a2,1728367510000", None),
    ),
    "12-date-and-time-columns": (
        (f"load t.csv {MAPPED} --map tanggal+jam=at --timezone WIB", "2 rows taken, 0 refused", None),
        (ACTS, "a1,1728367510000\n(?s:.*)a2,1728367520000", None),
        (f"load t.csv {MAPPED} --map tanggal=at --timezone WIB", "time of day", "[1-9] rows taken, 0"),
    ),
    "13-row-names-without-header": (("load r.csv", "2 rows taken, 0 refused", "quote cells"),),
    "14-links-space-separated": (
        ("load posts.csv --as posts", "3 rows taken", None),
        ("load posts2.csv --as posts", "3 rows taken", None),
        ("load acts.csv", "6 rows taken", None),
        ("load list.csv --as posts", "3 rows taken, 0 refused", None),
        ('query "MATCH (p:Post) RETURN p.id AS id, size(p.links) AS n ORDER BY id" --csv', "p0,2\n", None),
        ('query "MATCH (p:Post) RETURN p.id AS id, size(p.links) AS n ORDER BY id" --csv', "q2,2\n", None),
        ("detect --object link --count-only", PAIR, None),
    ),
    "15-dash-ids": (
        ("load yt.csv", "2 rows taken", None),
        ("trace ani youtube:-AbCdEfGhIj --lang en", "ani", "no way|Error"),
        ("trace --lang en -- ani -budi", "budi", "no way|Error"),
        ("trace ani -budi --lang en", r"(?s:budi).*|-- ", "Traceback"),
    ),
    "17-handle-case": (
        ("load a.csv", "rows taken", None),
        ("load b.csv", "rows taken", None),
        (
            'query "MATCH (a:Account) RETURN a.id AS id ORDER BY id" --csv',
            "^id\ntiktok:budi_s\ntiktok:citra\n$",
            None,
        ),
        ("detect --count-only", PAIR, None),
        ("trace BUDI_S citra --lang en", "citra", "Error"),
    ),
    "22-html-named-xls": (("load export.xls", "1 rows taken|HTML", None),),
    "24-same-content-two-times": (
        ("load a.csv", "9 rows taken", None),
        (
            "load b.csv --timezone Asia/Jakarta",
            r"6 comments have another time than before, by 7 hours: one of the two zones is wrong",
            None,
        ),
        ('query "MATCH ()-[i:COMMENTED]->() RETURN count(i) AS n" --csv', "^n\n9\n$", None),
        ("detect --count-only", r"9 timed interactions of 3 accounts with 3 posts", r"[1-9]\d* clusters of three"),
    ),
    "27-xlsx": (
        (
            f"load ringkasan-dulu.xlsx {TIMED} --timezone WIB",
            "the first sheet has other columns; 'Data' was read",
            None,
        ),
        (f"load judul.xlsx {TIMED} --timezone WIB", "the names of the columns are in line 4", None),
        (f"load tanggal-saja.xlsx {TIMED} --timezone WIB", "time of day", "[1-9] rows taken, 0"),
        (f"load angka.xlsx {TIMED} --timezone WIB", "spreadsheet", None),
        (POSTS, "instagram:77001\n", r"\.0|E\+"),
        (f"load jam-terpisah.xlsx {MAPPED} --map tanggal+jam=at --timezone WIB", "1 rows taken, 0 refused", None),
        (f"load tengah-malam.xlsx {TIMED} --timezone WIB --time acted", "midnight|time of day", None),
        ("detect --count-only", *NO_CLUSTER),
    ),
    "29-zeeschuimer-uid-only": (
        ("load c.ndjson --preset zeeschuimer_tiktok_comments", "9 rows taken, 0 refused", None),
        ("load mixed.ndjson --preset zeeschuimer_tiktok_comments", "9 rows in(?s:.*)0 refused", None),
        (
            'query "MATCH (a:Account) RETURN a.id AS id ORDER BY id" --csv',
            r"^id\n(tiktok:60000000000000000[012]\n){3}$",
            None,
        ),
        ('query "MATCH ()-[i:COMMENTED]->() RETURN count(i) AS n" --csv', "^n\n9\n$", None),
    ),
    "31-patrol-addresses": (
        ("load patroli.csv --preset patroli", r"19 rows taken, 3 refused(?s:.*)3 × a short link", None),
        (
            'query "MATCH ()-[i:COMMENTED]->(p:Post) RETURN p.id AS id, count(i) AS n ORDER BY id" --csv',
            "facebook:111,5\nfacebook:555,1\nfacebook:999,2\ninstagram:CxAbC12,3\n"
            "tiktok:7400000000000000001,1\nx:1840000000000000001,3\nyoutube:abcdefghijk,4\n",
            None,
        ),
    ),
    "32-x-photo-addresses": (
        ("load patroli.csv --preset patroli --time acted", "12 rows taken, 0 refused", None),
        (POSTS, r"^id\n(x:18400000000000000\d\d\n){12}$", None),
        ("detect --count-only", *NO_CLUSTER),
    ),
    "34-lenient-quotes": (
        ("load t.csv", "3 rows in", None),
        ('query "MATCH ()-[i:COMMENTED]->() RETURN count(i) AS n" --csv', "^n\n[23]\n$", None),
    ),
    "35-map-one-column-twice": (
        ("load t.csv --map username=account --map username=account_handle", "1 rows taken|preset", None),
    ),
    "39-compat-apostrophe": (
        ("load t.csv --preset coortweet", "6 rows taken", None),
        ("detect --compat coortweet --window 10", r"@h0,@h1", "'@h0|'-v0"),
        ("detect --compat toolkit", r"@h0", "'@h0"),
        ("query \"RETURN -5 AS i, -0.25 AS f, '-x' AS s\" --csv", "-5,-0.25", None),
    ),
    "40-guess-says-complaints": (
        ("load tweets.csv --guess", "no preset|No preset", "Rows give complaints|--as complaints"),
    ),
}


def test_every_recorded_case_is_here() -> None:
    if not CASES.is_dir():
        pytest.skip(f"the recorded cases are not here: they belong in {CASES} beside the project")
    # The sheets of an office have a test of their own below.
    assert {path.name for path in CASES.iterdir() if path.is_dir()} - {"office"} == set(RIGHT)


@pytest.mark.parametrize("name", RIGHT)
def test_it_comes_out_right(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if not (CASES / name).is_dir():
        pytest.skip(f"the recorded cases are not here: they belong in {CASES} beside the project")
    monkeypatch.chdir(CASES / name)
    monkeypatch.setenv("GRAPHWATCH_STORE", str(tmp_path / "s.gw"))
    for command, right, wrong in RIGHT[name]:
        outcome = run(*shlex.split(command))
        said = outcome.out if command.startswith("query") else f"{outcome.err}\n{outcome.out}"
        assert re.search(right, said), f"{command}\n{said}"
        assert wrong is None or not re.search(wrong, said), f"{command}\n{said}"


OFFICE = CASES / "office"
SEVEN = ("paslon.xlsx", "akun_paslon.xlsx", "kiriman.xlsx", "daftar_asn.xlsx", "patroli.xlsx", "likes_ig.csv")
KIND = {
    **dict.fromkeys(("suka", "like", "menyukai"), "LIKED"),
    **dict.fromkeys(("bagikan", "repost", "membagikan"), "SHARED"),
    "komentar": "COMMENTED",
}


def acts_by_pandas() -> pd.DataFrame:
    """Each act of the patrol and of the list of likes once: account, post, kind and paslon."""
    patrol = pd.read_excel(OFFICE / "patroli.xlsx", dtype=str, engine="openpyxl")
    # A time of day without its day is no time: `at` is missing then, and the act is one of those without.
    seen = pd.DataFrame(
        {
            "account": patrol["Nama Akun"],
            "post": patrol["Tautan Postingan"],
            "kind": patrol["Jenis"].str.lower().map(lambda word: KIND[word]),
            "at": patrol["Tanggal"] + " " + patrol["Jam"].fillna(""),
        }
    )
    likes = pd.read_csv(OFFICE / "likes_ig.csv", sep=";", encoding="utf-8-sig", dtype=str)
    liked = pd.DataFrame({"account": likes["Username Penyuka"], "post": likes["Link Postingan"], "kind": "LIKED"})
    acts = pd.concat([seen, liked], ignore_index=True)
    acts["account"] = acts["account"].map(handle)
    acts["post"] = acts["post"].str.extract(r"instagram\.com/(?:p|reel)/([\w-]+)")[0]
    posts = (
        pd.read_excel(OFFICE / "kiriman.xlsx", dtype=str, engine="openpyxl")
        .dropna(subset="post")
        .set_index("post")["page"]
    )
    pages = pd.read_excel(OFFICE / "akun_paslon.xlsx", dtype=str, header=2, engine="openpyxl").dropna(subset="Akun IG")
    paslon = dict(zip(pages["Akun IG"].map(handle), pages["No Urut Paslon"], strict=True))
    acts["paslon"] = acts["post"].map(posts).map(handle).map(paslon)
    # A like is one for each account and post; of comments and shares without words the time tells one from another.
    acts.loc[acts["kind"] == "LIKED", "at"] = ""
    return acts.drop_duplicates(["account", "post", "kind", "at"])


def handle(written: str) -> str:
    return re.sub(r".*instagram\.com/|[?/].*$", "", written.strip()).strip("@/").lower()


def test_the_sheets_of_an_office_go_from_file_to_answer_in_indonesian_as_pandas_counts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not OFFICE.is_dir():
        pytest.skip(f"the recorded cases are not here: they belong in {CASES} beside the project")
    monkeypatch.chdir(OFFICE)
    monkeypatch.setenv("GRAPHWATCH_STORE", str(tmp_path / "s.gw"))
    for name in SEVEN:
        told = run("load", name, "--guess", "--lang", "id")
        lines = [line for line in (told.out + told.err).splitlines() if "graphwatch load " in line]
        assert lines, told.err
        for line in lines:
            words = shlex.split(line[line.index("graphwatch load ") :].replace("basis=…", "basis=self-declared"))
            outcome = run(*words[1:], "--lang", "id")
            assert outcome.status == 0, outcome.err
            assert re.search(
                r"(\d+) baris masuk: (\d+) menjadi catatan baru, (\d+) digabung .*, (\d+) ditolak", outcome.err
            )
    acts = acts_by_pandas()
    roster = pd.read_excel(OFFICE / "daftar_asn.xlsx", dtype=object, engine="openpyxl").dropna(subset="Akun IG")
    # An NIP that is a number has been rounded, and is nobody's.
    whole = roster["NIP"].map(lambda nip: isinstance(nip, str))
    accounts = {handle(written) for written in roster[whole]["Akun IG"]}
    of_roster = acts[acts["account"].isin(accounts) & acts["paslon"].notna()]
    with graphwatch.open(tmp_path / "s.gw") as project:
        found = project.query("roster-interactions").to_pandas()
        totals = project.query("paslon-engagement").to_pandas()
    names = ["account", "post", "kind", "paslon"]
    plain = found.assign(**{n: found[n].str.removeprefix("instagram:") for n in ("account", "post")})
    assert {*plain[names].itertuples(index=False, name=None)} == {*of_roster[names].itertuples(index=False, name=None)}
    counted = acts.dropna(subset="paslon").groupby(["paslon", "kind"]).size().to_dict()
    assert totals.set_index(["paslon", "kind"])["interactions"].to_dict() == counted
    # All times are those of looks, and likes of a list have none: nobody is said to have acted together.
    outcome = run("detect", "--lang", "id")
    assert "0 klaster dengan tiga akun atau lebih" in outcome.err, outcome.err


@pytest.mark.parametrize("window", ["60", "600", "3600"])
def test_eight_people_noted_in_one_sitting_are_no_cluster_on_any_window(run: Run, tmp_path: Path, window: str) -> None:
    if not OFFICE.is_dir():
        pytest.skip(f"the recorded cases are not here: they belong in {CASES} beside the project")
    store = ("--store", tmp_path / "s.gw")
    assert run("load", OFFICE / "patroli_asn_sekali_duduk.xlsx", "--preset", "patroli", *store).status == 0
    outcome = run("detect", "--window", window, "--count-only", *store)
    assert re.search(r"there are no timed interactions|\b0 clusters of three", outcome.err), outcome.err
