"""The notebook runs from its first cell to its last and finds what was planted."""

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    notebook = nbformat.read(ROOT / "examples" / "investigation.ipynb", as_version=4)
    assert not [cell for cell in notebook.cells if cell.get("outputs")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        folder = str(tmp_path_factory.mktemp("notebook"))
        nbclient.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cells: list[Any], source: str) -> str:
    [cell] = [cell for cell in cells if source in cell.source]
    return "".join(str(out.get("data") or out.get("text")) for out in cell.outputs)


def test_every_step_shows_what_it_found(cells: list[Any]) -> None:
    assert "interactions: " in shown(cells, "create=True")
    assert "kampanye" in shown(cells, "interactions-by-phase")
    assert "never a verdict" in shown(cells, "found = project.detect()")
    assert "acted together" in shown(cells, "found.clusters")
    assert "gap_ms" in shown(cells, "pair-evidence")
    assert 'sandbox="allow-scripts allow-downloads"' in shown(cells, "project.view")
    assert "degree" in shown(cells, "project.metrics")
    assert "pseudonyms" in shown(cells, "written =")


def test_what_is_kept_in_the_notebook_is_bounded(cells: list[Any]) -> None:
    tables = [cell for cell in cells if "project.view" not in cell.source]
    assert max(len(str(out)) for cell in tables for out in cell.outputs) < 60_000
