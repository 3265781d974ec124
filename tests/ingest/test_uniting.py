"""A handle learns its native id from whichever file tells it, in whatever order they come."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import graphwatch

FILES = {
    "roster": "platform,handle,agency\ninstagram,budi.s,Dinas A\ninstagram,@Sari,Dinas A\n",
    "patrol": (
        "account,object,kind,platform,at\n@Budi.S,https://www.instagram.com/p/AbC/,like,instagram,2024-10-08T01:00:00Z\n"
        "@sari,https://www.instagram.com/p/AbC/,comment,instagram,2024-10-08T01:00:00Z\n"
    ),
    "export": (
        "account,account_handle,object,kind,platform,at\n501,Budi.S,AbC,like,instagram,2024-10-08T01:00:00Z\n"
        "502,sari,AbD,comment,instagram,2024-10-08T01:00:00Z\n"
    ),
}
KINDS = {"roster": "accounts-of-asn"}
ACTS = (
    "MATCH (a:Account)-[i:LIKED|COMMENTED]->(p:Post) OPTIONAL MATCH (a)-[:OPERATED_BY]->(g:Agency) "
    "RETURN a.id AS account, i.kind AS kind, p.id AS post, g.id AS agency, i.id AS id ORDER BY account, post"
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    return {name: folder / f"{name}.csv" for name in FILES}


def loaded(place: Path, files: dict[str, Path], order: tuple[str, ...]) -> tuple[Any, list[str]]:
    project = graphwatch.open(place, create=True)
    notes = [n for name in order for n in project.load(files[name], kind=KINDS.get(name, "interactions")).notes]
    return project, notes


@pytest.mark.parametrize("order", list(permutations(FILES)), ids=" ".join)
def test_in_any_order_acts_and_roster_links_are_of_the_native_id(
    tmp_path: Path, files: dict[str, Path], order: tuple[str, ...]
) -> None:
    project, notes = loaded(tmp_path / "s.gw", files, order)
    rows = project.query(ACTS).to_pandas()
    assert rows["account"].tolist() == ["instagram:501", "instagram:502", "instagram:502"]
    assert rows["agency"].tolist() == ["Dinas A"] * 3
    assert project.query("MATCH (a:Account) RETURN count(a) AS n").to_pandas()["n"][0] == 2
    united = "2 accounts known by handle are now known by native id, with all that was known of them"
    assert any(note.startswith(united) for note in notes) == (order[0] != "export")


def test_on_either_engine_what_was_known_goes_over(empty_project: Any, files: dict[str, Path]) -> None:
    for name in ("roster", "patrol", "export"):
        empty_project.load(files[name], kind=KINDS.get(name, "interactions"))
    rows = empty_project.query(ACTS).to_pandas()
    assert rows["account"].tolist() == ["instagram:501", "instagram:502", "instagram:502"]
    assert rows["agency"].tolist() == ["Dinas A"] * 3


def test_what_went_over_has_the_ids_of_a_load_of_the_native_ids(tmp_path: Path, files: dict[str, Path]) -> None:
    patrol, _ = loaded(tmp_path / "a.gw", files, ("patrol", "export"))
    export, _ = loaded(tmp_path / "b.gw", files, ("export", "patrol"))
    assert patrol.query(ACTS).to_pandas()["id"].tolist() == export.query(ACTS).to_pandas()["id"].tolist()
    assert patrol.store.verify() == {}


def test_a_handle_that_two_accounts_have_had_stays_by_itself(tmp_path: Path, files: dict[str, Path]) -> None:
    twice = tmp_path / "twice.csv"
    twice.write_text(
        "account,account_handle,object,kind,platform,at\n501,budi.s,AbC,like,instagram,1728349200\n"
        "777,budi.s,AbC,like,instagram,1728349200\n"
    )
    project, _ = loaded(tmp_path / "s.gw", files | {"twice": twice}, ("patrol", "twice"))
    accounts = project.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id").to_pandas()["id"].tolist()
    assert accounts == ["instagram:501", "instagram:777", "instagram:budi.s", "instagram:sari"]


def test_who_is_watched_by_handle_is_watched_by_native_id(tmp_path: Path, files: dict[str, Path]) -> None:
    project, _ = loaded(tmp_path / "s.gw", files, ("roster",))
    project.watch("budi.s", reason="aduan")
    project.load(files["export"])
    rows = project.query(
        "MATCH (w:Watch)-[:WATCHES]->(a:Account) RETURN w.id AS w, a.id AS a, w.reason AS r"
    ).to_pandas()
    assert rows.to_dict("records") == [{"w": "instagram:501", "a": "instagram:501", "r": "aduan"}]
