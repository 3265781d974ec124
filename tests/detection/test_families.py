"""Same texts, links and likes without a time, from a store: found without being asked, told, and narrowed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

import graphwatch
from graphwatch.detection.families import address
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
    given = {"layer": layer, "cluster": 1}
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
    project.detect()
    of = project.explain(1, layer="text")

    assert (of.family, len(of.agreed), of.bursts) == ("text", 4, ())
    assert all(agreed.members == 5 for agreed in of.agreed)
    for language in ("id", "en"):
        told = {section.key: section.lines for section in sections(of, language)}
        lines = " ".join(told["agreed"])
        assert "coblos nomor dua" in lines
        assert "[" in lines
        assert told["tests"]
        assert told["innocent"]
    likes = project.explain(1, layer="untimed")
    assert "no time" in " ".join({s.key: s.lines for s in sections(likes, "en")}["agreed"])


def test_named_queries_tell_who_wrote_what(project):
    project.detect()
    family = project.query("text-family").to_arrow()
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


def test_addresses():
    assert address("http://m.kabar.example/a/?fbclid=1&b=2&a=1") == "kabar.example/a?a=1&b=2"
    assert [address(link) for link in ("", "kata", "http://[", "x.example")] == ["", "", "", "x.example"]
    assert marked("a b c", "d e f") == "a b c"
