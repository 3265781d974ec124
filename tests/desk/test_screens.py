"""Each screen: what it shows, in both languages, and what may be taken away from it."""

import io
import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from desk.conftest import COMPLAINT, Visitor, at_own_desk
from openpyxl import load_workbook

import graphwatch
from graphwatch.analysis.querying import check_queries
from graphwatch.common.i18n import text
from graphwatch.common.typed_files import written
from graphwatch.desk.serving import _SHOWN
from graphwatch.desk.views import View
from graphwatch.queries.parsing import parse

HOSTILE = "/accounts/Account/x:999"
SCREENS = (
    "/",
    "/leads",
    "/leads/1",
    f"/leads/{quote(COMPLAINT, safe='')}",
    "/interactions",
    "/complaints",
    "/coverage",
    "/accounts",
    HOSTILE,
    "/queries",
    "/cypher",
    "/load",
    "/detect",
    "/documents",
    "/news",
    "/records",
)


# Of each screen with data an address; of "{…}" what the fixtures of a test put there.
SHOWING = {
    "/": "/",
    "/load": "/load",
    "/sources/{id}": "/sources/{source}",
    "/detect": "/detect",
    "/runs/{id}": "/runs/{run}",
    "/news": "/news?since=2020-01-01",
    "/records": "/records",
    "/documents": "/documents?subject=cluster&id=1",
    "/leads": "/leads",
    "/leads/{name:path}": "/leads/1",
    "/pair": "/pair?one={one}&other={other}",
    "/interactions": "/interactions",
    "/interactions/{id}": "/interactions/{act}",
    "/complaints": "/complaints",
    "/coverage": "/coverage",
    "/accounts": "/accounts?q={one}&to={other}",
    "/accounts/{label}/{id:path}": "/accounts/Account/{one}",
    "/views": "/views",
    "/views/{name}": "/views/{view}",
    "/queries": "/queries",
    "/queries/{name}": "/queries/cluster-members?ask=1&p.cluster=1",
    "/cypher": "/cypher?cypher=RETURN+1+AS+n",
}
# Words without which nobody writes two sentences of English, and which are none in Indonesian.
ENGLISH = {"the", "of", "and", "which", "with", "not", "are", "was", "from", "that", "they", "an", "is"}
# What only waits or is under way, and parts of screens.
BESIDE = {"/load/{id}", "/running/{id}", "/loaded/{id}", "/documents/preview", "/documents/file", "/cypher/words"}
# A list of queries, of views and of lines of the access log are no answers of the graph.
NO_CYPHER = {"/queries", "/records", "/views"}


@pytest.fixture(scope="module")
def placed(desk_store: Path) -> dict[str, str]:
    """What the addresses in `SHOWING` leave open."""
    with graphwatch.open(desk_store) as project:
        kept = View(
            "Asked", "P", "Sari W", 0, "cypher", cypher="MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p LIMIT 9"
        )
        (project.workspace.made_folder("views") / "asked.json").write_bytes(written(kept))
        one, other = (member.account for member in project.explain(1).members[:2])
        return {
            "one": one,
            "other": other,
            "act": next(iter(project.roster_interactions()))["interaction"],
            "run": next(iter(project.query("runs")))["run"],
            "source": next(iter(project.query("sources")))["source"],
            "view": "asked",
        }


@pytest.fixture(scope="module")
def answered() -> set[str]:
    """The texts that were asked already: several screens show the same."""
    return set()


def test_every_screen_is_looked_at_here() -> None:
    routes = {path for path, _ in _SHOWN if not path.endswith("/picture")}
    assert routes == set(SHOWING) | BESIDE


