"""Whatever became of a small file of a project: what is asked works, or says which file it is and what to do."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import GraphwatchError
from graphwatch.privacy.redaction import Tombstones
from graphwatch.project import Project
from graphwatch.rights.erasure import Pending, Work
from graphwatch.store.erasing import Erasure

FILES = [
    "settings.json",
    "store.json",
    "provenance.json",
    "tombstones.json",
    "forgetting.json",
    "access.log",
    "vault/persons.vault",
    "keys/pseudonyms.key",
    "pseudonyms.fingerprint",
    "keys/vault.key",
    "keys/roster.key",
    "quarantine/*.csv",
    "holders/1-1.json",
    "journal/000001-load/manifest.json",
    "journal/000001-load/*LIKED*.parquet",
    "graph/graph.lbug",
]
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half written": lambda content: content[: len(content) // 2],
    "not UTF-8": lambda content: b"\xff\xfe\x80" + content,
    "said twice": lambda content: content.replace(b"{", b'{"lang": "id", "lang": "en", ', 1) + content,
    "nested without end": lambda _: b"[" * 100_000,
    "of another version": lambda content: content.replace(b"1", b"9").replace(b"{", b'{"later": {"a": [1]}, ', 1),
}
INSTEAD: dict[str, Callable[[Path], None]] = {"a pipe": lambda path: os.mkfifo(path), "a folder": Path.mkdir}
ASKED: dict[str, Callable[[Project, Path], object]] = {
    "info": lambda project, _: project.info(),
    "log": lambda project, _: project.verify_log(),
    "load roster": lambda project, folder: project.load(folder / "more-roster.csv", kind="roster"),
    "forget": lambda project, _: project.forget(asn="198501012010011007", reason="k"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that has all of these files."""
    folder = tmp_path_factory.mktemp("whole")
    head, roster = "account,object,kind,platform\n", "nip,name,agency\n"
    (folder / "acts.csv").write_text(head + "1,p,like,x\n2,p,like,x\n3,p,nothing,x\n")
    (folder / "more.csv").write_text(head + "4,p,like,x\n")
    (folder / "roster.csv").write_text(roster + "198501012010011007,Fulan,ag\n")
    (folder / "more-roster.csv").write_text(roster + "198501012010011008,Fulanah,ag\n")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(folder / "acts.csv")
        project.load(folder / "roster.csv", kind="roster")
        project.set_language("id")
        project.provenance(project.provenance(), remember=True)
        project.about(account="x:1", reason="k")
        Tombstones(project.folder).add([("account", "x:9")])
        Pending(project.folder).begin(Work(Erasure(1, {"Account": frozenset({"x:9"})}), (("account", "x:9"),)))
        (project.folder / "holders").mkdir(exist_ok=True)
        (project.folder / "holders" / "1-1.json").write_text('{"pid": 1, "command": "a", "mode": "b", "since": "c"}')
    return folder


@pytest.mark.skipif("GRAPHWATCH_TEST_DAMAGE" not in os.environ, reason="takes minutes: set GRAPHWATCH_TEST_DAMAGE=1")
@pytest.mark.parametrize("damage", [*DAMAGE, *INSTEAD])
@pytest.mark.parametrize("name", FILES)
def test_it_works_or_is_told(whole: Path, tmp_path: Path, name: str, damage: str) -> None:
    store = shutil.copytree(whole / "s.gw", tmp_path / "s.gw")
    file = next(store.glob(name))
    if damage in INSTEAD:
        file.unlink()
        INSTEAD[damage](file)
    else:
        file.write_bytes(DAMAGE[damage](file.read_bytes()))
    for ask in ASKED.values():
        with suppress(GraphwatchError), graphwatch.open(store) as project:
            ask(project, whole)
