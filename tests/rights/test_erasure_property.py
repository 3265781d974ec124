"""Whoever is forgotten, the store is then what it would be if they had never been loaded."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from forgetting_store import everything, rows_of, write
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import graphwatch

pytestmark = pytest.mark.long

KINDS = ("like", "comment", "share", "follow")
WORDS = ("hai", "budi", "[dihapus]", "100%", "'=1", "é\u200b")


@dataclass(frozen=True)
class Who:
    """An account; none of its names is an ordinary word."""

    native: str
    handle: str
    name: str

    @property
    def id(self) -> str:
        return f"x:{self.native}"

    @property
    def url(self) -> str:
        return f"https://x.com/{self.handle}"


@dataclass(frozen=True)
class Act:
    """What somebody did to a post, or to an account by following it; the text names others in several ways."""

    who: int
    kind: str
    object: int
    minute: int
    said: tuple[tuple[str, int], ...]


@st.composite
def projects(draw: st.DrawFn) -> tuple[list[Who], list[Act], int]:
    numbers = draw(st.lists(st.integers(10_000_000, 99_999_999), min_size=2, max_size=4, unique=True))
    handles = draw(
        st.lists(st.from_regex(r"[a-z]{2,4}_[a-z0-9]{2,4}", fullmatch=True), min_size=2, max_size=2, unique=True)
    )
    people = [Who(str(n), f"{handles[i % 2]}{i}", f"Nama {n}") for i, n in enumerate(numbers)]
    # Names that begin as those of somebody else.
    people.append(Who(f"{people[0].native}9", f"{people[0].handle}9", f"{people[0].name}9"))
    one = st.integers(0, len(people) - 1)
    said = st.lists(
        st.tuples(st.sampled_from(["mention", "handle", "url", "id", "native", "word"]), one), max_size=4
    ).map(tuple)
    acts = draw(st.lists(st.builds(Act, one, st.sampled_from(KINDS), one, st.integers(0, 59), said), min_size=1))
    return people, acts, draw(one)


def text_of(act: Act, people: list[Who], without: int | None) -> str:
    """What was said; of one person `[dihapus]` instead."""
    words = []
    for how, of in act.said:
        who = people[of]
        word = {"mention": who.handle, "handle": who.handle, "url": who.url, "id": who.id, "native": who.native}.get(
            how
        )
        word = WORDS[of] if word is None else "[dihapus]" if of == without else word
        words.append(f"@{word}" if how == "mention" else word)
    return " ".join(words)


def rows(people: list[Who], acts: list[Act], without: int | None = None) -> list[dict[str, object]]:
    """The rows of a file; without one person's, and without those that are only about them."""
    found: list[dict[str, object]] = []
    for n, act in enumerate(acts):
        follows = act.kind == "follow"
        if act.who == without or (follows and act.object == without):
            continue
        who = people[act.who]
        found.append(
            {
                "account": who.native,
                "account_handle": who.handle,
                "account_name": who.name,
                "account_url": who.url,
                "platform": "x",
                "kind": act.kind,
                "object": people[act.object].native if follows else f"post{act.object}",
                "object_type": "account" if follows else "post",
                "at": f"2024-10-01T10:{act.minute:02}+07:00",
                "text": text_of(act, people, without),
                "content_id": f"c{n}",
            }
        )
    found.append({**dict.fromkeys(found[0], ""), "account": "7"} if found else {"account": "7", "platform": "x"})
    return found


def content(project: Any) -> dict[str, dict[str, Any]]:
    """All tables, without what says of which rows of which file something is."""
    tables = rows_of(project)
    del tables["Source"]
    for found in tables.values():
        for row in found.values():
            if "sources" in row:
                row["sources"] = len(row["sources"])
    return tables


@pytest.fixture(scope="module")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one source, to be copied: the tables of a new one take long to make."""
    folder = tmp_path_factory.mktemp("new")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        project.load(
            write(folder / "a.csv", [{"account": "1", "platform": "x", "object": "p", "kind": "like", "at": ""}])
        )
    return folder / "s.gw"


@given(drawn=projects())
@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_it_is_as_if_they_had_never_been_loaded(new_store: Path, drawn: tuple[list[Who], list[Act], int]) -> None:
    people, acts, gone = drawn
    if all(act.who != gone for act in acts):
        acts = [*acts, Act(gone, "comment", 0, 0, (("mention", gone),))]
    who = people[gone]
    with TemporaryDirectory() as name:
        folder = Path(name)
        for store in ("s.gw", "never.gw"):
            shutil.copytree(new_store, folder / store)
        half = len(acts) // 2
        with graphwatch.open(folder / "s.gw") as project, graphwatch.open(folder / "never.gw") as never:
            for n, part in enumerate((acts[:half], acts[half:])):
                for to, without in ((project, None), (never, gone)):
                    given = rows(people, part, without)
                    if len(given) > 1:
                        to.load(write(folder / f"{n}.csv", given))
            done = project.forget(account=who.id, reason="permintaan 1")
            assert done.proof is not None
            assert done.proof.found == ()
            said = everything(project.folder)
            alike = people[-1]
            if gone == 0:
                said = said.replace(alike.native, "").replace(alike.handle, "").replace(alike.name, "")
            for trace in (who.native, who.handle, who.name):
                assert trace not in said
            assert content(project) == content(never)
