"""The rules of an erasure: what is named goes, everything else stays as it is."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.model import node, relation
from graphwatch.model.tables import conform, schema_of
from graphwatch.privacy.redaction import Words, words_of
from graphwatch.store.erasing import Erasure

LIKED, POST = relation("LIKED"), node("Post")
native = st.text("abc_.19", min_size=1, max_size=6)
people = st.lists(native, min_size=1, max_size=6, unique=True)


@given(people, st.data())
def test_relations_go_with_their_ends_and_others_are_untouched(natives: list[str], data: st.DataObject) -> None:
    accounts = [f"x:{n}" for n in natives]
    ends = data.draw(st.lists(st.sampled_from(accounts), max_size=12))
    rows = [{"from": a, "to": "x:p", "id": str(n), "text": None, "sources": ["s:1"]} for n, a in enumerate(ends)]
    table = conform(pa.Table.from_pylist(rows, schema=schema_of(LIKED)), schema_of(LIKED))
    gone = data.draw(st.frozensets(st.sampled_from(accounts)))
    applied = Erasure(0, nodes={"Account": gone}).apply("LIKED", "Account", "Post", table)
    assert applied.gone == [row["id"] for row in rows if row["from"] in gone]
    assert applied.rows.to_pylist() == [r for r in table.to_pylist() if r["from"] not in gone]


@given(native, st.lists(st.text("abc_.19 @/", max_size=20), max_size=8))
def test_texts_without_the_words_have_none_and_twice_is_once(handle: str, texts: list[str]) -> None:
    words = words_of([{"id": "x:77", "handle": handle, "url": None}], [])
    said = [*texts, f"hai @{handle}", f"https://x.com/{handle} dan x:77"]
    rows = [{"id": str(n), "text": text, "hashtags": [text]} for n, text in enumerate(said)]
    table = conform(pa.Table.from_pylist(rows), schema_of(POST))
    erasure = Erasure(0, words=words)
    after = erasure.apply("Post", None, None, table).rows
    for row, before in zip(after.to_pylist(), said, strict=True):
        assert not words.within(row["text"])
        assert row["hashtags"] == [row["text"]]
        if not words.within(before):
            assert row["text"] == before
    assert erasure.apply("Post", None, None, after).rows.equals(after)
    assert f"@{handle}" not in after["text"][len(texts)].as_py().split()


@given(st.lists(st.lists(st.sampled_from(["a:1", "a:2", "b:1", "c:9"]), max_size=4, unique=True), max_size=6))
def test_expired_sources_leave_rows_that_others_supplied_too(supplied: list[list[str]]) -> None:
    rows = [{"from": "x:1", "to": "x:p", "id": str(n), "sources": s} for n, s in enumerate(supplied)]
    table = conform(pa.Table.from_pylist(rows, schema=schema_of(LIKED)), schema_of(LIKED))
    after = Erasure(0, sources=frozenset("a")).apply("LIKED", "Account", "Post", table).rows
    assert after["sources"].to_pylist() == [[r for r in s if not r.startswith("a:")] for s in supplied]


def test_words_that_look_alike_stay() -> None:
    words = Words(
        ids=("x:81234567",), called=("81234567", "budi", "sari_88"), names=("Siti Contoh", "199001012015031002")
    )
    for text in ("x:812345678", "budi", "@budi_2", "@budi.s", "sari_889", "asari_88", "Siti", "1990010120150310021"):
        assert not words.within(text), text
    for text in ("@BUDI.", "x.com/budi", "SARI_88", "81234567_9", "siti contoh!", "NIP 199001012015031002"):
        assert words.within(text), text


def test_the_log_of_replaced_values_loses_what_went() -> None:
    names = ("element", "id", "property", "before", "after")
    log = pa.table({n: pa.array([v, w], pa.string()) for n, v, w in zip(names, *_LOG, strict=True)})
    erasure = Erasure(0, words=Words(called=("sari_88",)))
    assert erasure.apply_to_log({"Account": {"x:1"}}, log).to_pylist() == [
        dict(zip(names, ("COMMENTED", "i", "text", "hai @[dihapus]", None), strict=True))
    ]


_LOG = (("Account", "x:1", "handle", "budi", "budi2"), ("COMMENTED", "i", "text", "hai @sari_88", None))