@pytest.mark.parametrize("route", SHOWING)
def test_every_screen_tells_the_command_and_the_cypher_behind_it_and_its_tables_are_alike(
    visitor: Visitor, placed: dict[str, str], answered: set[str], route: str
) -> None:
    visitor.post("/language", lang="id", back="/queries")
    shown = visitor.get(SHOWING[route].format(**placed)).text
    assert '<pre tabindex="0">graphwatch ' in shown
    asked = [unescape(found) for found in re.findall(r'<pre tabindex="0"><code>(.*?)</code></pre>', shown, re.DOTALL)]
    assert bool(asked) == (route not in NO_CYPHER)
    for cypher in set(asked) - answered:
        assert parse(cypher).parameters == frozenset()
        # It is asked as it stands, where the link beside it leads.
        assert visitor.get("/cypher", params={"cypher": cypher}).status_code == 200, cypher
        answered.add(cypher)
    # Each table sorts, is searched and goes out as a file.
    assert [table for table in re.findall(r"<table.*?</table>", shown, re.DOTALL) if "aria-sort" not in table] == []
    for part in re.findall(r'id="rows-?(\w*)">\s*<form', shown):
        begin = f"{part}." if part else ""
        assert f"{begin}sort=" in shown
        assert f"{begin}download=xlsx" in shown
    # Whoever reads Indonesian meets no sentence in English, and no heading without a name.
    if route == "/records":  # the log tells what people wrote, in their language
        shown = re.sub(r"<tbody>.*?</tbody>", " ", shown, flags=re.DOTALL)
    read = re.sub(r"<pre.*?</pre>|<textarea.*?</textarea>|<[^>]+>", " ", shown.partition("<main")[2], flags=re.DOTALL)
    assert ENGLISH & {word.strip(".,;:()–") for word in unescape(read).lower().split()} == set()
    assert 'lang="en"' not in shown.partition("<main")[2]


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_is_there_in_both_languages(visitor: Visitor, path: str) -> None:
    for lang in ("id", "en"):
        visitor.post("/language", lang=lang, back="/queries")
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{lang}">' in answer.text
        assert text("desk.menu.leads", lang) in answer.text
        assert text("desk.command", lang) in answer.text


def test_names_are_text(visitor: Visitor) -> None:
    shown = visitor.get(HOSTILE).text
    assert "&lt;img/src=x" in shown
    assert "<img" not in shown
    assert "<script" not in shown
    assert "{{ 7*7 }}" in shown
    for attack in ('"><script>alert(1)</script><svg onload=alert(1)>', "{{7*7}}\x00\u202e"):
        for address in ("/accounts", "/interactions", "/queries", "/leads"):
            answer = visitor.get(address, params={"q": attack, "sort": attack, "page": attack, "is.kind": attack})
            assert answer.status_code in (200, 404)
            assert "<script" not in answer.text
            assert "<svg" not in answer.text


def test_rows_are_searched_narrowed_sorted_and_cut_into_pages(visitor: Visitor) -> None:
    visitor.post("/language", lang="en", back="/queries")
    all_rows = visitor.get("/interactions").text
    assert "Page 1 of" in all_rows
    assert 'rel="next"' in all_rows
    shared = visitor.get("/interactions?is.kind=SHARED&sort=-at_ms").text
    assert 'aria-sort="descending"' in shared
    assert "No row fits" in visitor.get("/interactions?q=nobodyiscalledso").text


def test_downloads_are_under_pseudonyms(visitor: Visitor, desk_store: Path) -> None:
    with graphwatch.open(desk_store) as project:
        acts = list(project.roster_interactions())
    content = visitor.get("/interactions?download=csv").text
    assert content.count("\n") == len(acts) + 1
    assert "A-" in content
    for act in acts:
        assert act["account"] not in content
        assert (act["handle"] or "A-") not in content or act["handle"] is None
        assert act["post"] not in content
    book = load_workbook(io.BytesIO(visitor.get("/interactions?download=xlsx").content))
    assert book.active is not None
    assert book.active.max_row == len(acts) + 1


