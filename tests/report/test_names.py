"""Names of persons in what is handed on: whose they are, who has none, and what is left of it elsewhere."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.fernet import Fernet
from graph_rows import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from report import case_store as made_of
from roster_rows import belongs

from graphwatch.common.clock import Validity
from graphwatch.errors import GraphwatchError, KeyMissing, KeyWrong, UsageError
from graphwatch.model.tables import relation_rows
from graphwatch.privacy.vault import Vault
from graphwatch.project import Project
from graphwatch.repository.roster import Holding
from graphwatch.rights.unmasking import holder, persons_of

LONG = "Rahasia" * 72
COMMAND = "=cmd|' /C calc'!A0"
NAMES = ("Drs. Budi Rahasia, M.Si", LONG, made_of.RTL + " \u202eAhmad", COMMAND, HOSTILE, "Siti Rahasia")
NIPS = tuple(f"1990010120150310{n:02}" for n in range(len(NAMES)))
ASN = tuple(f"asn-{account}" for account in made_of.STAFF)
ASKED: Any = {"unmask": "names", "reason": "klarifikasi kasus 12"}


def keep(project: Project, names: tuple[str | None, ...] = NAMES) -> None:
    rows = [{"id": id, "nip": nip, "name": name} for id, nip, name in zip(ASN, NIPS, names, strict=True)]
    schema = pa.schema([(column, pa.string()) for column in ("id", "nip", "name")])
    Vault(project.folder).keep(pa.Table.from_pylist(rows, schema=schema))


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    filled = fill_project(made_of.fill)
    keep(filled)
    return filled


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The same on the embedded engine, made once for tests that only read."""
    with made_of.made(tmp_path_factory.mktemp("names")) as project:
        keep(project)
        yield project


def log(project: Project) -> list[dict[str, Any]]:
    file = project.folder / "access.log"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def members(project: Project, folder: Path, **options: Any) -> list[tuple[Any, ...]]:
    path = folder / "out.xlsx"
    project.report("cluster", "1", path=path, to="xlsx", lang="en", **{**ASKED, **options})
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return list(book["Members"].iter_rows(min_row=3, values_only=True))


def test_a_workbook_has_each_name_beside_its_account(project: Project, tmp_path: Path) -> None:
    rows = members(project, tmp_path)
    assert [row[2] for row in rows[:2]] == list(NAMES[:2])
    assert rows[3][2] == COMMAND
    assert rows[4][2] == HOSTILE
    assert "⟨U+202E⟩" in rows[2][2]
    assert {row[2] for row in rows[6:]} == {"– (no link in force)"}
    assert all(row[1].startswith("A-") for row in rows[6:])
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all("contains names of persons" in sheet["A1"].value for sheet in book.worksheets[1:])
    evidence = list(book["Evidence"].iter_rows(min_row=3, values_only=True))
    assert {row[3] for row in evidence if "ani_hostile" in row[2]} == {NAMES[0]}
    assert not [nip for nip in NIPS for cell in cells if nip in str(cell.value)]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("contains names of persons", "accounts; persons: 6", "2 accounts that the roster linked to nobody")),
     ("id", ("memuat nama orang", "Diberi nama: 6 akun milik 6 orang", "2 akun yang pada saat bertindak"))],
)  # fmt: skip
@pytest.mark.parametrize("to", ["html", "md"])
def test_a_document_says_that_it_has_names_and_of_how_many(
    kept: Project, tmp_path: Path, language: str, said: tuple[str, ...], to: Any
) -> None:
    done = kept.report("cluster", "1", path=tmp_path / "out", to=to, lang=language, **ASKED)
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert done.persons == 6
    assert all(words in text for words in said)
    # In the title, at the head, in the notice and in the margin of every printed page.
    assert text.count(said[0]) >= (4 if to == "html" else 3)
    assert "Budi Rahasia" in text
    assert "<script>" not in text
    assert not [nip for nip in NIPS if nip in text]


def test_a_dossier_of_an_account_names_its_person_and_nobody_else(kept: Project, tmp_path: Path) -> None:
    done = kept.report("account", made_of.ACCOUNTS[0], path=tmp_path / "out", to="html", lang="en", **ASKED)
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert done.persons == 1
    assert "Whose account it is, by the roster: Drs. Budi Rahasia, M.Si" in text
    assert "Siti Rahasia" not in text
    # Its partners have handles where they are on the roster; those off it stay masked.
    assert "budi|pipe`tick" in text
    assert "sari_lestari" not in text


