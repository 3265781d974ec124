import csv
import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphwatch.ingest import sql
from graphwatch.ingest.checks import DITTO_WORDS, NO_IDS
from graphwatch.ingest.sql import deduped
from graphwatch.model import key_hash

FIELDS = ["account", "object", "kind", "platform", "at", "content_id", "text", "account_name", "page"]


def written(rows, fields=FIELDS):
    out = io.StringIO()
    writer = csv.DictWriter(out, fields, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def act(**values):
    return {"account": "a1", "object": "p1", "kind": "like", "platform": "x"} | values


# Plain ASCII, letters beyond it and beyond the basic plane; what ids may not hold, or what names change, is left out.
ids = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs"]), min_size=1, max_size=6).filter(
    lambda text: (
        text[0] not in "@#"
        and not {".", ","} & set(text)
        and text.lower() not in (*NO_IDS, *DITTO_WORDS)
        # Before digits it is a spreadsheet's mark that they are text.
        and text[0] not in "'’‘´`"
    )
) | (st.sampled_from(["a:b", "😀", "\\x00", "NULLS", "''"]))
times = st.none() | st.integers(1_500_000_000_000, 1_700_000_000_000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            ids,
            ids,
            st.sampled_from(["LIKED", "SHARED", "FOLLOWED"]),
            st.sampled_from("yz"),
            times,
            st.none() | ids,
            st.none() | st.sampled_from(["Hai semua", "hai  SEMUA ", " ", "lain"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_interactions_are_identified_by_key_hash(stage_file, rows):
    cells = [
        act(account=a, object=o, kind=k, platform=p, at=at or "", content_id=c or "", text=t or "")
        for a, o, k, p, at, c, t in rows
    ]
    outcome = stage_file(written(cells))

    def event(content, text, at):
        words = None if text is None else " ".join(text.lower().split())
        return ("content", content) if content else ("text", words) if words else ("at", at)

    expected = {
        key_hash(p, a, k, o, *(() if k in ("LIKED", "FOLLOWED") else event(c, t, at))) for a, o, k, p, at, c, t in rows
    }
    found = [r["id"] for kind in ("LIKED", "SHARED", "FOLLOWED") for r in outcome.tables.get(kind, [])]
    assert sorted(found) == sorted(expected)


def test_doubles_become_one_row_that_names_all(stage_file):
    rows = [act(at="1726938000", text="one"), act(account="a2"), act(at="2024-09-21T17:00:00Z"), act(at="1726938001")]
    rows = [row | {"kind": "share", "content_id": "c" + row["account"]} for row in rows]
    shared = stage_file(written(rows)).tables["SHARED"]
    assert [(r["from"], r["at_ms"], r["sources"]) for r in shared if r["from"] == "x:a2"] == [("x:a2", None, ["s0:3"])]
    [double] = [r for r in shared if r["from"] == "x:a1"]
    assert double["sources"] == ["s0:2", "s0:4", "s0:5"]
    assert (double["text"], double["at"], double["at_ms"]) == ("one", "1726938001", 1_726_938_001_000)


def test_the_last_value_that_is_not_null_counts(stage_file):
    rows = [act(account_name="old"), act(account_name="<i>new</i>", object="p2"), act(object="p3")]
    assert stage_file(written(rows)).tables["Account"] == [
        {"id": "x:a1", "platform": "x", "handle": None, "name": "<i>new</i>", "url": None}
    ]


def test_tables_do_not_depend_on_row_order_or_doubles(stage_file):
    pick = random.Random(5)
    rows = [
        act(
            account=f"a{pick.randrange(9)}",
            object=f"p{pick.randrange(5)}",
            kind=pick.choice(["like", "share", "join"]),
            at=str(1_700_000_000 + pick.randrange(3)),
        )
        for _ in range(200)
    ]
    for row in rows:
        if row["kind"] != "share":  # of two times of a like or follow the later row's counts, so that order matters
            row["at"] = str(1_700_000_000 + int(row["account"][1:]) + int(row["object"][1:]))
    one = stage_file(written(rows)).tables
    pick.shuffle(rows)
    two = stage_file(written(rows + rows[:50])).tables

    def plain(tables):
        return {n: [{k: v for k, v in row.items() if k != "sources"} for row in rows] for n, rows in tables.items()}

    assert plain(one) == plain(two)
    for name, table in one.items():
        keys = [(row.get("from"), row.get("to"), row["id"]) for row in table]
        assert keys == sorted(keys), name
        assert len({row["id"] for row in table}) == len(table)


def test_nodes_come_before_relations_and_empty_tables_not_at_all(stage_file):
    rows = [act(page="g1"), act(kind="join", object="g2"), act(kind="comment", page="g1", object="p2")]
    outcome = stage_file(written(rows))
    assert outcome.order == ["Account", "Page", "Post", "PUBLISHED", "LIKED", "COMMENTED", "FOLLOWED"]
    assert [row["id"] for row in outcome.tables["Page"]] == ["x:g1", "x:g2"]
    assert [row["id"] for row in outcome.tables["Post"]] == ["x:p1", "x:p2"]
    published = outcome.tables["PUBLISHED"][0]
    assert published == {"from": "x:g1", "to": "x:p1", "id": key_hash("x:g1", "x:p1")}


def test_follows_lead_to_pages_or_accounts(stage_file):
    fields = [*FIELDS, "object_type", "object_url"]
    rows = [
        act(kind="join", object="g", object_url="https://g.id"),
        act(kind="join", object="b", object_type="account"),
    ]
    outcome = stage_file(written(rows, fields))
    assert outcome.order == ["Account", "Page", "FOLLOWED", "FOLLOWED"]
    assert [row["id"] for row in outcome.tables["Account"]] == ["x:a1", "x:b"]
    assert outcome.tables["Page"][0]["url"] == "https://g.id"


def test_posts_pages_and_paslon(stage_file):
    text = 'post,platform,url,text,at,links,page,account\np1,X,https://p.id,"=x",1726938000,https://a.id,g,a\n'
    posts = stage_file(text, "posts")
    assert posts.order == ["Account", "Page", "Post", "PUBLISHED", "PUBLISHED"]
    assert posts.tables["Post"] == [
        {
            "id": "x:p1",
            "platform": "x",
            "url": "https://p.id",
            "text": "=x",
            "at_ms": 1_726_938_000_000,
            "at": "1726938000",
            "links": ["https://a.id"],
            "hashtags": None,
            "images": None,
        }
    ]
    pages = stage_file("page,platform,name,class,paslon\ng,x,Relawan,volunteers,01\n", "pages")
    assert pages.order == ["Paslon", "Page", "SUPPORTS"]
    assert pages.tables["SUPPORTS"] == [{"from": "x:g", "to": "01", "id": key_hash("x:g", "01")}]
    paslon = stage_file("paslon,number,name\n01,1,A & B\n01,2,\n", "paslon")
    assert paslon.tables == {"Paslon": [{"id": "01", "number": 2, "name": "A & B", "contest": None, "region": None}]}
    assert paslon.platforms == ()


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_doubles_are_found_across_batches(stage_file, monkeypatch, size):
    rows = [act(account=f"a{i % 5}", at="1726938000") for i in range(20)]
    monkeypatch.setattr(sql, "BATCH_ROWS", size)
    liked = stage_file(written(rows)).tables["LIKED"]
    assert [row["from"] for row in liked] == [f"x:a{i}" for i in range(5)]
    assert [row["sources"] for row in liked] == [[f"s0:{i + 2 + 5 * k}" for k in range(4)] for i in range(5)]


def test_folding_nothing_gives_nothing():
    assert list(deduped([], None, "s")) == []
