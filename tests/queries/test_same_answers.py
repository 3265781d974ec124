"""Analysts' own questions: both engines give the same rows, or the embedded one refuses with a remedy.

The questions are in `questions/`, a file a theme, a question a line; those of the corpus beside the project too.
"""

import json
import math
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from queries.test_both_engines import projects as projects

from graphwatch.errors import GraphwatchError, QueryError
from graphwatch.project import Project

HERE = Path(__file__).parent
CORPUS = HERE.parents[2] / "shared" / "cypher-corpus.jsonl"
THEMES = sorted(path.stem for path in (HERE / "questions").glob("*.txt"))
Question = tuple[str, dict[str, Any]]


def questions(theme: str) -> list[Question]:
    """Those of a file: a question a line, and behind a tabulator its parameters."""
    lines = (HERE / "questions" / f"{theme}.txt").read_text(encoding="utf-8").splitlines()
    split = [line.partition("\t") for line in lines]
    return [(text, json.loads(given or "{}")) for text, _, given in split]


def corpus() -> list[Question]:
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    # What depends on the order in which an engine meets things has no one answer.
    unsettled = ("keys(", "timestamp")
    return [(row["q"], row["parameters"] or {}) for row in rows if not any(u in row["q"] for u in unsettled)]


def told(value: Any) -> Any:
    """A value to be compared: reals to six digits, what is no number as null."""
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, list):
        return [told(v) for v in value]
    return value


def answer(project: Project, question: Question) -> list[str] | GraphwatchError:
    text, parameters = question
    try:
        table = project.query(text, parameters).to_arrow()
    except GraphwatchError as error:
        return error
    names = table.column_names
    rows = [json.dumps([told(row[n]) for n in names], default=str) for row in table.to_pylist()]
    # A list is one where the text says so; which of equal keys comes first nobody knows.
    return [json.dumps(names), *sorted(rows)]


def all_answers(project: Project, questions: list[Question]) -> list[list[str] | GraphwatchError]:
    """The answers of an embedded store, in one process of its own for all; a process a question takes a minute more."""

    def work() -> pa.Table:
        with project.store.session():
            return pa.table({"answer": [pickle.dumps(answer(project, question)) for question in questions]})

    return [pickle.loads(kept) for kept in project.store.confined(work)["answer"].to_pylist()]


def differing(projects: dict[str, Project], questions: list[Question]) -> Iterator[str]:
    for question, ours in zip(questions, all_answers(projects["embedded"], questions), strict=True):
        if isinstance(ours, GraphwatchError):
            if not (isinstance(ours, QueryError) and ours.remedy):
                yield f"{question[0]}\n  has no remedy: {ours}"
            continue
        theirs = answer(projects["neo4j"], question)
        if isinstance(theirs, list) and ours != theirs:
            yield f"{question[0]}\n  embedded {ours}\n  neo4j    {theirs}"


@pytest.mark.parametrize("theme", THEMES)
def test_own_questions(projects: dict[str, Project], theme: str) -> None:
    assert list(differing(projects, questions(theme))) == []


def test_the_corpus(projects: dict[str, Project]) -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus is not here: it belongs in ../shared beside the project")
    assert list(differing(projects, corpus())) == []


def test_there_are_enough() -> None:
    texts = [(HERE / "questions" / f"{theme}.txt").read_text(encoding="utf-8") for theme in THEMES]
    assert len({line for text in texts for line in text.splitlines()}) >= 400
