import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.model import node, relation
from graphwatch.model.tables import conform, schema_of
from graphwatch.store.merge import merge

ACCOUNT = node("Account")
LIKED = relation("LIKED")

texts = st.none() | st.text(max_size=3)
rows = st.dictionaries(st.sampled_from("abcdef"), st.tuples(texts, texts), max_size=6)


def table(content: dict[str, tuple[str | None, str | None]]) -> pa.Table:
    found = [{"id": i, "handle": h, "name": n} for i, (h, n) in content.items()]
    return pa.Table.from_pylist(found, schema=schema_of(ACCOUNT))


@given(rows, rows)
def test_merging_is_what_a_dictionary_would_do(
    old: dict[str, tuple[str | None, str | None]], new: dict[str, tuple[str | None, str | None]]
) -> None:
    outcome = merge(ACCOUNT, table(new), table({i: old[i] for i in old if i in new}))
    expected = {
        i: tuple(n if n is not None else o for n, o in zip(new[i], old[i], strict=True)) for i in new if i in old
    }
    changed = {r["id"]: (r["handle"], r["name"]) for r in outcome.changed.to_pylist()}
    assert set(outcome.new["id"].to_pylist()) == set(new) - set(old)
    assert changed == {i: v for i, v in expected.items() if v != old[i]}
    assert outcome.unchanged == len(expected) - len(changed)


@given(rows)
def test_merging_a_table_with_itself_changes_nothing(
    content: dict[str, tuple[str | None, str | None]],
) -> None:
    outcome = merge(ACCOUNT, table(content), table(content))
    assert (outcome.new.num_rows, outcome.changed.num_rows, outcome.log.num_rows) == (0, 0, 0)


@given(st.lists(st.sampled_from("abc"), unique=True), st.lists(st.sampled_from("abc"), unique=True))
def test_sources_are_united_in_order_of_arrival(old: list[str], new: list[str]) -> None:
    schema = schema_of(LIKED)
    before = pa.Table.from_pylist([{"id": "r", "sources": old}], schema=schema)
    after = pa.Table.from_pylist([{"id": "r", "sources": new}], schema=schema)
    outcome = merge(LIKED, after, before)
    united = old + [s for s in new if s not in old]
    assert [r["sources"] for r in outcome.changed.to_pylist()] == ([united] if united != old else [])


def test_columns_that_are_absent_count_as_null() -> None:
    batch = conform(pa.table({"id": ["x:1"], "foreign": [1]}), schema_of(ACCOUNT))
    assert batch.to_pylist() == [{"id": "x:1", "platform": None, "handle": None, "name": None, "url": None}]