@pytest.mark.parametrize("unmask", [False, True, "handles"])
def test_without_being_asked_for_no_name_is_opened(kept: Project, tmp_path: Path, unmask: Any) -> None:
    reason = "case 12" if unmask else None
    before = len(log(kept))
    done = kept.report("cluster", "1", path=tmp_path / "out", to="md", unmask=unmask, reason=reason)
    page = kept.view(unmask=unmask, reason=reason).html
    assert done.persons is None
    text = (tmp_path / "out").read_text(encoding="utf-8") + page
    assert not [word for word in ("Rahasia", "Nama orang", 'data-text="page.named"') if word in text]
    assert [line["details"]["opened"] for line in log(kept)[before:]] == (["handles"] * 2 if unmask else [])


def test_the_log_has_how_many_and_never_who(kept: Project, tmp_path: Path) -> None:
    kept.report("cluster", "1", path=tmp_path / "out.html", **ASKED)
    kept.export(tmp_path / "out.gexf", to="gexf", **ASKED)
    kept.view(**ASKED)
    lines = log(kept)[-3:]
    assert [line["details"]["opened"] for line in lines] == ["names"] * 3
    assert [line["details"]["persons"] for line in lines] == [6] * 3
    assert [line["details"].get("file") for line in lines] == ["out.html", "out.gexf", None]
    assert {line["reason"] for line in lines} == {ASKED["reason"]}
    assert all(line["who"] for line in lines)
    kept.verify_log()


@pytest.mark.parametrize(
    ("reason", "file"),
    [("tentang budi  rahasia", "out.html"), (f"NIP {NIPS[5]}", "out.html"), ("kasus 12", "dr-siti_RAHASIA.html")],
)
def test_a_reason_or_file_that_names_a_person_is_refused(kept: Project, tmp_path: Path, reason: str, file: str) -> None:
    before = log(kept)
    with pytest.raises(UsageError, match="names a person") as refused:
        kept.report("cluster", "1", path=tmp_path / file, unmask="names", reason=reason)
    assert "ahasia" not in str(refused.value)
    assert not list(tmp_path.iterdir())
    assert log(kept) == before


def test_names_stay_out_of_graph_journal_and_log(project: Project, tmp_path: Path) -> None:
    project.report("cluster", "1", path=tmp_path / "out.html", **ASKED)
    project.export(tmp_path / "out.json", to="json", **ASKED)
    rows = str([(name, [batch.to_pylist() for batch in table.batches]) for name, table in project.store.dump()])
    assert "Siti Rahasia" not in rows
    files = [path for path in project.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"Rahasia" in path.read_bytes()]


def lost(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.folder / "keys" / "vault.key").unlink()


