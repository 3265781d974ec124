"""The public surface: what `import graphwatch` promises is there, is light, and is documented."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import graphwatch
from graphwatch import errors
from graphwatch.common.config import Config, options_of
from graphwatch.project import Project

PAGE = Path(__file__).resolve().parents[1] / "docs" / "python.md"
NAMES = [name for name in graphwatch.__all__ if name != "__version__"]


def test_all_is_every_public_name() -> None:
    assert sorted(graphwatch.__all__) == graphwatch.__all__ == dir(graphwatch)
    assert len(set(graphwatch.__all__)) == len(graphwatch.__all__)
    with pytest.raises(AttributeError):
        _ = graphwatch.none


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(graphwatch, name)
    assert found.__name__ == name
    assert inspect.getdoc(found)


def test_every_error_is_public() -> None:
    raised = {name for name, found in vars(errors).items() if inspect.isclass(found)}
    assert raised <= set(graphwatch.__all__)


def test_what_verbs_return_and_take_is_public() -> None:
    """Of the package's own types, so that nobody has to look into its rooms to name one."""
    taken: set[str] = set()
    for _, verb in inspect.getmembers(Project, inspect.isfunction):
        said = [str(annotation) for annotation in inspect.get_annotations(verb).values()]
        taken |= {name for text in said for name in re.findall(r"graphwatch\.[\w.]+\.(\w+)", text)}
    assert taken - set(graphwatch.__all__) <= {"Opened", "Weighed", "Workspace", "WritableWorkspace", "Store"}


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_documented(name: str) -> None:
    assert re.search(rf"^### {name}$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_verb_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, _ in inspect.getmembers(Project, inspect.isfunction):
        assert name.startswith("_") or f"#### Project.{name}\n" in page, name


CONFIGS = [found for name in NAMES if inspect.isclass(found := getattr(graphwatch, name)) and issubclass(found, Config)]


@pytest.mark.parametrize("config", CONFIGS)
def test_an_unknown_field_is_refused_with_the_nearest_name(config: type[Config]) -> None:
    for name in options_of(config):
        wrong = name[:1] + name
        with pytest.raises(errors.UsageError, match=wrong) as refused:
            config.asked(None, {wrong: 5})
        assert name in str(refused.value)


@pytest.mark.parametrize("config", CONFIGS)
def test_every_config_is_taken_by_a_verb_with_its_fields_by_name(config: type[Config]) -> None:
    takes = [
        verb
        for _, verb in inspect.getmembers(Project, inspect.isfunction)
        if config.__name__ in str(inspect.get_annotations(verb).get("config"))
    ]
    assert takes
    for verb in takes:
        known = inspect.signature(verb).parameters
        assert known["overrides"].kind is inspect.Parameter.VAR_KEYWORD
        assert not set(known) & set(options_of(config)), "a value would have two places"


def test_importing_is_light() -> None:
    heavy = ("numpy", "pandas", "pyarrow", "duckdb", "numba", "networkx", "ladybug", "neo4j", "click")
    code = f"import sys, graphwatch; dir(graphwatch); sys.exit(', '.join(m for m in {heavy} if m in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_opening_a_store_imports_nothing_that_only_some_commands_need() -> None:
    heavy = {"pandas", "scipy", "numba", "duckdb", "networkx", "jinja2", "neo4j", "cryptography", "python_calamine"}
    script = f"import sys, graphwatch.project; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