def test_an_act_shows_its_evidence_and_handles_go_out_only_for_a_reason_that_is_logged(
    visitor: Visitor, desk_store: Path
) -> None:
    with graphwatch.open(desk_store) as project:
        act = next(act for act in project.roster_interactions() if act["handle"] and act["url"] and act["sources"])
    evidence = f"/interactions/{act['interaction']}"
    assert f'href="{evidence}"' in visitor.get("/interactions", params={"q": act["interaction"]}).text
    shown = visitor.get(evidence).text
    source, _, row = act["sources"][0].rpartition(":")
    assert act["url"] in shown
    assert f'href="/sources/{source}"' in shown
    assert f" {row} " in shown
    assert visitor.get("/interactions/none").status_code == 404
    assert visitor.post("/interactions/unmasked", reason="case 7").status_code == 400
    visitor.post("/name", name="Sari W", back="/")
    assert visitor.post("/interactions/unmasked", reason=" ").status_code == 400
    opened = visitor.post("/interactions/unmasked", reason="case 7", q=act["interaction"])
    sheet = load_workbook(io.BytesIO(opened.content)).active
    assert sheet is not None
    assert act["handle"] in {cell.value for row in sheet.iter_rows() for cell in row}
    assert sheet.max_row == 2
    with graphwatch.open(desk_store) as project:
        logged = project.access_log(action="unmask")[-1]
    assert (logged["reason"], logged["details"]["rows"], logged["details"]["by"]) == ("case 7", 1, "Sari W")


def test_pairs_outside_of_clusters_are_beside_them_with_what_speaks_against_them(
    desk_store: Path, tmp_path: Path
) -> None:
    visitor = at_own_desk(desk_store, tmp_path)
    with graphwatch.open(tmp_path / desk_store.name) as project:
        # One window asks less of a pair than four.
        project.detect(window=60)
    found = re.search(r'href="(/pair\?[^"]+)"', visitor.get("/leads?is.kind=pair").text)
    assert found is not None
    shown = visitor.get(unescape(found[1])).text
    assert 'class="innocent"' in shown
    assert shown.count('class="button" href="/leads/') == 2
    assert visitor.get("/pair?one=nobody&other=<script>").status_code == 404


def test_the_picture_is_apart_from_the_desk(visitor: Visitor) -> None:
    answer = visitor.get("/leads/1/picture")
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts allow-downloads;")
    assert "allow-same-origin" not in answer.headers["content-security-policy"]


def test_a_decision_is_made_in_a_name_that_is_logged(visitor: Visitor, desk_store: Path) -> None:
    assert visitor.post("/leads/2/decide", outcome="dismissed", reason="r").status_code == 400
    visitor.post("/name", name="Sari W", back="/leads/2")
    made = visitor.post("/leads/2/decide", outcome="needs_clarification", reason="Ask <them>", after="")
    assert made.status_code == 303
    shown = visitor.get(made.headers["location"]).text
    assert "Ask &lt;them&gt;" in shown
    # Somebody who has not seen it is told, and nothing is lost.
    late = visitor.post("/leads/2/decide", outcome="dismissed", reason="r", after="")
    assert late.status_code == 409
    assert "Sari W" in late.text
    with graphwatch.open(desk_store) as project:
        assert [decision.reviewer for decision in project.lead("2").decisions] == ["Sari W"]
        assert project.access_log(action="sign-on")[-1]["details"] == {"name": "Sari W"}


def test_a_complaint_is_beside_its_deadline_and_its_state_is_said(desk_store: Path, tmp_path: Path) -> None:
    visitor = at_own_desk(desk_store, tmp_path)
    address = f"/leads/{quote(COMPLAINT, safe='')}"
    assert "&lt;b&gt;adu" in visitor.get(address).text
    assert visitor.post(f"{address}/status", status="closed").status_code == 400
    visitor.post("/name", name="Sari W", back="/")
    assert visitor.post(f"{address}/status", status="<b>").status_code == 400
    assert visitor.post(f"{address}/status", status="answered").status_code == 303
    assert '<option value="answered" selected>' in visitor.get(address).text


def test_a_path_is_told_hop_by_hop(visitor: Visitor, desk_store: Path) -> None:
    with graphwatch.open(desk_store) as project:
        one, other = (member.account for member in project.explain(1).members[:2])
    assert 'class="hops"' in visitor.get("/accounts", params={"q": one, "to": other}).text
    nobody = visitor.get("/accounts", params={"q": "nobodyiscalledso"})
    assert nobody.status_code == 404
    assert 'role="alert"' in nobody.text


