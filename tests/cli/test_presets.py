import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch

SAMPLES = Path(__file__).parents[1] / "ingest" / "samples"


def counts(store: Path) -> dict[str, int]:
    with graphwatch.open(store) as project:
        return {name: n for name, n in project.info().counts.items() if n}


def sources(store: Path) -> list[tuple[str, int]]:
    with graphwatch.open(store) as project:
        found = project.query("MATCH (s:Source) RETURN s.kind AS kind, s.rows_taken AS taken").to_arrow().to_pylist()
    return sorted((row["kind"], row["taken"]) for row in found)


def test_rows_that_say_several_things_are_loaded_once_for_each(run: Callable[..., Outcome], tmp_path: Path) -> None:
    words = ("load", SAMPLES / "zeeschuimer_x.ndjson", "--preset", "zeeschuimer_x", "--store", tmp_path / "s.gw")
    outcome = run(*words)
    assert outcome.status == 0
    assert "9 rows taken, 0 refused" in outcome.err
    expected = {"Account": 4, "Post": 5, "PUBLISHED": 5, "COMMENTED": 1, "SHARED": 3, "Source": 4}
    assert counts(tmp_path / "s.gw") == expected
    assert sources(tmp_path / "s.gw") == [("interactions", 1), ("interactions", 1), ("interactions", 2), ("posts", 5)]
    assert "nothing was changed" in run(*words).err
    assert counts(tmp_path / "s.gw") == expected


def test_one_kind_of_several_can_be_chosen(run: Callable[..., Outcome], tmp_path: Path) -> None:
    words = ("load", SAMPLES / "x_api_v2_posts.json", "--preset", "x_api_v2_posts", "--store", tmp_path / "s.gw")
    assert run(*words, "--as", "interactions").status == 0
    assert sources(tmp_path / "s.gw") == [("interactions", 3)]
    wrong = run(*words, "--as", "pages")
    assert wrong.status == 2
    assert "is for posts and interactions, not for pages" in wrong.err