def other(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHWATCH_VAULT_KEY", Fernet.generate_key().decode())


def gone(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.folder / "vault" / "persons.vault").unlink()


@pytest.mark.parametrize(("happened", "error"), [(lost, KeyMissing), (other, KeyWrong), (gone, KeyMissing)])
def test_a_vault_that_does_not_open_stops_it_before_anything_is_written(
    copied_project: Callable[[Any], Project],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    happened: Any,
    error: type[GraphwatchError],
) -> None:
    project = copied_project(made_of.fill)
    keep(project)
    happened(project, monkeypatch)
    for call in (
        lambda: project.report("cluster", "1", path=tmp_path / "out", **ASKED),
        lambda: project.report("account", made_of.ACCOUNTS[0], path=tmp_path / "out", **ASKED),
        lambda: project.export(tmp_path / "out", **ASKED),
        lambda: project.view(**ASKED),
    ):
        with pytest.raises(error) as raised:
            call()
        assert raised.value.args[0].count("\n") == 1
    assert not (tmp_path / "out").exists()
    assert log(project) == []
    project.report("cluster", "1", path=tmp_path / "out", unmask=True, reason="handles need no vault")


def test_who_may_be_another_has_no_name(project: Project, tmp_path: Path) -> None:
    day = 86_400_000
    first = min(
        a["at_ms"] for a in project.query("MATCH ()-[i:LIKED]->() RETURN i.at_ms AS at_ms").to_arrow().to_pylist()
    )
    one, two, three = made_of.ACCOUNTS[:3]
    off, later = made_of.ACCOUNTS[6:]
    belongs(
        project,
        {"account": one, "asn": ASN[5], "basis": "self-declared"},
        {"account": off, "asn": ASN[5], "basis": "verified", "from_ms": first + day},
        {"account": later, "asn": ASN[5], "basis": "verified", "from_ms": first + 90 * day},
    )
    duty = {"from": two, "to": made_of.AGENCY, "id": "o-2"}
    with project.store.write("load") as writing:
        writing.add(relation_rows("OPERATED_BY", "Account", "Agency", [duty]))
    Vault(project.folder).forget([ASN[2]])
    why = dict(zip(made_of.ACCOUNTS, (row[2] for row in members(project, tmp_path)), strict=True))
    assert why[one] == why[two] == "– (several holders)"
    assert why[three] == "– (not in the vault)"
    assert why[off] == "– (link in force in part)"
    assert why[later] == "– (no link in force)"
    assert why[made_of.ACCOUNTS[5]] == "Siti Rahasia"
    network = nx.node_link_graph(exported(project, tmp_path / "n.json", "json"), edges="edges")
    assert {n for n, at in network.nodes(data=True) if "person" in at} == set(made_of.ACCOUNTS[3:6])
    unnamed = {n: at["unnamed"] for n, at in network.nodes(data=True) if "unnamed" in at}
    assert unnamed == {one: "several", two: "several", three: "unknown", off: "partly", later: "nobody"}
    assert persons_of(project.workspace, {one: [first], later: [first]}).reasons == {"nobody": 1, "several": 1}


def exported(project: Project, path: Path, to: Any) -> Any:
    done = project.export(path, to=to, **ASKED)
    assert done.named is not None
    return json.loads(path.read_text(encoding="utf-8")) if to in ("json", "cytoscape") else None


LINKS = st.lists(
    st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=4
)


@given(LINKS, LINKS, st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_a_name_stands_only_where_one_person_held_it_at_every_act(
    people: list[Any], agencies: list[Any], times: list[int]
) -> None:
    def rows(links: list[Any]) -> list[Holding]:
        return [Holding("x:1", h, "verified", Validity(f, t)) for h, f, t in links]

    def holding(links: list[Any], time: int) -> set[str]:
        return {h for h, f, t in links if (f is None or f <= time) and (t is None or time < t)}

    at_each = [holding(people, time) for time in times]
    duty = any(holding(agencies, time) for time in times)
    found, why = holder(rows(people), rows(agencies), times)
    if found is None:
        assert (
            set().union(*at_each) == set()
            or duty
            or any(len(held) != 1 for held in at_each)
            or len(set().union(*at_each)) > 1
        )
        assert (why == "nobody") == (not set().union(*at_each) and not duty)
    else:
        assert all(held == {found} for held in at_each)
        assert not duty


def test_every_form_of_export_has_the_names_and_none_lets_them_run(kept: Project, tmp_path: Path) -> None:
    for to in ("html", "gexf", "graphml", "csv", "gephi-csv", "parquet", "json", "cytoscape"):
        assert kept.export(tmp_path / to, to=to, **ASKED).named == 6
    gexf = nx.read_gexf(tmp_path / "gexf")
    assert sorted(at["person"] for _, at in gexf.nodes(data=True) if "person" in at)[-1].startswith("\u0645")
    assert "memuat nama orang" in (tmp_path / "gexf").read_text(encoding="utf-8")
    for folder in ("csv", "gephi-csv"):
        text = (tmp_path / folder / "nodes.csv").read_text(encoding="utf-8")
        assert f"'{COMMAND}" in text
        assert "Siti Rahasia" in text
    table = pq.read_table(tmp_path / "parquet" / "nodes.parquet")
    assert table["person"].null_count == table.num_rows - 6
    for name in ("graphml", "json", "cytoscape"):
        assert "Siti Rahasia" in (tmp_path / name).read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="belong in no graph"):
        kept.export(tmp_path / "neo", to="neo4j-csv", **ASKED)
    assert not (tmp_path / "neo").exists()


def test_files_without_names_have_no_place_for_them(kept: Project, tmp_path: Path) -> None:
    kept.export(tmp_path / "csv", to="csv", unmask=True, reason="case 12")
    kept.export(tmp_path / "gexf", to="gexf")
    assert "person" not in (tmp_path / "csv" / "nodes.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert 'title="person"' not in (tmp_path / "gexf").read_text(encoding="utf-8")


def test_what_cannot_be_opened_is_said(kept: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="handles or names"):
        kept.report("cluster", "1", path=tmp_path / "out", unmask="nip", reason="case 12")
    with pytest.raises(UsageError, match="with a reason"):
        kept.export(tmp_path / "out", unmask="names")
    with pytest.raises(UsageError, match="names nobody"):
        kept.report("summary", path=tmp_path / "out", **ASKED)


def test_a_store_without_a_vault_still_opens_handles(copied_project: Callable[[Any], Project], tmp_path: Path) -> None:
    project = copied_project(made_of.fill)
    assert project.report("cluster", "1", path=tmp_path / "out", unmask="handles", reason="case 12").persons is None