def test_queries_are_forms_and_cypher_only_reads(visitor: Visitor) -> None:
    assert 'name="p.account"' in visitor.get("/queries/account-roster").text
    assert visitor.get("/queries/nosuchquery").status_code in (400, 404, 409)
    assert "3" in visitor.get("/cypher", params={"cypher": "RETURN 1 + 2 AS n"}).text
    assert visitor.get("/cypher", params={"cypher": "MATCH (n) DETACH DELETE n"}).status_code == 409


def test_the_cypher_box_says_what_may_stand_next_and_only_its_own_script_runs(visitor: Visitor) -> None:
    found = visitor.get("/cypher/words", params={"before": "MATCH (a:Account) WHERE a.ha"}).json()
    assert found == {"word": "ha", "words": ["handle"]}
    assert visitor.get("/cypher/words").json() == {"word": "", "words": []}
    pages = [visitor.get("/cypher", params={"cypher": "RETURN '<script>x' AS n"}) for _ in range(2)]
    nonces = {re.search(r'<script src="/cypher.js" nonce="([^"]+)" defer></script>', page.text)[1] for page in pages}  # type: ignore[index]
    assert len(nonces) == 2
    for page in pages:
        assert page.text.count("<script") == 1
        policy = page.headers["content-security-policy"]
        assert sum(f"script-src 'nonce-{nonce}'" in policy for nonce in nonces) == 1
        assert "default-src 'none'" in policy
    assert "script-src" not in visitor.get("/interactions").headers["content-security-policy"]
    assert "script-src" not in visitor.get("/cypher?cypher=RETURN+1+AS+n&download=csv").text


def test_an_office_keeps_its_own_queries_and_sees_answers_as_pictures(desk_store: Path, tmp_path: Path) -> None:
    visitor = at_own_desk(desk_store, tmp_path)
    asked = {"cypher": "MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p LIMIT 9"}
    drawn = visitor.get("/cypher/picture", params=asked)
    assert drawn.headers["content-security-policy"].startswith("sandbox allow-scripts")
    offline = visitor.get("/cypher/picture", params=asked | {"download": "html"})
    assert offline.headers["content-disposition"] == 'attachment; filename="graphwatch-network.html"'
    assert visitor.get("/cypher/picture", params={"cypher": "RETURN 1 AS n"}).status_code == 404
    with graphwatch.open(desk_store) as project:
        one, other = (member.account for member in project.explain(1).members[:2])
    assert visitor.get("/accounts/picture", params={"q": one, "to": other}).status_code == 200
    assert visitor.get(f"/accounts/Account/{quote(one, safe='')}/picture").status_code == 200

    kept = {
        "name": "likes-x",
        "title": "T <b>",
        "purpose": "P",
        "cypher": "MATCH (a:Account) RETURN a.id AS who LIMIT 3",
    }
    assert visitor.post("/queries", **kept).status_code == 400  # nobody has said who keeps it
    visitor.post("/name", name="Sari W", back="/")
    wrong = ({"name": "../x"}, {"name": "clusters"}, {"cypher": "RETURN 1 + 1"}, {"cypher": "MATCH (n) DELETE n"})
    for change in wrong:
        assert visitor.post("/queries", **kept | change).status_code in (400, 409), change
    assert visitor.post("/queries", **kept).headers["location"] == "/queries/likes-x"
    assert "T &lt;b&gt;" in visitor.get("/queries").text
    assert "3 of 3 rows" in visitor.get("/queries/likes-x").text
    folder = Path(str(visitor.desk.place), "queries")
    assert check_queries(folder).problems == []
    (folder / "broken.cypher").write_text("// title: T\n", encoding="utf-8")
    assert 'role="alert"' in visitor.get("/queries").text
    assert visitor.post("/queries/../likes-x/drop").status_code in (404, 409)
    assert visitor.post("/queries/likes-x/drop").status_code == 303
    assert not (folder / "likes-x.cypher").exists()


