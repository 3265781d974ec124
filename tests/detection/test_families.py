"""Same texts, links and likes without a time, from a store: found without being asked, told, and narrowed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from export.pages import data_of
from pyarrow import csv

import graphwatch
from graphwatch.detection.families.gathering import address
from graphwatch.errors import NothingFound, UsageError
from graphwatch.explain.words import marked, sections
from graphwatch.project import Project

WORDS = ("jalan", "desa", "air", "pasar", "pupuk", "sawah", "sekolah", "guru", "listrik", "banjir", "panen", "beras")
COPIED = (
    "nomor dua pilihan kita semua demi masa depan anak",
    "bersama nomor dua membangun desa tanpa korupsi lagi",
    "kami warga siap coblos nomor dua bulan depan nanti",
    "nomor dua paling peduli rakyat kecil di pelosok desa",
)
GROUP = [f"x:a{n}" for n in range(90, 95)]
FANS = {f"x:a{n}" for n in range(60, 68)}


def rows(seed: int = 3) -> list[dict[str, str | None]]:
    """A hundred people comment in their own words and like; five copy each other, eight like by agreement."""
    random = np.random.default_rng(seed)
    made: list[dict[str, str | None]] = []

    def add(account: int, post: int, kind: str, at: str | None = None, text: str | None = None) -> None:
        content = None if kind == "LIKED" else f"c{len(made)}"
        made.append(
            {
                "account": f"a{account}",
                "object": f"p{post}",
                "kind": kind,
                "at": at,
                "text": text,
                "content_id": content,
            }
        )

    def at(post: int) -> str:
        hour, minute, second = random.integers((9, 0, 0), (22, 60, 60)).tolist()
        return f"2024-10-{1 + post % 20:02}T{hour:02}:{minute:02}:{second:02}+07:00"

    for _ in range(600):
        post = int(random.integers(0, 60))
        add(int(random.integers(0, 90)), post, "COMMENTED", at(post), " ".join(random.choice(WORDS, 9)))
    for account, post in likes(random):
        add(account, post, "LIKED")
    for day, text in enumerate(COPIED, 10):
        for account in range(90, 95):
            post = int(random.integers(0, 60))
            more = str(random.choice(["", "!", " ya", "🙏"]))
            add(account, post, "COMMENTED", f"2024-10-{day}T15:{10 * (account - 89)}:00+07:00", text + more)
    for account in range(0, 90, 2):  # a blessing that half of all write
        add(account, account % 60, "COMMENTED", at(account % 60), "semoga bapak dan ibu selalu sehat dan bahagia")
    return made


def likes(random: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Three hundred people like posts of four pages each; eight of them like the same twenty-five besides."""
    for account in range(300):
        pages = random.permutation(12)[:4]
        for post in random.choice(np.flatnonzero(np.isin(np.arange(240) % 12, pages)), 15, replace=False).tolist():
            yield account, post
    for post in random.choice(240, 25, replace=False).tolist():
        yield from ((account, post) for account in range(60, 68))


POSTS = [
    {"post": f"p{n}", "page": f"g{n % 12}", "at": f"2024-10-{1 + n % 20:02}T08:00:00+07:00", "text": f"kabar {n}"}
    for n in range(240)
]


def load(project: Project, folder: Path, interactions: list[dict[str, str | None]]) -> None:
    for kind, table in (("posts", POSTS), ("interactions", interactions)):
        csv.write_csv(pa.Table.from_pylist(table), folder / f"{kind}.csv")
        project.load(folder / f"{kind}.csv", kind=kind, constants={"platform": "x"})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("families")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        load(project, folder, rows())
        yield project


def members(project: Project, layer: str) -> set[str]:
    given = {"layer": layer, "cluster": 1, "run": project.detect().run}
    return set(project.query("cluster-members", given).to_arrow()["account"].to_pylist())


def test_families_are_looked_at_without_being_asked(project):
    detected = project.detect()

    text, likes = detected.families["text"], detected.families["untimed"]
    assert detected.denominators["clusters"] == 0
    assert (text["clusters"], text["everybodys"], text["dropped"]) == (1, 1, 45)
    assert members(project, "text") == set(GROUP)
    assert likes["clusters"] == 1
    assert members(project, "untimed") == FANS
    assert detected.layers == {}
    assert project.detect().already


