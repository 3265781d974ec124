import inspect
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch
from graphwatch.cli.main import graphwatch as commands
from graphwatch.project import Project
from graphwatch.scenarios.pilkada import pilkada

Run = Callable[..., Outcome]
QUICK = ("--sizes", "3,6", "--posts", "2,15", "--repeats", 2, "--joins", 1, "--spread", 5)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audience in which nothing is planted."""
    folder = tmp_path_factory.mktemp("quiet")
    files = pilkada(seed=4, groups=0).write(folder)
    with graphwatch.open(folder / "s.gw", create=True) as project:
        for kind in ("paslon", "pages", "posts", "interactions"):
            project.load(files[kind], kind=kind)
    return folder / "s.gw"


def journal(store: Path) -> list[Path]:
    return sorted((store / "journal").iterdir())


def test_power_without_a_run_writes_nothing(run: Run, loaded: Path) -> None:
    before = journal(loaded)
    outcome = run("power", *QUICK, "--json", "--store", loaded)
    assert outcome.status == 0
    of_layer = {layer: [r for r in json.loads(outcome.out) if r["layer"] == layer] for layer in ("all", "10s", "day")}
    # Three ages of four shapes within each window; on one day no age is asked.
    assert {layer: len(rows) for layer, rows in of_layer.items()} == {"all": 12, "10s": 12, "day": 4}
    rows = {(r["size"], r["posts"]): r for r in of_layer["all"] if r["since_s"] == 3600}
    assert rows[6, 15]["share"] == 1.0
    assert rows[6, 15]["low"] == pytest.approx(0.342, abs=1e-3)
    assert rows[3, 2]["found"] == 0
    assert "1 hour or more after publication groups of 3 on 15 posts, 10 times in 10" in outcome.err
    assert "By the same texts nothing could be found: it takes comments" in outcome.err
    assert journal(loaded) == before


def test_a_run_keeps_its_table_and_quotes_it(run: Run, loaded: Path) -> None:
    asked = ("detect", "--window", 60, "--fdr", 0.05, "--min-objects", 4, "--store", loaded)
    nothing = run(*asked)
    assert "0 clusters" in nothing.err
    assert "`graphwatch power --run R-" in nothing.err
    with graphwatch.open(loaded) as project:
        counts, pages = project.info().counts, project.query("runs").to_arrow().to_pylist()
    outcome = run("power", "--run", "latest", *QUICK, "--lang", "id", "--csv", "--store", loaded)
    assert outcome.out.startswith(
        "layer,since_s,until_s,size,posts,planted,found,share,low,high,members\nall,3600.0,,3,2,2,0,0.0"
    )
    assert "Dalam kira-kira 1 menit akan ditemukan: 1 jam atau lebih setelah terbit kelompok" in outcome.err
    again = run(*asked)
    assert "asked before" in again.err
    assert "groups of 3 on 15 posts, 10 times in 10" in again.err
    with graphwatch.open(loaded) as project:
        assert project.info().counts == counts
        assert project.query("runs").to_arrow().to_pylist() == pages
        kept = project.kept_power()
        assert kept is not None
        assert kept.power.trials.posts == (2, 15)
        assert project.verify() == {}
        project.rebuild()
        assert project.kept_power() == kept
        table = kept.table.to_pandas()
        assert table[(table["layer"] == "all") & (table["since_s"] == 3600)]["found"].tolist()[::2] == [0, 0]


@pytest.mark.parametrize(
    "words",
    [
        ("--sizes", "2,3"),
        ("--sizes", "a"),
        ("--posts", "0"),
        ("--joins", 0),
        ("--spread", -1),
        ("--repeats", 0),
        ("--seed", -1),
        ("--run", "latest", "--window", 10),
    ],
)
def test_wrong_use_has_status_2(run: Run, loaded: Path, words: tuple[object, ...]) -> None:
    assert run("power", *words, "--store", loaded).status == 2


def test_a_run_whose_data_have_changed_is_not_given_another_answer(run: Run, tmp_path: Path) -> None:
    rows = ["account,object,kind,at,platform"]
    rows += [f"a{a},p{p},like,2024-10-0{p}T08:00:0{a}+07:00,x" for p in (1, 2, 3) for a in (1, 2, 3)]
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        for number, text in enumerate(("\n".join(rows), rows[0] + "\nb1,p1,like,2024-10-03T08:00:00+07:00,x")):
            file = tmp_path / f"{number}.csv"
            file.write_text(text, encoding="utf-8")
            project.load(file)
            if number == 0:
                project.detect()
    outcome = run("power", "--run", "latest", "--store", tmp_path / "s.gw")
    assert outcome.status == 1
    assert "have changed since" in outcome.err
    assert run("power", "--run", "R-none", "--store", tmp_path / "s.gw").status == 1


def test_data_too_few_to_try_anything_say_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("account,object,kind,at,platform\na,p,like,2024-10-03T08:00:00+07:00,x\n", encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(file)
    for verb in (("power",), ("detect", "--power")):
        outcome = run(*verb, "--store", tmp_path / "s.gw")
        assert outcome.status == 0
        assert "too few to try" in outcome.err
    with graphwatch.open(tmp_path / "s.gw") as project:
        kept = project.kept_power()
        assert kept is not None
        assert kept.power.trials.sizes == (5, 10, 20)


def test_the_command_and_the_function_share_their_defaults() -> None:
    known = inspect.signature(Project.power).parameters
    for option in commands.commands["power"].params:
        if option.default is not None and option.name in known and option.name != "kinds":
            default = known[option.name].default
            written = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
            assert str(option.default) in (written, "False", "Sentinel.UNSET"), option.name