def test_a_preset_says_what_the_rows_are(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run("load", SAMPLES / "aduan.xlsx", "--preset", "aduan", "--store", tmp_path / "s.gw")
    assert "2 rows taken, 1 refused" in outcome.err
    assert counts(tmp_path / "s.gw")["Complaint"] == 2


def test_nothing_is_written_if_one_of_several_does_not_fit(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    text = (SAMPLES / "4cat_twitter_posts.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("quote_tweet_id", "quoted"), encoding="utf-8")
    outcome = run("load", file, "--preset", "4cat_twitter_posts", "--store", tmp_path / "s.gw")
    assert outcome.status == 1
    assert "no column 'quote_tweet_id'" in outcome.err
    assert not (tmp_path / "s.gw" / "store.json").exists()


def test_a_file_that_says_nothing_a_preset_takes_is_refused(run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "kami.toml").write_text(
        '[[statements]]\nkind = "paslon"\nwhen = { a = ["ya"] }\ncolumns = { paslon = "b" }', encoding="utf-8"
    )
    (tmp_path / "a.csv").write_text("a,b\ntidak,1\n", encoding="utf-8")
    outcome = run("load", tmp_path / "a.csv", "--preset", tmp_path / "kami.toml", "--store", tmp_path / "s.gw")
    assert outcome.status == 1
    assert "no row says anything that this preset takes" in outcome.err


def test_a_guess_names_the_preset_and_why(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run("load", SAMPLES / "minet_facebook_comments.csv", "--guess", "--store", tmp_path / "s.gw")
    assert outcome.status == 0
    assert outcome.out.startswith("minet_facebook_comments: ")
    assert "author_url" in outcome.out
    assert "--set object=" in outcome.out.replace("'", "")
    assert "Not to be seen: Who reacted or shared." in outcome.out
    assert not (tmp_path / "s.gw").exists()


def test_a_guess_that_fails_names_the_nearest_and_no_cell(run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nip,nama,status,Budi Santoso\n199001012015031002,Budi,PNS,x\n", encoding="utf-8")
    outcome = run("load", tmp_path / "a.csv", "--guess")
    assert outcome.status == 1
    assert "roster_asn lacks opd" in outcome.err
    assert "--map" in outcome.err
    assert "Budi" not in outcome.err + outcome.out


@pytest.fixture
def answering(run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Run the command line with these answers on standard input."""

    def call(answers: list[str], *words: object) -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        return run(*words)

    return call


def test_a_person_maps_an_unknown_file_and_keeps_the_preset(
    answering: Callable[..., Outcome], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file, store, preset = tmp_path / "a.csv", tmp_path / "s.gw", tmp_path / "kami.toml"
    file.write_text("Akun;Kiriman\x1b[2J;Waktu;Isi\nsatu;p1;02/10/2024 07:00;halo\n", encoding="utf-8")
    # The kind of load; account; a wrong and a right object; a wrong and a right kind; platform, at, content_id, text …
    answers = ["interactions", "", "9", "2", "=senyum", "=suka", "=x", "", "-", "4", *["-"] * 8]
    answers += ["Asia/Mars", "", "", "", str(preset), "", "y"]
    outcome = answering(answers, "load", file, "--map", "--store", store)
    assert outcome.status == 0, outcome.err
    assert "1 rows taken" in outcome.err
    assert "\x1b" not in outcome.err, "a header cannot draw on the terminal"
    assert "no such column" in outcome.err
    assert "unknown kind" in outcome.err
    assert "no time zone 'Asia/Mars'" in outcome.err
    again = run("load", file, "--preset", preset, "--store", store)
    assert "nothing was changed" in again.err
    with graphwatch.open(store) as project:
        row = project.query("MATCH ()-[r:LIKED]->(p) RETURN p.id AS id, r.text AS text, r.at_ms AS at").to_arrow()
    assert row.to_pylist() == [{"id": "x:p1", "text": "halo", "at": 1_727_827_200_000}]


def test_of_persons_no_cell_and_no_unusual_name_is_shown(answering: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("NIP,OPD,Budi Santoso\n199001012015031002,Dinas Contoh,Budi\n", encoding="utf-8")
    outcome = answering(["roster", *[""] * 10, str(tmp_path / "a.toml"), "", "n"], "load", file, "--map")
    assert outcome.status == 0, outcome.err
    assert "Budi" not in outcome.err
    assert "1990" not in outcome.err
    assert 'nip = "NIP"' in (tmp_path / "a.toml").read_text(encoding="utf-8")


def test_a_preset_is_not_replaced_without_asking(answering: Callable[..., Outcome], tmp_path: Path) -> None:
    file, there, new = tmp_path / "a.csv", tmp_path / "there.toml", tmp_path / "new.toml"
    file.write_text("paslon\n1\n", encoding="utf-8")
    there.write_text("mine", encoding="utf-8")
    answers = ["paslon", *[""] * 5, str(tmp_path / "a.txt"), str(there), "n", str(new), "", "n"]
    assert answering(answers, "load", file, "--map").status == 0
    assert there.read_text(encoding="utf-8") == "mine"
    assert new.exists()


def test_answers_that_end_early_leave_nothing(answering: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert answering(["interactions"], "load", tmp_path / "a.csv", "--map").status == 130
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_asking_goes_alone(run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run("load", tmp_path / "a.csv", "--preset", "coortweet", "--map").status == 2


def test_the_questions_are_in_indonesian_and_can_be_gone_back_to(
    answering: Callable[..., Outcome], tmp_path: Path
) -> None:
    file, preset = tmp_path / "a.csv", tmp_path / "a.toml"
    file.write_text("Akun;Kiriman;Isi\nsatu;p1;a\ndua;p2;b\ntiga;p3;c\nempat;p4;d\n", encoding="utf-8")
    # Another kind, back to it; an object and back to it; all else; a text and back over what was not asked.
    answers = ["posts", "<", "interactions", "", "3", "<", "2", "=suka", "=x", *["-"] * 11, "<", "-", str(preset)]
    outcome = answering([*answers, "", "n"], "load", file, "--map", "--lang", "id")
    assert outcome.status == 0, outcome.err
    for said in ("Satu baris adalah", "yang ditanggapi: id asli atau alamat (wajib)", "satu · dua · tiga", "Tersimpan"):
        assert said in outcome.err
    assert "empat" not in outcome.err
    text = preset.read_text(encoding="utf-8")
    assert 'kind = "interactions"' in text
    assert 'account = "Akun"\nobject = "Kiriman"\n' in text
    assert 'meaning = "Berkas seperti a.csv."' in text
