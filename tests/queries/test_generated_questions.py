"""Questions that nobody thought of, made from the model: both engines give the same rows, or one refuses with a remedy.

The same ones each time; `GRAPHWATCH_QUESTIONS=5000 pytest tests/queries/test_generated_questions.py` asks others, too.
"""

import os
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from queries.test_both_engines import projects as projects
from queries.test_same_answers import differing

from graphwatch.model import NODES, RELATIONS
from graphwatch.model.declaring import Property, Type
from graphwatch.project import Project

AT_ONCE = 8
MORE = int(os.environ.get("GRAPHWATCH_QUESTIONS", "0"))
PROPERTIES: dict[str, tuple[Property, ...]] = {n.label: n.properties for n in NODES}
RELATED = [(r.type, start, end, r.properties) for r in RELATIONS for start, end in r.ends]
LITERALS: dict[Type, list[str]] = {
    Type.TEXT: ["'x:1'", "'x'", "''", "'LIKED'", "null", "'É\\'s'"],
    Type.INTEGER: ["0", "1", "2", "-1", "null", "20", "1727740800000"],
    Type.REAL: ["0.0", "0.5", "1", "null", "-2.5e3"],
    Type.BOOLEAN: ["true", "false", "null"],
    Type.TEXTS: ["[]", "['x']", "null"],
}
TESTS: dict[Type, list[str]] = {
    Type.TEXT: ["{} = {}", "{} <> {}", "{} < {}", "{} CONTAINS {}", "{} STARTS WITH {}", "{} IN ['x:2', {}]"],
    Type.INTEGER: ["{} = {}", "{} <> {}", "{} >= {}", "{} < {}", "{} IN [1, {}]", "{} % 2 = {}"],
    Type.REAL: ["{} > {}", "{} <= {}", "{} = {}"],
    Type.BOOLEAN: ["{} = {}", "{} <> {}"],
    Type.TEXTS: ["{} = {}", "'x' IN {} OR {} IS NULL"],
}
SHOWN: dict[Type, list[str]] = {
    Type.TEXT: ["{}", "toUpper({})", "size({})", "coalesce({}, 'none')", "{} + '!'", "substring({}, 1, 2)"],
    Type.INTEGER: ["{}", "{} + 1", "{} / 7", "{} * 1.5", "toString({})", "-{}", "abs({})"],
    Type.REAL: ["{}", "round({}, 2)", "{} * 2", "toInteger({})"],
    Type.BOOLEAN: ["{}", "NOT {}", "coalesce({}, false)"],
    Type.TEXTS: ["{}", "size({})", "{}[0]", "[x IN {} | toLower(x)]", "head({})"],
}
AGGREGATES = ["count({})", "count(DISTINCT {})", "min({})", "max({})", "size(collect({}))"]


@st.composite
def questions(draw: st.DrawFn) -> str:
    """One question: a chain of the model's relations, conditions, maybe a stage between, and columns."""
    names, known = (f"v{i}" for i in count()), dict[str, tuple[Property, ...]]()
    matched = draw(_chain(names, known))
    if draw(st.booleans()):
        matched += f" WHERE {draw(_condition(known))}"
    if draw(st.integers(0, 3)) == 0:
        nodes = sorted(name for name, properties in known.items() if properties in PROPERTIES.values())
        more = draw(_chain(names, known, begin=draw(st.sampled_from(nodes))))
        matched += f" {draw(st.sampled_from(['OPTIONAL ', '']))}{more}"
    if draw(st.integers(0, 3)) == 0:
        kept = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=2, unique=True))
        matched += f" WITH {', '.join(kept)}, count(*) AS k"
        matched += draw(st.sampled_from(["", " WHERE k > 1", " WHERE k <> 2"]))
        known = {name: properties for name, properties in known.items() if name in kept}
    columns = draw(st.lists(_column(known), min_size=1, max_size=3))
    names_of = [f"c{i}" for i in range(len(columns))]
    listed = ", ".join(f"{column} AS {name}" for column, name in zip(columns, names_of, strict=True))
    ending = draw(st.sampled_from(["", "", " SKIP 1", " LIMIT 3", " SKIP 2 LIMIT 2"]))
    turned = [f"{name}{draw(st.sampled_from(['', ' DESC']))}" for name in names_of]
    ordered = f" ORDER BY {', '.join(turned)}{ending}" if ending or draw(st.booleans()) else ""
    return f"{matched} RETURN {draw(st.sampled_from(['', '', 'DISTINCT ']))}{listed}{ordered}"