def test_wordings_stand_side_by_side_with_what_differs(project):
    run = project.detect().run
    of = project.explain(1, layer="text", run=run)

    assert (of.family, len(of.agreed), of.bursts) == ("text", 4, ())
    assert all(agreed.members == 5 for agreed in of.agreed)
    for language in ("id", "en"):
        told = {section.key: section.lines for section in sections(of, language)}
        lines = " ".join(told["agreed"])
        assert "coblos nomor dua" in lines
        assert "[" in lines
        assert told["tests"]
        assert told["innocent"]
    likes = project.explain(1, layer="untimed", run=run)
    assert "no time" in " ".join({s.key: s.lines for s in sections(likes, "en")}["agreed"])


def test_a_dry_run_names_each_family_and_what_there_is_of_it(project, tmp_path):
    foretold = {each.family: each for each in project.estimate().families}

    assert {name: each.enough for name, each in foretold.items()} == {"text": True, "link": False, "untimed": True}
    assert foretold["text"].acts == project.detect().families["text"]["acts"]
    assert foretold["untimed"].accounts == 300
    assert (foretold["untimed"].letters, foretold["link"].meetings) == (0, 0)
    assert foretold["text"].letters > 10_000
    assert foretold["untimed"].meetings > 28 * 25  # those of the eight with each other, and more
    assert [each.family for each in project.estimate(families="link").families] == ["link"]
    with graphwatch.open(tmp_path / "s.gw", create=True) as likers:
        load(likers, tmp_path, [row for row in rows() if row["kind"] == "LIKED"])
        assert likers.estimate().interactions == 0


def test_each_family_stands_beside_the_others(project):
    detected = project.detect(window=60)
    of = project.explain(1, layer="text", run=detected.run)
    shown = {each.family: each for each in of.families}

    assert (list(shown), of.untested) == (["acts", "text", "untimed"], ("link",))
    assert (shown["text"].pairs, shown["text"].n, shown["text"].coordinated) == (10, 40, 10)
    assert shown["text"].expected < 1
    assert [(shown[name].pairs, shown[name].doers) for name in ("acts", "untimed")] == [(0, 5), (0, 5)]
    lines = {section.key: section.lines for section in sections(of, "en")}["families"]
    assert sum("speaks against" in line for line in lines) == 2
    rows = (
        project.query("cluster-families", {"layer": "text", "cluster": 1, "run": detected.run}).to_arrow().to_pylist()
    )
    assert [(row["family"], row["pairs"], row["n"], row["coordinated"]) for row in rows] == [("text", 10, 40, 10)]


def test_the_exported_network_has_the_families_of_its_clusters(tmp_path):
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        load(project, tmp_path, [*rows(), *together()])
        project.detect()
        network = project.graph()
        shown = {row["family"]: row["pairs"] for row in network.graph["families"]}
        cluster = data_of(project.view().html)["clusters"][0]

    assert shown == {"all": 10, "10s": 10, "15min": 10, "day": 0, "text": 10, "untimed": 0}
    assert {each["family"]: each["pairs"] for each in cluster["families"]} == shown


def together() -> Iterator[dict[str, str | None]]:
    """The five who copy each other comment on the same posts within seconds, in no words."""
    for post in range(60, 72):
        for account in range(90, 95):
            at = f"2024-10-{1 + post % 20:02}T20:00:{account - 60:02}+07:00"
            yield {"account": f"a{account}", "object": f"p{post}", "kind": "LIKED", "at": at, "text": None}


def test_a_pair_of_a_family_is_explained(project):
    run = project.detect().run
    texts = project.explain(GROUP[0], GROUP[1], layer="text", run=run)
    likes = project.explain("x:a60", "x:a61", layer="untimed", run=run)

    assert (texts.family, texts.ties.n, len(texts.agreed), texts.bursts) == ("text", 4, 4, ())
    assert {use.account for agreed in texts.agreed for use in agreed.uses} == set(GROUP[:2])
    assert likes.ties.n == len(likes.agreed) >= 25
    for of in (texts, likes):
        told = {section.key: section.lines for section in sections(of, "id")}
        assert any("bersama-sama" in line for line in told["families"])
        assert told["seen"]


