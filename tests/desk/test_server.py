"""The desk on a Neo4j server: one connection for all its pages, answers kept, and asked anew after others wrote."""

from pathlib import Path

import pytest
from desk.conftest import Visitor
from graph_rows import accounts

import graphwatch
from graphwatch.desk.asking import Desk
from graphwatch.store.address import Address

SCREENS = (
    *("/", "/load", "/leads", "/leads/x:1", "/interactions", "/complaints", "/coverage", "/accounts"),
    *("/accounts?q=budi", "/accounts/Account/x:1", "/detect", "/documents", "/news", "/records", "/queries"),
    *("/documents/preview?subject=account&id=x:1&lang=id", "/queries/interactions-by-hour", "/queries/sources"),
    *("/cypher", "/cypher?cypher=RETURN+1+AS+n"),
)


def test_a_day_on_a_server(neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_address.username)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_address.password)
    acts, folder = tmp_path / "acts.csv", tmp_path / "project"
    acts.write_text(
        "account,account_handle,object,kind,platform,at\n1,<b>ani,p1,like,x,2024-10-01T10:00:00Z\n"
        "2,budi,p1,like,x,2024-10-01T10:00:30Z\n",
        encoding="utf-8",
    )
    desk = Desk(neo4j_address.uri, str(folder))
    visitor = Visitor(desk).enter()
    assert "graphwatch load" in visitor.get("/leads").text
    with graphwatch.open(neo4j_address.uri, project=folder, create=True) as project:
        project.load(acts)
        (source,) = project.query("sources")
        run = project.detect(min_objects=1).run
    for path in (*SCREENS, f"/sources/{source['source']}", f"/runs/{run}"):
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert "Traceback" not in answer.text, path
        assert '<html lang="id">' in answer.text, path
    assert "&lt;b&gt;ani" in visitor.get("/accounts/Account/x:1").text
    assert 'class="hops"' in visitor.get("/accounts", params={"q": "x:1", "to": "x:2"}).text
    assert visitor.get("/cypher", params={"cypher": "MATCH (n) DETACH DELETE n"}).status_code == 409
    visitor.post("/name", name="Sari", back="/")
    assert visitor.post("/leads/x:1/decide", outcome="dismissed", reason="r<i>", after="").status_code == 303
    assert "r&lt;i&gt;" in visitor.get("/leads/x:1").text
    counted = {"cypher": "MATCH (a:Account) RETURN count(a) + 40 AS n"}
    assert ">42<" in visitor.get("/cypher", params=counted).text
    with graphwatch.open(neo4j_address.uri, project=folder) as project, project.store.write("load") as writing:
        writing.add(accounts({"id": "x:3"}))
    assert ">43<" in visitor.get("/cypher", params=counted).text
    desk.close()
