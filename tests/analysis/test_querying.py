"""Cypher that an embedded engine answers otherwise is sent to it as written where that is asked for."""

from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import QueryError


def test_a_text_is_sent_as_it_is_written_and_the_answer_says_so(demo_store: Path) -> None:
    text = "MATCH (c:Cluster) WHERE c.size < 0 RETURN sum(c.size) AS nothing"
    with graphwatch.open(demo_store) as project:
        as_neo4j, as_written = project.query(text), project.query(text, as_written=True)
    assert (as_neo4j.differs, as_neo4j.to_arrow()["nothing"].to_pylist()) == ((), [0])
    assert len(as_written.differs) == 1
    assert as_written.to_arrow()["nothing"].to_pylist() == [None]


@pytest.mark.parametrize(
    "text", ["CREATE (a:Account {id: 'x'})", "LOAD FROM '/etc/passwd' RETURN *", "CALL show_tables() RETURN *"]
)
def test_what_could_do_more_than_read_is_refused_as_written_too(demo_store: Path, text: str) -> None:
    with graphwatch.open(demo_store) as project, pytest.raises(QueryError):
        project.query(text, as_written=True)