def test_other_questions_of_the_same_data_are_counted(project):
    run = project.detect().run
    before = project.detect().others
    asked = {project.detect(families="link", sensitivity=False, window=window).run for window in (20, 25)}

    assert (project.detect().run, len(asked)) == (run, 2)
    assert project.detect().others == before + 2
    told = {section.key: section.lines for section in sections(project.explain(1, layer="text", run=run), "en")}
    assert f"{before + 2} other questions" in " ".join(told["limits"])


def test_named_queries_tell_who_wrote_what(project):
    run = project.detect().run
    family = project.query("text-family", {"run": run}).to_arrow()
    same = project.query("same-text", {"least": 40}).to_arrow()

    assert (family.num_rows, set(family["account"].to_pylist())) == (20, set(GROUP))
    assert len(set(family["family"].to_pylist())) == 4
    assert same["accounts"].to_pylist() == [45]
    assert project.query("text-spread", {"text": "siap coblos"}).to_arrow().num_rows == 5


def test_a_document_of_such_a_cluster_names_neither_texts_nor_accounts(project, tmp_path):
    run = project.detect().run
    project.report("cluster", f"{run}:text:1", path=tmp_path / "d.html")

    document = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "coblos" not in document
    assert "a90" not in document
    assert "That speaks against concert" in document or "Itu menyangkal" in document


def test_an_opened_document_has_the_wordings_side_by_side(project, tmp_path):
    run = project.detect().run
    opened = {"unmask": "handles", "off_roster": True, "reason": "uji coba"}
    project.report("cluster", f"{run}:text:1", path=tmp_path / "d.html", **opened)

    assert "coblos nomor dua" in (tmp_path / "d.html").read_text(encoding="utf-8")


def test_a_family_alone(project):
    alone = project.detect(families="text")

    assert set(alone.families) == {"text"}
    with pytest.raises(UsageError, match="no such family"):
        project.detect(families="wordings")
    assert project.detect(object="page").families == {}
    assert project.detect(fdr=None).families == {}


def test_lists_of_likers_are_enough(tmp_path):
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        load(project, tmp_path, [row for row in rows() if row["kind"] == "LIKED"])
        detected = project.detect()

        assert detected.denominators["interactions"] == 0
        assert members(project, "untimed") == FANS
        with pytest.raises(NothingFound):
            project.detect(kinds="SHARED")


def test_odd_texts_and_times_are_tested_and_accuse_nobody(tmp_path):
    def act(n: int, account: int, post: int, text: str | None, at: str | None = None) -> dict[str, str | None]:
        content, kind = (f"c{n}", "COMMENTED") if text else (None, "LIKED")
        return {
            "account": f"a{account}",
            "object": f"p{post}",
            "kind": kind,
            "at": at or f"2024-10-{1 + n % 28:02}T{n % 24:02}:{n // 24 % 60:02}:00+07:00",
            "text": text,
            "content_id": content,
        }

    same = [act(n, 0, n % 240, "satu akun menulis ini sepuluh ribu kali") for n in range(10_000)]
    odd = ("🙏" * 16_384, "coblos", "🙏 🔥", "a\u0300\u0327" * 9_000)
    said = [act(20_000 + n, 1 + n % 6, n % 7, odd[n // 6 % 4]) for n in range(72)]
    alone = [act(30_000 + n, 10 + n, 100 + n, None) for n in range(100)]  # each object has one account
    at_once = [act(40_000, 200 + n % 20, n // 20, None, "2024-10-09T10:00:00+07:00") for n in range(400)]
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        load(project, tmp_path, [*same, *said, *alone, *at_once])
        detected = project.detect(sensitivity=False)

    text = detected.families.get("text", {"clusters": 0})
    assert (detected.denominators["clusters"], detected.coordinated, text["clusters"]) == (0, 0, 0)
    assert detected.denominators["coarse"] == 400  # the twenty whose times are all equal: told, and not accused


def test_addresses():
    assert address("http://m.kabar.example/a/?fbclid=1&b=2&a=1") == "kabar.example/a?a=1&b=2"
    assert [address(link) for link in ("", "kata", "http://[", "x.example")] == ["", "", "", "x.example"]
    assert marked("a b c", "d e f") == "a b c"
