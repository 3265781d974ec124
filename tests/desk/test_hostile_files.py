"""Whatever is brought to the desk in the place of a file is shown or refused, and the desk goes on."""

import io
import itertools
import random
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from common.test_archives import packed
from desk.conftest import Visitor
from desk.test_loading import bring, followed
from harnesses import HEAD, edited, seeds

from graphwatch.desk.uploads import Uploads

ENDS = {"text": ".csv", "json": ".jsonl", "parquet": ".parquet", "packed": ".csv.gz", "workbook": ".xlsx"}
FORM = {
    "how": "kind:interactions",
    "c.account": "0",
    "c.object": "1",
    "c.kind": "2",
    "c.at": "4",
    "s.platform": "x",
    "time": "acted",
    "timezone": "Asia/Jakarta",
    "do": "rehearse",
}


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    visitor = Visitor(tmp_path_factory.mktemp("hostile") / "kantor.gw").enter()
    visitor.post("/language", lang="en", back="/queries")
    return visitor


def damaged(kind: str, count: int) -> Iterator[bytes]:
    """Samples of a reader's corpus after one to three accidents, each time the same."""
    chance = random.Random(kind)
    for content in itertools.islice(itertools.cycle(seeds(kind)), count):
        accidents = [
            (what, chance.random(), chance.randbytes(4), chance.randint(1, 64))
            for what in chance.sample(["insert", "replace", "delete", "double", "cut", "flip"], chance.randint(1, 3))
        ]
        yield edited(content, accidents)


def shown(visitor: Visitor, name: str, content: bytes) -> str:
    """The screen of a file, or why it was not taken; never a fault, and nothing of it acts."""
    brought = bring(visitor, (name, content))
    assert brought.status_code in {303, 400, 409}, (name, brought.text)
    address = brought.headers.get("location")
    answer = visitor.get(address) if address else brought
    assert answer.status_code in {200, 400, 409}, (name, answer.text)
    assert "Traceback" not in answer.text
    assert "<img" not in answer.text
    for upload in visitor.desk.uploads:
        visitor.desk.uploads.drop(upload)
    return answer.text


@pytest.mark.parametrize("kind", ENDS)
def test_damaged_files_of_every_kind_under_every_name(visitor: Visitor, kind: str) -> None:
    for number, content in enumerate(damaged(kind, 4 if kind == "workbook" else 20)):
        end = [*ENDS.values()][number % len(ENDS)] if number % 3 == 0 and kind != "workbook" else ENDS[kind]
        shown(visitor, f"suka <img>{number}{end}", content)
    assert visitor.get("/load").status_code == 200


def test_damaged_archives(visitor: Visitor) -> None:
    whole = packed({"a.csv": HEAD + b"a,p,like,x,2024-10-01T10:00Z,hai\n", "b.csv": HEAD * 9})
    for number in range(60):
        at = number * len(whole) // 60
        shown(visitor, "all.zip", whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert "method" in shown(visitor, "all.zip", packed({"a.csv": HEAD}, method))
    assert "the archive holds 5000 files" in shown(visitor, "many.zip", packed({f"{n}.csv": b"" for n in range(5000)}))


@pytest.mark.parametrize("name", ["..", "", "\x00", "con.csv", "a" * 4_000 + ".csv", "\u202egpj.csv", "x.csv\r\nA: b"])
def test_names_of_files_are_made_harmless(visitor: Visitor, name: str) -> None:
    assert "\u202e" not in shown(visitor, name or " ", HEAD + b"a,p,like,x,2024-10-01T10:00Z,hai\n")
    inside = packed({f"../../../{name}.csv": HEAD, "/etc/x.csv": HEAD, "C:\\x.csv": HEAD})
    assert "x.csv" in shown(visitor, "all.zip", inside)


@pytest.mark.parametrize("name", ["../../../x.csv", "/x.csv", "C:\\x.csv", "a/../../x.csv", "..\\..\\..\\x.csv"])
def test_nothing_is_unpacked_beside_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    temporary = tmp_path / "a" / "b" / "c"
    temporary.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    uploads = Uploads()
    waiting = uploads.take("all.zip", io.BytesIO(packed({name: HEAD})))
    assert [upload.name for upload in waiting] == ["x.csv"]
    assert [*tmp_path.rglob("x.csv")] == [upload.path for upload in waiting]
    (only,) = temporary.iterdir()
    assert waiting[0].path.parent.parent == only
    uploads.clear()
    assert not [*temporary.iterdir()]


@pytest.mark.parametrize("kind", ENDS)
def test_a_damaged_file_that_is_rehearsed_all_the_same(visitor: Visitor, kind: str) -> None:
    content = next(damaged(kind, 1))
    address = bring(visitor, (f"suka{ENDS[kind]}", content)).headers["location"]
    answer = followed(visitor, visitor.post(f"{address}/begin", **FORM))
    assert answer.status_code in {200, 400, 409}
    assert "Traceback" not in answer.text
    assert visitor.get("/load").status_code == 200
