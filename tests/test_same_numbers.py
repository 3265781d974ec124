"""The numbers of a cluster are the same on terminal, page, document and workbook."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from export.pages import data_of

import graphwatch
from graphwatch.cli.main import main
from graphwatch.common.i18n import text
from graphwatch.demonstration import Demo
from graphwatch.explain.words import number
from graphwatch.privacy.times import Times
from graphwatch.repository.calendars import coarse_times
from graphwatch.repository.runs import bursts_of_cluster
from graphwatch.settings import FEWEST_ALIKE


def said(facts: dict[str, Any], run: dict[str, Any]) -> list[str]:
    """The sentences that the numbers on the page make."""

    def written(value: float, digits: int = 1) -> str:
        return number(value, "en", digits)

    window, coarse = written(run["window_ms"] / 1000), written(run["coarse_ms"] / 60_000)
    seen, share = written(facts["n_sum"], 0), f"{written(100 * facts['burst_share'], 0)} %"
    expected = written(facts["expected_sum"])
    sentences: list[tuple[str, dict[str, Any]]] = [
        ("seen.cluster", {"n": facts["n_sum"], "pairs": written(facts["pairs"], 0), "window": window}),
        ("seen.chance", {"n": facts["opportunities_sum"], "coarse": coarse, "expected": expected, "seen": seen}),
        ("pace.bursts", {"n": facts["bursts"], "days": facts["days"]}),
        ("pace.three", {"n": facts["bursts_of_three"]}),
        ("pace.half", {"n": facts["half_objects"], "seconds": written(facts["half_time_s"])}),
        ("pace.share", {"n": facts["interactions"], "share": share}),
    ]
    return [text(f"explain.{key}", "en", **values) for key, values in sentences]


@pytest.mark.parametrize("cluster", [1, 2])
def test_terminal_page_document_and_workbook_agree(
    demo_made: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str], cluster: int
) -> None:
    place = ("--store", str(demo_made.store), "--lang", "en")
    for words in (
        ("explain", str(cluster), *place),
        ("report", "cluster", str(cluster), "--out", str(tmp_path / "cluster.md"), *place),
        ("report", "cluster", str(cluster), "--out", str(tmp_path / "cluster.xlsx"), *place),
    ):
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        assert not ended.value.code
    page = data_of(next(demo_made.folder.glob("*.html")).read_text(encoding="utf-8"))
    facts = next(row["facts"] for row in page["clusters"] if row["number"] == cluster)
    sentences = said(facts, page["run"])

    terminal = " ".join(capsys.readouterr().out.split())
    document = (tmp_path / "cluster.md").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(tmp_path / "cluster.xlsx")
    workbook = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert [s for s in sentences if s not in terminal] == []
    assert [s for s in sentences if s not in document] == []
    assert [s for s in sentences if s not in workbook] == []


@pytest.mark.parametrize("cluster", [1, 2])
def test_the_bursts_are_those_that_the_run_kept(demo_made: Demo, tmp_path: Path, cluster: int) -> None:
    page = data_of(next(demo_made.folder.glob("*.html")).read_text(encoding="utf-8"))
    shown = next(row for row in page["clusters"] if row["number"] == cluster)
    with graphwatch.open(demo_made.store) as project:
        told, names = project.explain(cluster), project.workspace.pseudonyms
        graph = project.graph()
        coarse = Times(graph.graph["phases"]).told
        # An act in a short phase that few others have in common is told of the longest one, and in no burst.
        handed_on = coarse_times(
            project.store, [n for n, of in graph.nodes(data="label") if of == "Account"], FEWEST_ALIKE
        )
        kept = bursts_of_cluster(project.store, told.id)
        listed = project.query("cluster-bursts", {"cluster": cluster}).to_arrow().to_pylist()
        project.report("cluster", str(cluster), path=tmp_path / "a.xlsx", to="xlsx", lang="en")
    assert len(shown["bursts"]) == shown["facts"]["bursts"] == len(kept) == len(told.bursts)

    def ordered(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return sorted(rows)

    on_page = [
        (
            page["nodes"][burst["object"]]["facts"]["id"],
            burst["members"],
            burst["first"],
            burst["last"],
            sorted(
                (page["nodes"][page["edges"][i]["from"]]["facts"]["id"], page["edges"][i]["first"])
                for i in burst["actions"]
            ),
        )
        for burst in shown["bursts"]
    ]
    explained = [
        (
            names.post(burst.object),
            burst.members,
            coarse(burst.first_ms),
            coarse(burst.acts[-1].at_ms),
            sorted(
                (names.account(act.account), coarse(act.at_ms))
                for act in burst.acts
                if handed_on.told(act.at_ms, act.account, act.kind) == coarse(act.at_ms)
            ),
        )
        for burst in told.bursts
    ]
    assert ordered(on_page) == ordered(explained)
    in_query = [(row["post"], row["members"], row["first_ms"], row["last_ms"]) for row in listed]
    assert ordered(in_query) == ordered((b.object, b.members, b.first_ms, b.last_ms) for b in kept)
    evidence = openpyxl.load_workbook(tmp_path / "a.xlsx")["Evidence"].iter_rows(min_row=3, values_only=True)
    # Bursts are numbered anew under pseudonyms, since the run's numbers follow the order in time.
    sizes = Counter(row[0] for row in evidence)
    unlisted = sizes.pop(None, 0)
    assert sorted(sizes) == sorted(burst.number for burst in kept)
    listed_acts = [len(acts) for *_, acts in explained]
    assert sorted(sizes.values()) == sorted(listed_acts)
    assert unlisted + sum(listed_acts) == sum(burst.size for burst in kept)


def test_they_are_those_of_all_pairs_that_reached_the_count(demo_made: Demo) -> None:
    """docs/null-model.md: a cluster may have no pair beyond chance; its numbers are of all that reached the count."""
    with graphwatch.open(demo_made.store) as project:
        pairs = project.query("cluster-pairs", {"cluster": 1, "limit": 10_000}).to_arrow().to_pylist()
        ties = project.explain(1).ties
    assert (ties.pairs, ties.n) == (len(pairs), sum(pair["n"] for pair in pairs))
    assert ties.coordinated == sum(pair["coordinated"] for pair in pairs) < ties.pairs
