"""The grammar: honest queries pass, everything that could do more than read is refused before it is sent."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query_texts import HONEST, REFUSED

from graphwatch.errors import QueryRefused
from graphwatch.queries import CheckedQuery, parse
from graphwatch.queries.library import Library
from graphwatch.queries.naming import check_names, warnings

# Reading queries in words that the embedded engine does not know.
HONEST_NEO4J = [
    "MATCH (a:Account)-[:LIKED]->{1,3}(b) RETURN a.id",
    "MATCH (a) ((x)-[:LIKED]-(y)){1,4} (b) RETURN a.id",
    "MATCH p = shortestPath((a:Account)-[*..5]-(b:Account)) RETURN p",
    "MATCH (a:Account WHERE a.id = 'x:1') RETURN a",
    "MATCH (a) WHERE a:Account RETURN elementId(a), labels(a), type(a)",
    "MATCH (a) WHERE EXISTS { (a)-->(b) WHERE b.id = 'x' } RETURN COUNT { (a)--() } AS n",
    "MATCH (a) RETURN [(a)-[:LIKED]->(o) WHERE o.id <> '' | o.id] AS posts",
    "RETURN [x IN range(1, 5) WHERE x > 2 | x * x] AS squares",
    "RETURN reduce(total = 0, x IN [1, 2] | total + x) AS total",
    "RETURN any(x IN [1, 2] WHERE x > 1), none(x IN [1] WHERE x > 1), single(x IN [1] WHERE x = 1)",
    "RETURN toString(1), head([1]), split('a,b', ',')",
    "MATCH (a {id: $`odd name`}) RETURN $set",
]


@pytest.mark.parametrize("cypher", REFUSED)
def test_refuses(cypher):
    with pytest.raises(QueryRefused) as refused:
        parse(cypher)
    assert refused.value.where
    assert refused.value.where.startswith("line ")
    assert refused.value.remedy


@pytest.mark.parametrize("cypher", [*HONEST, *HONEST_NEO4J, *(q.cypher for q in Library().all())])
def test_accepts(cypher):
    parse(cypher)


@pytest.mark.parametrize("cypher", HONEST)
def test_honest_queries_run_on_the_embedded_engine(cypher, run_on_embedded):
    columns, _ = run_on_embedded(cypher)
    assert columns


def test_comment_that_the_embedded_engine_ends_later_is_refused(run_on_embedded):
    """The engine runs what stands inside of the string; a reader that ends the comment early sees a string."""
    hidden = "/***/ RETURN 'x */ RETURN 2 AS hidden //'"
    assert run_on_embedded(hidden)[0] == ["hidden"]
    with pytest.raises(QueryRefused, match="different places"):
        parse(hidden)


def test_names_line_and_column():
    with pytest.raises(QueryRefused) as refused:
        parse("MATCH (n:Account)\r\n  WHERE n.id = 'x'\r\n  SET n.name = ''\r\nRETURN n")
    assert refused.value.where == "line 3, column 3"
    assert "SET" in refused.value.what


def test_deep_and_long_texts_are_refused_and_not_followed():
    for text in ("RETURN " + "(" * 5_000 + "1" + ")" * 5_000, "RETURN " + "CASE WHEN " * 5_000, "R" * 200_000):
        with pytest.raises(QueryRefused):
            parse(text)
    parse("RETURN " + "NOT " * 5_000 + "true")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("UNWIND [1] AS x " * 3_000 + "RETURN 1 AS y", "clauses"),
        ("WITH 1 AS x " * 7_000 + "RETURN x", "clauses"),
        (" UNION ".join(["RETURN 1 AS x"] * 5_000), "clauses"),
        ("MATCH " + ",".join(["(a)"] * 3_000) + " RETURN 1 AS x", "nodes"),
        ("MATCH (a)" + "-->()" * 3_000 + " RETURN 1 AS x", "nodes"),
    ],
)
def test_many_clauses_and_nodes_are_refused_before_they_are_planned(text, said):
    with pytest.raises(QueryRefused, match=f"more than [12]00 {said}"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "where", "remedy"),
    [
        ("UNWIND [1] AS x RETURN percentileCont(x) AS y", "line 1, column 24", "percentilecont(a.value, 0.5)"),
        ("UNWIND [1] AS x RETURN sum(x, 2) AS y", "line 1, column 24", "sum(a.value)"),
        ("MATCH (a:Account) WHERE count(a) > 1 RETURN a", "line 1, column 25", "in WITH"),
        ("MATCH (a:Account) RETURN a.id AS id ORDER BY count(*)", "line 1, column 46", "count(*) AS n"),
        ("MATCH (a:Account) WITH a.id RETURN 1 AS x", "line 1, column 24", "with AS"),
        ("RETURN duration.between(1, 2) AS x", "line 1, column 24", "86400000"),
    ],
)
def test_what_a_server_would_refuse_is_refused_where_it_stands_with_a_remedy(text, where, remedy):
    with pytest.raises(QueryRefused) as refused:
        parse(text)
    assert refused.value.where == where
    assert refused.value.remedy
    assert remedy in refused.value.remedy


CLAUSES = [
    ["MATCH (a:Account)", "WITH a", "RETURN a.id"],
    ["MATCH (a)-[i:LIKED]->(o:Post)", "WHERE i.at_ms > 5", "RETURN o.id", "ORDER BY o.id", "LIMIT 5"],
    ["UNWIND [1, 2] AS x", "WITH x", "WHERE x > 1", "RETURN x", "UNION", "RETURN 1 AS x"],
    ["OPTIONAL MATCH (a)", "WHERE EXISTS {", "MATCH (a)-->(b)", "}", "RETURN a"],
]
WRITES = [
    "CREATE (z:Account {id: 'z'})",
    "SET a.name = 'z'",
    "DETACH DELETE a",
    "DELETE a",
    "REMOVE a.name",
    "MERGE (z:Account {id: 'z'})",
    "FOREACH (q IN [1] | CREATE (z))",
    "CALL db.labels()",
    "CALL { CREATE (z) }",
    "LOAD CSV FROM 'x' AS line",
    "LOAD FROM 'x'",
    "COPY Account TO 'x'",
    "DROP TABLE Account",
    "; CREATE (z)",
]
SPACES = [" ", "\n", "\t", "/**/", " // x\n", "/* a */ "]


@given(st.sampled_from(CLAUSES), st.sampled_from(WRITES), st.integers(0, 6), st.sampled_from(SPACES), st.randoms())
def test_a_write_at_any_boundary_is_refused(clauses, write, at, space, random):
    write = "".join(random.choice([c.lower(), c.upper()]) if c.isalpha() else c for c in write)
    text = space.join([*clauses[:at], write, *clauses[at:]])
    parse(space.join(clauses))
    with pytest.raises(QueryRefused):
        parse(text)


PIECES = [
    *("MATCH (a:Account)", "OPTIONAL MATCH", "(o:Post)", "-[i:LIKED]->", "WHERE", "WITH", "RETURN", "UNION", "a", "o"),
    *("a.id", "1", "'x'", '"', "'", "`", "``", "*", ",", "AS", "x", "(", ")", "{", "}", "[", "]", ":", ".", "$p", ";"),
    *(
        "SET a.name = 'z'",
        "DELETE a",
        "CREATE (:Page {id: 'z'})",
        "//",
        "/*",
        "*/",
        "**/",
        "\\n",
        "\\",
        "\n",
        "\r",
        "=",
    ),
    *("EXISTS {", "COUNT {", "CASE", "WHEN", "THEN", "END", "CALL", "count(*)", "ORDER BY", "LIMIT", "IN", "NOT", "-"),
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from([" ", ""]))
def test_what_is_accepted_of_random_pieces_changes_nothing(run_on_embedded, pieces, space):
    text = "MATCH (a:Account) " + space.join([*pieces, " RETURN 1"])
    try:
        parse(text)
    except QueryRefused:
        return
    count = "MATCH (a) RETURN count(a) AS n, count(DISTINCT a.name) AS names"
    before = run_on_embedded(count)[1]
    with contextlib.suppress(RuntimeError):
        run_on_embedded(text)
    assert run_on_embedded(count)[1] == before
    assert before[0]["n"] > 0


VISIBLE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")


@given(st.text(VISIBLE | st.sampled_from("'\"\\`/*;"), max_size=40).filter(lambda t: "\\u" not in t.lower()))
def test_a_literal_is_only_a_literal(run_on_embedded, text):
    literal = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    query = f"RETURN {literal} AS text"
    parse(query)
    assert run_on_embedded(query)[1] == [{"text": text}]


@pytest.mark.parametrize(
    ("cypher", "word"),
    [
        ("MATCH (a:Account) RETURN a.handel", "did you mean 'handle'"),
        ("MATCH (c:Cluster) WHERE c.size > '7' RETURN c.id", "write 7 without quotes"),
        ("MATCH (a:Account) WHERE a.id = 7 RETURN a.id", "write it in quotes"),
        ("MATCH (p:Post)-[r:LIKED]->(a:Account) RETURN r", "turn the arrow"),
        ("MATCH (a:Account)<-[:LIKED|COMMENTED]-(p) RETURN p", "turn the arrow"),
        ("MATCH (a:Account) MATCH (p:Post) MATCH (p)-[:LIKED]->(a) RETURN p", "turn the arrow"),
        ("MATCH (a:Account)-[:LIKED]-(b:Account) RETURN b", "goes from Account to Post, and never joins these"),
    ],
)
def test_names_what_the_model_does_not_have(cypher, word):
    (warning,) = warnings(parse(cypher))
    assert word in warning
    assert warning.startswith("line 1, column ")


@pytest.mark.parametrize(
    ("cypher", "nearest"),
    [
        ("MATCH (a:account) RETURN a.id", "Account"),
        ("MATCH (a:Account)-[:LIKES]->(p) RETURN a.id", "LIKED"),
        ("MATCH (a:Account|Pages) RETURN a.id", "Page"),
    ],
)
def test_labels_and_relations_that_the_model_does_not_have_are_refused(cypher, nearest):
    with pytest.raises(QueryRefused) as refused:
        check_names(parse(cypher))
    assert refused.value.remedy == f"Did you mean {nearest!r}?"


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (a:Account)-[i:LIKED|SHARED]->(o) RETURN a.id, log10(2), 'log(2)'",
        "MATCH (p:Post)<-[:LIKED]-(a:Account)-[:COMMENTED]-(q:Post) RETURN p.id, q.id",
        "MATCH (a:Account)-[:CO_INTERACTED]-(b:Account)-[:MEMBER_OF]->(c:Cluster) RETURN c.id",
        "MATCH (p)--(a:Account|Page) RETURN count(*)",
        "MATCH (p:Post)-[:LIKED*2]-(q:Post) RETURN count(*)",
        "MATCH (p:!Account)<-[:LIKED]-(a) RETURN count(*)",
    ],
)
def test_says_nothing_of_what_the_model_has(cypher):
    assert warnings(parse(cypher)) == ()


def test_a_checked_query_is_made_by_parse_alone() -> None:
    with pytest.raises(TypeError, match="parse"):
        CheckedQuery(object(), "MATCH (n) DETACH DELETE n", parse("RETURN 1").tree, "", frozenset())
    with pytest.raises(AttributeError):
        parse("RETURN 1 AS one").cypher = "MATCH (n) DETACH DELETE n"  # type: ignore[misc]


def test_places_are_those_of_the_file_that_the_text_stands_in() -> None:
    with pytest.raises(QueryRefused, match="line 6, column 1"):
        parse("MATCH (n)\nDELETE n", above=4)
    checked = parse("MATCH (a) RETURN a.handel", above=4)
    assert checked.cypher == "MATCH (a) RETURN a.handel"
    assert warnings(checked)[0].startswith("line 5, column 18")
