"""Names that begin with a dash are words of a command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

Run = Callable[..., Outcome]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import graphwatch

    folder = tmp_path_factory.mktemp("dash")
    (folder / "yt.csv").write_text(
        "account,account_handle,object,at,kind,platform\n1,ani,-AbCdEfGhIj,2024-10-08T01:00:00Z,comment,youtube\n"
        "2,-budi,-AbCdEfGhIj,2024-10-08T01:00:05Z,comment,youtube\n"
    )
    graphwatch.open(folder / "s.gw", create=True).load(folder / "yt.csv")
    return folder / "s.gw"


@pytest.mark.parametrize(
    ("words", "hops"),
    [
        (("ani", "-budi"), 2),
        (("-budi", "ani"), 2),
        (("--", "ani", "-budi"), 2),
        (("ani", "-AbCdEfGhIj"), 1),
        (("ani", "youtube:-AbCdEfGhIj"), 1),
    ],
)
def test_a_trace_finds_them(run: Run, place: Path, words: tuple[str, ...], hops: int) -> None:
    outcome = run("trace", "--lang", "en", "--store", place, *words)
    assert (outcome.status, outcome.out.splitlines()[0]) == (0, f"Path 1, {hops} hop{'s' if hops > 1 else ''}:")


def test_neighbours_finds_them(run: Run, place: Path) -> None:
    assert "youtube:2" in run("neighbours", "-budi", "--store", place).out


def test_a_mistyped_option_is_still_one(run: Run, place: Path) -> None:
    outcome = run("trace", "ani", "-budi", "--longr", "2", "--store", place)
    assert outcome.status == 2
    assert "--longr" in outcome.err
