"""Whose Cypher: graphwatch's own questions to a graph stand in `repository`, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import graphwatch

PACKAGE = Path(graphwatch.__file__).parent
CYPHER = re.compile(r"\b(MATCH|UNWIND|MERGE) .*[({]|\bRETURN .* AS \w+")


def texts(tree: ast.Module) -> Iterator[str]:
    """String constants that are no docstring and no advice to a person."""
    spared: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            spared.add(id(node.value))
        elif isinstance(node, ast.keyword) and node.arg == "remedy":
            spared |= {id(part) for part in ast.walk(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared:
            yield node.value


@pytest.mark.parametrize(
    "room",
    [
        "calendar",
        "casework",
        "common",
        "explain",
        "export",
        "ingest",
        "model",
        "platforms",
        "privacy",
        "report",
        "rights",
        "scenarios",
    ],
)
def test_no_other_room_holds_cypher(room: str) -> None:
    found = [
        (str(path.relative_to(PACKAGE)), text)
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for text in texts(ast.parse(path.read_text(encoding="utf-8")))
        if CYPHER.search(text)
    ]
    assert found == []


def test_the_rule_knows_cypher_when_it_sees_it() -> None:
    assert (
        sum(
            CYPHER.search(text) is not None
            for path in (PACKAGE / "repository").glob("*.py")
            for text in texts(ast.parse(path.read_text(encoding="utf-8")))
        )
        > 50
    )
