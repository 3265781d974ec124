"""What holds for every verb of a project, found by looking at all of them."""

import ast
import contextlib
import inspect
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from forgetting_store import GONE, NIP, fill, rows_of

import graphwatch
from graphwatch.project import Project
from graphwatch.rights.erasure import Pending, Work, erasure_scope
from graphwatch.rights.subject import resolve_subject

pytestmark = pytest.mark.long

VERBS = {
    name: verb
    for name, verb in inspect.getmembers(Project)
    if not name.startswith("_") and callable(verb) and name != "close"
}
# One call of each verb that may write.
CALLS: dict[str, Callable[[Project, Path], object]] = {
    "load": lambda project, folder: project.load(folder / "none.csv"),
    "load_calendar": lambda project, _: project.load_calendar("none"),
    "detect": lambda project, _: project.detect(window=-1),
    "power": lambda project, _: project.power(repeats=0),
    "metrics": lambda project, _: project.metrics(["none"]),
    "decide": lambda project, _: project.decide("none", "none", reviewer="", reason=""),
    "set_complaint": lambda project, _: project.set_complaint("none", "none"),
    "watch": lambda project, _: project.watch("none", reason=""),
    "unwatch": lambda project, _: project.unwatch("none"),
    "copy_to": lambda project, folder: _copied(project, folder),
    "write_import_files": lambda project, folder: project.write_import_files(folder / "files"),
    # Erasures finish what was stopped by themselves, and tell of it.
    "forget": lambda project, _: project.forget(account="none", reason="contoh"),
    "resume_forgetting": lambda project, _: project.resume_forgetting(),
    "expire": lambda project, _: project.expire(),
    "remove": lambda project, _: project.remove("none", reason="contoh"),
}


def _copied(project: Project, folder: Path) -> None:
    with graphwatch.open(folder / "copy.gw", create=True) as target:
        project.copy_to(target)


def names_in(verb: Callable[..., object]) -> set[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(verb)))
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_every_verb_that_may_write_is_called_below() -> None:
    writing = {name for name, verb in VERBS.items() if names_in(verb) & {"_writable", "_store"}}
    assert writing - {"verify", "rebuild"} == set(CALLS)  # these two make the graph what its journal says


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an erasure that has been written down, and no more."""
    folder = tmp_path_factory.mktemp("stopped")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        (folder / "files").mkdir()
        fill(project, folder / "files")
        about = resolve_subject(project.workspace, None, NIP)
        Pending(project.folder).begin(Work(erasure_scope(project.workspace, about)))
    return folder / "s.gw"


@pytest.mark.parametrize("name", CALLS)
def test_a_verb_that_may_write_first_finishes_an_erasure_that_was_stopped(
    stopped: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(stopped, tmp_path / "s.gw")
    with graphwatch.open(tmp_path / "s.gw") as project:
        assert project.is_forgetting
        with contextlib.suppress(Exception):  # what it was called with need not be there
            CALLS[name](project, tmp_path)
        assert not project.is_forgetting
        assert GONE not in rows_of(project)["Account"]


def test_a_verb_that_only_reads_leaves_an_erasure_alone(stopped: Path) -> None:
    with graphwatch.open(stopped) as project:
        project.query("MATCH (a:Account) RETURN a.id AS id")
        assert project.is_forgetting


def test_what_may_be_written_is_made_in_one_place() -> None:
    root = Path(graphwatch.__file__).parent
    makers = [path.relative_to(root) for path in root.rglob("*.py") if "WritableWorkspace(w" in path.read_text("utf-8")]
    assert makers == [Path("rights/erasure.py")]


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_typed_and_says_what_it_does(name: str) -> None:
    verb = VERBS[name]
    assert inspect.isfunction(verb)
    signature = inspect.signature(verb)
    said = inspect.getdoc(verb) or ""
    assert said
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values())[1:]:
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name
