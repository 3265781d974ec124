"""Whose Cypher: graphwatch's own questions to a graph stand in `repository`, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import graphwatch

PACKAGE = Path(graphwatch.__file__).parent
# The engines, what is asked of them, and two packages whose questions have not moved yet.
HOLDING = {"store", "repository", "analysis", "detection"}
CYPHER = re.compile(r"\b(MATCH|UNWIND|MERGE) .*[({]|\bRETURN .* AS \w+")


def modules(place: Path) -> list[Path]:
    """A module, or those of a package."""
    return sorted(place.rglob("*.py")) if place.is_dir() else [place] * (place.suffix == ".py")


def texts(path: Path) -> Iterator[str]:
    """String constants of a module that are no docstring and no advice to a person."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spared: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            spared.add(id(node.value))
        elif isinstance(node, ast.keyword) and node.arg == "remedy":
            spared |= {id(part) for part in ast.walk(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared:
            yield node.value


@pytest.mark.parametrize("place", [p.name for p in sorted(PACKAGE.iterdir()) if p.name not in HOLDING])
def test_no_other_place_holds_cypher(place: str) -> None:
    found = [text for path in modules(PACKAGE / place) for text in texts(path) if CYPHER.search(text)]
    assert found == []


def test_the_rule_knows_cypher_when_it_sees_it() -> None:
    assert sum(CYPHER.search(text) is not None for path in modules(PACKAGE / "repository") for text in texts(path)) > 50
