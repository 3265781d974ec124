"""The Cypher that is written in the verbs keeps to what both engines answer alike."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import graphwatch
from graphwatch.queries import parse
from graphwatch.queries.naming import warnings


def questions() -> Iterator[tuple[str, str]]:
    """Whole questions among the constants of the modules, by name."""
    for module in pkgutil.walk_packages(graphwatch.__path__, "graphwatch."):
        if module.name.startswith(("graphwatch.queries", "graphwatch.store")):
            continue  # words of users' texts, and of one engine each
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            whole = isinstance(value, str) and re.match(r"\s*(MATCH|WITH) ", value) and "RETURN" in value
            if whole and not re.search(r"\{\w*\}", value):
                yield f"{module.name}.{name}", value


QUESTIONS = dict(questions())


def test_there_are_some() -> None:
    assert len(QUESTIONS) > 20


@pytest.mark.parametrize("name", QUESTIONS)
def test_both_engines_answer_alike(name: str) -> None:
    assert warnings(parse(QUESTIONS[name])) == ()
