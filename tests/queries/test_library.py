"""Finding named queries: shipped ones, own folders, siblings for Neo4j, and the catalogue."""

from pathlib import Path

import pytest

from graphwatch.errors import QueryError, QueryUnknown
from graphwatch.queries.catalogue import catalogue
from graphwatch.queries.grammar.tokens import FUNCTIONS
from graphwatch.queries.library import Library, parse_query

OWN = """\
// title: Own | piped
// purpose: Counts accounts, | or so.
// category: own
// parameter: least: integer = 1 -- least | most
// column: n: accounts
// innocent: None.
// example: graphwatch query own

MATCH (a:Account) WITH count(a) AS n WHERE n >= $least RETURN n
"""


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own.cypher").write_text(OWN, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no query", encoding="utf-8")
    return tmp_path


def test_own_folders_stand_beside_the_shipped_queries(own):
    names = Library([own]).names()
    assert set(names) == {*Library().names(), "own"}
    assert names == sorted(names)
    assert Library([str(own)]).get("own").path == own / "own.cypher"


def test_unknown_names_bring_close_ones():
    with pytest.raises(QueryUnknown) as unknown:
        Library().get("cluster-member")
    assert unknown.value.remedy
    assert "cluster-members" in unknown.value.remedy
    with pytest.raises(QueryUnknown, match="no named query"):
        Library().get("../../etc/passwd")


def test_a_name_means_one_query(own):
    (own / "sources.cypher").write_text(OWN, encoding="utf-8")
    with pytest.raises(QueryError, match="'sources' is taken by"):
        Library([own])


def test_missing_folder(tmp_path):
    with pytest.raises(QueryError, match="does not exist"):
        Library([tmp_path / "missing"])


def test_sibling_is_taken_for_neo4j_only(own):
    sibling = own / "own.neo4j.cypher"
    sibling.write_text(OWN.replace("count(a)", "count(a.id)"), encoding="utf-8")
    assert "own" in Library([own]).names()
    assert "own.neo4j" not in Library([own]).names()
    assert "count(a)" in Library([own]).get("own").cypher
    chosen = Library([own], engine="neo4j").get("own")
    assert (chosen.name, "count(a.id)" in chosen.cypher) == ("own", True)
    assert Library([own], engine="neo4j").get("sources").name == "sources"


def test_sibling_must_declare_the_same(own):
    (own / "own.neo4j.cypher").write_text(OWN.replace("column: n", "column: m"), encoding="utf-8")
    with pytest.raises(QueryError, match=r"differ from those of own\.cypher"):
        Library([own], engine="neo4j").get("own")


def test_search_takes_all_words_in_any_case(own):
    library = Library([own])
    assert [q.name for q in library.search("PIPED own")] == ["own"]
    assert "pair-evidence" in [q.name for q in library.search(["gap", "evidence"])]
    assert library.search("nothing-of-that-name") == []
    assert len(library.search("")) == len(library.names())


def test_catalogue_lists_everything_declared(own):
    library = Library([own])
    page = catalogue(library)
    for query in library.all():
        assert page.count(f"### {query.name}\n") == 1
        assert query.example in page
        assert query.innocent in page
        for name in [part.name for part in query.parameters] + [part.name for part in query.columns]:
            assert f"| `{name}` |" in page
    assert "Counts accounts, \\| or so." in page
    assert page == catalogue(library)


def test_every_shipped_query_explains_itself():
    for query in Library().all():
        assert query.example.startswith(f"graphwatch query {query.name}")
        assert query.innocent.endswith(".")
        for parameter in query.parameters:
            if parameter.required:
                assert f"-p {parameter.name}=" in query.example


def test_format_page_names_every_function_and_its_example_is_read():
    page = (Path(__file__).parents[2] / "docs" / "queries-format.md").read_text(encoding="utf-8")
    assert {f for f in FUNCTIONS if f"`{f}`" not in page} == set()
    example = page.split("```")[1].lstrip("\n")
    query = parse_query("accounts-by-platform", example, Path("accounts-by-platform.cypher"))
    assert [p.name for p in query.parameters] == ["platform", "least"]
    assert query.innocent.endswith("this says nothing of the platform.")
