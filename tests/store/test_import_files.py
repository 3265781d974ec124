"""A store as files, of which Neo4j's own tool makes a database."""

import shlex
import shutil
from contextlib import suppress
from pathlib import Path

import neo4j_server as server
import pyarrow as pa
import pytest
from graph_rows import HOSTILE

import graphwatch
from graphwatch.cli.main import main
from graphwatch.errors import UsageError
from graphwatch.model.tables import node_table
from graphwatch.project import Project

pytestmark = pytest.mark.long

WORDS = ['"', "a,b", "two\nlines", "\\", "\\n", "'", "", " ", "=1+1", HOSTILE]


def with_words(project: Project) -> None:
    """Posts whose texts and lists are what a table of texts stumbles over."""
    with project._writable.store.write("load") as writing:
        ids = [f"x:word{n}" for n in range(len(WORDS))]
        links: list[list[str] | None] = [[word, "b"] if word else None for word in WORDS]
        columns = {"id": ids, "text": pa.array(WORDS, pa.string()), "links": pa.array(links, pa.list_(pa.string()))}
        writing.add(node_table("Post", [pa.record_batch(columns)]))


def rows_with_empty_lists(project: Project) -> int:
    rows = (row for _, table in project._workspace.store.dump() for batch in table.batches for row in batch.to_pylist())
    return sum(any(value == [] for value in row.values()) for row in rows)


def test_what_neo4j_makes_of_the_files_is_the_same_store(
    demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = server.missing_tool()
    if lacking:
        pytest.skip(lacking)
    shutil.copytree(demo_store, tmp_path / "s.gw")
    with graphwatch.open(tmp_path / "s.gw") as project:
        with_words(project)
    with suppress(SystemExit):
        main(["store", "import-files", str(tmp_path / "s.gw"), str(tmp_path / "files")])
    command = capsys.readouterr().out
    (tmp_path / "server").mkdir()
    server.admin(tmp_path / "server", *shlex.split(command)[1:])
    monkeypatch.setenv("NEO4J_USERNAME", "neo4j")
    monkeypatch.setenv("NEO4J_PASSWORD", server.PASSWORD)
    with (
        server.running(tmp_path / "server") as uri,
        graphwatch.open(tmp_path / "s.gw") as ours,
        graphwatch.open(uri, project=tmp_path / "there.gw") as there,
    ):
        # The tool reads an empty list as none at all; copying makes good what differs, and compares all of it.
        copied = ours.copy_to(there)
        assert sum(written.new for written in copied) == 0
        assert sum(written.changed for written in copied if written.element != "Run") == rows_with_empty_lists(ours)
        assert sum(written.unchanged for written in copied) > 20_000
        assert ours.query("clusters").to_pandas().equals(there.query("clusters").to_pandas())


def test_what_the_tool_would_split_is_refused(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        with project._writable.store.write("load") as writing:
            links = pa.array([["a\x1fb"]], pa.list_(pa.string()))
            writing.add(node_table("Post", [pa.record_batch({"id": ["x:1"], "links": links})]))
        with pytest.raises(UsageError, match=r"U\+001F"):
            project.write_import_files(tmp_path / "files")
        with pytest.raises(UsageError, match="comma"):
            project.write_import_files(tmp_path / "a,b")
    assert not list((tmp_path / "files").iterdir())