def test_what_is_drawn_is_saved_with_a_purpose_opened_again_taken_away_and_dropped(
    desk_store: Path, tmp_path: Path
) -> None:
    visitor = at_own_desk(desk_store, tmp_path)
    shutil.rmtree(Path(str(visitor.desk.place), "views"), ignore_errors=True)
    assert visitor.get("/views").text.count("Save this picture") == 1
    with graphwatch.open(Path(str(visitor.desk.place))) as project:
        members = project.explain(1).members[:2]
        one, other = (member.account for member in members)
        named = {word for member in members for word in (member.account, member.handle) if word}
    said = {"name": "Dinas <A>", "purpose": "For the <b>meeting</b>", "of": "cluster", "lead": "1"}
    assert visitor.post("/views", **said).status_code == 400  # nobody has said who keeps it
    visitor.post("/name", name="Sari W", back="/")
    asked = {"cypher": "MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p LIMIT 9"}
    kept = (
        said,
        {"name": "near", "purpose": "p", "of": "ego", "node": f"Account:{one}"},
        {"name": "between", "purpose": "p", "of": "path", "start": one, "end": other},
        {"name": "asked", "purpose": "p", "of": "cypher", **asked},
    )
    addresses = [visitor.post("/views", **form).headers["location"] for form in kept]
    assert addresses == ["/views/dinas-a", "/views/near", "/views/between", "/views/asked"]
    shown = visitor.get("/views").text
    assert "Dinas &lt;A&gt;" in shown
    for address in addresses:
        page = visitor.get(address)
        assert page.status_code == 200
        assert "graphwatch export --html" in page.text
        origin = re.search(r'class="button" href="(/[^"]+)">Look', page.text)
        assert origin is not None
        assert visitor.get(unescape(origin[1])).status_code == 200
        taken = visitor.get(f"{address}/picture?download=html")
        assert taken.headers["content-security-policy"].startswith("sandbox allow-scripts")
        assert taken.headers["content-disposition"] == 'attachment; filename="graphwatch-network.html"'
    # An erasure need not look for anybody in these files.
    folder = Path(str(visitor.desk.place), "views")
    written_there = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert [word for word in named if word in written_there] == []
    wrong: tuple[dict[str, str], ...] = (
        {"name": "../.."},
        {"purpose": " "},
        {"of": "<b>"},
        {"name": "n", "lead": "nosuchlead"},
        {},
    )
    assert [visitor.post("/views", **said | change).status_code for change in wrong] == [400, 400, 400, 404, 400]
    # Of somebody who was erased nothing is drawn, and what was saved of them can be taken away.
    near = (folder / "near.json").read_text(encoding="utf-8")
    (folder / "gone.json").write_text(re.sub(r"A-\w+", "A-AAAAAAAAAAAAAAAA", near), encoding="utf-8")
    gone = visitor.get("/views/gone")
    assert gone.status_code == 200
    assert "<iframe" not in gone.text
    assert 'action="/views/gone/drop"' in gone.text
    (folder / "broken.json").write_text("{", encoding="utf-8")
    assert 'role="alert"' in visitor.get("/views").text
    for path in ("/views/..%2Fsettings", "/views/nosuch", "/views/nosuch/picture"):
        assert visitor.get(path).status_code == 404
    assert visitor.post("/views/../settings/drop").status_code == 404
    assert visitor.post("/views/near/drop").headers["location"] == "/views"
    assert not (folder / "near.json").exists()


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path / "new.gw").enter()
    for path in ("/", "/leads", "/interactions", "/complaints", "/coverage", "/detect", "/documents", "/news"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "graphwatch load" in answer.text
        assert 'main-button" href="/load"' in answer.text


def test_a_store_that_is_gone_is_said(desk_store: Path, tmp_path: Path) -> None:
    place = tmp_path / "kantor.gw"
    shutil.copytree(desk_store, place)
    visitor = Visitor(place).enter()
    (place / "lock").chmod(0o600)
    shutil.rmtree(place)
    assert "graphwatch load" in visitor.get("/leads").text
