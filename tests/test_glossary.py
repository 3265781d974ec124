"""The glossary is true of the code, and the words it replaced stand nowhere among names."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphwatch.cli.main import graphwatch as commands
from graphwatch.queries.library import Library

ROOT = Path(__file__).resolve().parents[1]


def rows() -> Iterator[tuple[str, str, list[str]]]:
    """Term, where it lives, and the words that do not stand for it."""
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[3].startswith("`"):
            yield cells[0], cells[3].strip("`"), [word.strip() for word in cells[4].split(",") if word.strip()]


TERMS = list(rows())
REPLACED = {word: term for term, _, words in TERMS for word in words}


def parts(name: str) -> set[str]:
    """The words of a name in any style, and the name itself.

    >>> sorted(parts("WholeQuestion"))
    ['question', 'whole', 'wholequestion']
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return {*re.split(r"[_\W]+", words), name.lower(), name.lower().replace("-", "_")} - {""}


def python_names() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "graphwatch").rglob("*.py")):
        where = str(path.relative_to(ROOT))
        yield where, path.stem
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield f"{where}:{node.lineno}", node.name


def command_names() -> Iterator[tuple[str, str]]:
    import click

    def walk(command: click.Command, words: str) -> Iterator[tuple[str, str]]:
        yield words, words.rpartition(" ")[2]
        for parameter in command.params:
            for option in parameter.opts:
                yield f"{words} {option}", option.lstrip("-")
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                yield from walk(found, f"{words} {name}")

    yield from walk(commands, "graphwatch")


def query_names() -> Iterator[tuple[str, str]]:
    library = Library()
    for name in library.names():
        query = library.get(name)
        yield f"cypher/{name}", name
        yield from ((f"cypher/{name}", p.name) for p in query.parameters)
        yield from ((f"cypher/{name}", c.name) for c in query.columns)


@pytest.mark.parametrize(("term", "home"), [(term, home) for term, home, _ in TERMS])
def test_each_term_lives_where_it_is_said(term: str, home: str) -> None:
    try:
        importlib.import_module(home)
    except ModuleNotFoundError:
        module, _, name = home.rpartition(".")
        assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("names", [python_names, command_names, query_names])
def test_a_replaced_word_names_nothing(names) -> None:
    found = [
        f"{where}: {name} (say {REPLACED[word]})" for where, name in names() for word in parts(name) & set(REPLACED)
    ]
    assert found == []


def test_there_are_terms_and_replaced_words() -> None:
    assert len(TERMS) > 35
    assert len(REPLACED) > 15