@st.composite
def _chain(draw: st.DrawFn, names: Any, known: dict[str, tuple[Property, ...]], begin: str = "") -> str:
    if begin:
        label, written = next(label for label, own in PROPERTIES.items() if own is known[begin]), f"({begin})"
    else:
        label, name = draw(st.sampled_from(sorted(PROPERTIES))), next(names)
        known[name], written = PROPERTIES[label], f"({name}:{label})"
    for _ in range(draw(st.integers(1 if begin else 0, 2))):
        joined = [r for r in RELATED if label in r[1:3]]
        if not joined:
            break
        type_, start, end, of_relation = draw(st.sampled_from(joined))
        forward = start == label if start != end else draw(st.booleans())
        label = end if forward else start
        relation, name = next(names), next(names)
        known[relation], known[name] = of_relation, PROPERTIES[label]
        arrows = draw(st.sampled_from([("-", "->"), ("-", "->"), ("-", "-")] if forward else [("<-", "-"), ("-", "-")]))
        shown = draw(st.sampled_from([f"{name}:{label}", name]))
        written += f"{arrows[0]}[{relation}:{type_}]{arrows[1]}({shown})"
    return f"MATCH {written}"


@st.composite
def _condition(draw: st.DrawFn, known: dict[str, tuple[Property, ...]]) -> str:
    joined = ""
    for _ in range(draw(st.integers(1, 3))):
        value, type_ = draw(_property(known))
        test = draw(st.sampled_from([*TESTS[type_], "{} IS NULL", "{} IS NOT NULL"]))
        given_ = (value,) if "IS N" in test and "OR" not in test else (value, draw(st.sampled_from(LITERALS[type_])))
        one = draw(st.sampled_from(["{}", "{}", "NOT ({})", "({})"])).format(test.format(*given_))
        joined = f"{joined} {draw(st.sampled_from(['AND', 'OR', 'XOR']))} {one}" if joined else one
    return joined


@st.composite
def _property(draw: st.DrawFn, known: dict[str, tuple[Property, ...]]) -> tuple[str, Type]:
    name = draw(st.sampled_from(sorted(known)))
    property_ = draw(st.sampled_from(known[name]))
    return f"{name}.{property_.name}", property_.type


@st.composite
def _column(draw: st.DrawFn, known: dict[str, tuple[Property, ...]]) -> str:
    value, type_ = draw(_property(known))
    if draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from([*AGGREGATES, "count(*)"])).format(value)
    return draw(st.sampled_from(SHOWN[type_])).format(value)


def ask(projects: dict[str, Project], asked: list[str]) -> None:
    assert list(differing(projects, [(question, {}) for question in asked])) == []


QUIET = settings(suppress_health_check=list(HealthCheck), deadline=None, database=None)


@settings(QUIET, max_examples=25, derandomize=True, phases=[Phase.generate])
@given(asked=st.lists(questions(), min_size=AT_ONCE, max_size=AT_ONCE))
def test_generated_questions_have_the_same_answers(projects: dict[str, Project], asked: list[str]) -> None:
    ask(projects, asked)


if MORE:

    @settings(QUIET, max_examples=MORE // AT_ONCE)
    @given(asked=st.lists(questions(), min_size=AT_ONCE, max_size=AT_ONCE))
    def test_others_too(projects: dict[str, Project], asked: list[str]) -> None:
        ask(projects, asked)
