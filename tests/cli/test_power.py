import inspect
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch
from graphwatch.cli.main import graphwatch as commands
from graphwatch.detection.power import Cell, Power, Trials
from graphwatch.detection.powering import Powered
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
    rows = {(r["size"], r["posts"]): r for r in json.loads(outcome.out)}
    assert len(rows) == 4
    assert rows[6, 15]["share"] == 1.0
    assert rows[6, 15]["low"] == pytest.approx(0.342, abs=1e-3)
    assert rows[3, 2]["found"] == 0
    assert "Groups of 3 acting on 2 posts would have been found 0 times in 10" in outcome.err
    assert journal(loaded) == before


def test_a_run_keeps_its_table_and_quotes_it(run: Run, loaded: Path) -> None:
    asked = ("detect", "--fdr", 0.05, "--min-objects", 4, "--store", loaded)
    nothing = run(*asked)
    assert "0 clusters" in nothing.err
    assert "`graphwatch power --run R-" in nothing.err
    with graphwatch.open(loaded) as project:
        counts, pages = project.info().counts, project.query("runs").to_arrow().to_pylist()
    outcome = run("power", "--run", "latest", *QUICK, "--lang", "id", "--csv", "--store", loaded)
    assert outcome.out.startswith("size,posts,planted,found,share,low,high,members\n3,2,2,0,0.0")
    assert "akan ditemukan 10 dari 10 kali" in outcome.err
    again = run(*asked)
    assert "asked before" in again.err
    assert "acting on 15 posts would have been found 10 times in 10" in again.err
    with graphwatch.open(loaded) as project:
        assert project.info().counts == counts
        assert project.query("runs").to_arrow().to_pylist() == pages
        kept = project.kept_power()
        assert kept is not None
        assert kept.power.trials.posts == (2, 15)
        assert project.verify() == {}
        project.rebuild()
        assert project.kept_power() == kept
        assert kept.table.to_pandas()["found"].tolist() == [0, 2, 0, 2]


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
        assert kept.power.trials.sizes == (3, 5, 10, 20)


@pytest.mark.parametrize("language", ["id", "en"])
def test_where_nothing_is_found_often_the_easiest_is_named(language: str) -> None:
    power = Power(Trials((3, 5), (4,), 30.0, 0.7, 20, 1), (Cell(3, 4, 20, 0, 0.0), Cell(5, 4, 20, 15, 0.7)), 9)
    words = {
        "id": "5 akun pada 4 unggahan, akan ditemukan 7 dari 10",
        "en": "groups of 5 acting on 4 posts, 7 times in 10",
    }
    assert words[language] in Powered(None, power).sentence(language)


def test_the_command_and_the_function_share_their_defaults() -> None:
    known = inspect.signature(Project.power).parameters
    for option in commands.commands["power"].params:
        if option.default is not None and option.name in known and option.name != "kinds":
            default = known[option.name].default
            written = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
            assert str(option.default) in (written, "False", "Sentinel.UNSET"), option.name
