"""Rosters, accounts, coverage and terms, from the file to the answer, on both engines."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import graphwatch
from graphwatch.casework.coverage import AgencyCoverage, withheld
from graphwatch.errors import InputError, KeyMissing, KeyWrong, TermsConflict
from graphwatch.ingest.batches import Loaded
from graphwatch.ingest.provenance import Provenance
from graphwatch.privacy.vault import Vault
from graphwatch.project import Project
from graphwatch.store.address import Address

BUDI, BUDI_TOO, SITI, STRANGER = (f"1990010120150310{n:02}" for n in range(2, 6))
ROSTER = (
    "nip,name,agency,agency_name,parent,kind,valid_from,valid_to",
    f'{BUDI},"Drs. Budi Rahasia, M.Si",A,Dinas A,P,pns,2024-01-01,',
    f"{BUDI_TOO},budi rahasia,A,Dinas A,P,pppk,1 Januari 2024,",
    f"{SITI},Siti Rahasia,B,Dinas B,P,pns,01/01/2024,31/12/2024",
)
ACCOUNTS = (
    "platform,account,handle,nip,agency,basis,valid_from,valid_to",
    f"x,1,budi,{BUDI},,verified,,",
    f"x,1,budi,{BUDI_TOO},,self-declared,,",
    f"instagram,,siti,{SITI},,confirmed-by-superior,2024-01-01,2024-06-30",
    f"instagram,,siti,{BUDI},,verified,2024-07-01,",
    f"x,7,,{STRANGER},,verified,,",
    "x,9,dinas_a,,A,,,",
)
ACTS = (
    "account,account_handle,object,kind,platform,at",
    "1,budi,p1,komentar,x,2024-10-01T23:30:00+07:00",
    "1,budi,p2,komentar,x,2024-10-01T16:30:00Z",
    "1,budi,p2,like,x,",
    "55,orang,p2,komentar,x,2024-10-04T17:00:00Z",
    "55,orang,p2,komentar,x,2024-10-06T16:59:59Z",
)


def write(folder: Path, name: str, lines: tuple[str, ...]) -> Path:
    path = folder / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def fill(project: Project, folder: Path) -> dict[str, list[str]]:
    notes = {}
    for kind, lines in (("interactions", ACTS), ("roster", ROSTER), ("accounts-of-asn", ACCOUNTS)):
        notes[kind] = project.load(write(folder, f"{kind}.csv", lines), kind=kind).notes
    return notes


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with graphwatch.open(tmp_path / "s.gw", create=True) as opened:
        yield opened


@pytest.fixture
def load(project: Project, tmp_path: Path) -> Callable[..., Loaded]:
    def run(kind: str, *lines: str, name: str | None = None, **stated: str) -> Loaded:
        path = write(tmp_path, name or f"{kind}.csv", lines)
        return project.load(path, kind=kind, provenance=Provenance(**stated) if stated else None)

    return run


def everything(project: Project) -> str:
    return str([(name, [b.to_pylist() for b in table.batches]) for name, table in project.store.dump()])


def test_names_and_nips_are_in_the_vault_and_nowhere_else(project: Project, tmp_path: Path) -> None:
    fill(project, tmp_path)
    project.load(
        write(tmp_path, "bad.csv", (ROSTER[0], f"{BUDI},Rahasia,A,,,dosen,,", f"{SITI},Siti,B,,,,,")), kind="roster"
    )
    assert {row["name"] for row in Vault(project.folder).persons().to_pylist()} >= {"budi rahasia", "Siti"}
    secrets = (BUDI, BUDI_TOO, SITI, STRANGER, "Rahasia")
    assert not any(secret in everything(project) for secret in secrets)
    for path in (p for p in project.folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert not any(secret.encode() in content for secret in secrets), path.name


def test_namesakes_are_counted_over_all_rosters(project: Project, load: Callable[..., Loaded]) -> None:
    counts = "MATCH (p:Asn)-[:WORKS_AT]->(:Agency) RETURN p.id AS id, p.namesakes AS n ORDER BY n"
    load("roster", *ROSTER)
    assert project.query(counts).to_pandas()["n"].tolist() == [0, 1, 1]
    load("roster", ROSTER[0], f"{STRANGER},Siti Rahasia,C,,,pns,,", name="more.csv")
    assert project.query(counts).to_pandas()["n"].tolist() == [1, 1, 1, 1]
    assert project.verify() == {}


def test_the_same_again_changes_nothing_and_what_is_new_is_added(project: Project, load: Callable[..., Loaded]) -> None:
    load("roster", *ROSTER)
    before, vault = everything(project), Vault(project.folder).path.read_bytes()
    assert load("roster", *ROSTER).already
    assert everything(project) == before
    assert Vault(project.folder).path.read_bytes() == vault
    written = {w.element: (w.new, w.changed) for w in load("roster", *ROSTER, name="s.csv", terms_note="copy").written}
    assert not written, "the same bytes under another name are the same file"
    again = load("roster", ROSTER[0], *reversed(ROSTER[1:]), name="reversed.csv")
    assert {w.new for w in again.written} == {0}


def test_two_persons_with_one_nip_are_stated(load: Callable[..., Loaded]) -> None:
    clash = f"{BUDI},Orang Lain,B,,,pns,,"
    assert "in rows 2 and 3" in load("roster", *ROSTER[:2], clash).notes[0]
    later = load("roster", ROSTER[0], f"{BUDI},Orang Ketiga,B,,,pns,,", name="later.csv").notes
    assert later == ["1 row with another name than an earlier roster gave: 2"]


def test_an_account_of_two_persons_keeps_both_links_and_is_stated(project: Project, tmp_path: Path) -> None:
    notes = fill(project, tmp_path)["accounts-of-asn"]
    assert notes[1:] == ["1 row with an NIP that is on no roster loaded so far: 6"]
    assert "1 account: x:1" in notes[0]
    assert notes[0].count(":2,") == notes[0].count(":3)") == 1
    links = project.query("MATCH (:Account)-[b:BELONGS_TO]->(:Asn) RETURN b.basis AS basis")
    assert len(links) == 5, "those of instagram:siti follow each other and are no dispute"


def test_an_account_of_a_person_and_an_agency_is_disputed(project: Project, load: Callable[..., Loaded]) -> None:
    load("accounts-of-asn", ACCOUNTS[0], f"x,9,dinas_a,{SITI},,verified,,", *ACCOUNTS[6:])
    roster = project.coverage().roster
    assert roster
    [dispute] = roster.disputed
    assert (dispute.account, dispute.persons, dispute.agencies) == ("x:9", 1, 1)


def test_a_handle_meets_the_account_that_has_it(project: Project, load: Callable[..., Loaded]) -> None:
    load("interactions", *ACTS)
    load("accounts-of-asn", ACCOUNTS[0], f"x,,@BUDI,{BUDI},,verified,,", f"x,,belum_ada,{SITI},,verified,,")
    links = project.query("MATCH (a:Account)-[:BELONGS_TO]->(:Asn) RETURN a.id AS id ORDER BY id").to_pandas()
    assert links["id"].tolist() == ["x:1", "x:belum_ada"]
    load("interactions", ACTS[0], "88,Belum_ada,p1,komentar,x,", name="later.csv")
    links = project.query("MATCH (a:Account)-[:BELONGS_TO]->(:Asn) RETURN a.id AS id ORDER BY id").to_pandas()
    assert links["id"].tolist() == ["x:1", "x:88"]
    roster = project.coverage().roster
    assert roster
    assert roster.handles_elsewhere == 0


def test_the_wrong_key_and_a_missing_one_stop_the_load(project: Project, load: Callable[..., Loaded]) -> None:
    load("roster", *ROSTER)
    before, key = everything(project), project.folder / "keys" / "roster.key"
    kept = key.read_bytes()
    key.write_bytes(b"x" * 32)
    with pytest.raises(KeyWrong, match=r"roster\.key"):
        load("accounts-of-asn", *ACCOUNTS)
    key.unlink()
    with pytest.raises(KeyMissing, match=r"Copy roster\.key"):
        load("accounts-of-asn", *ACCOUNTS)
    assert not key.exists()
    key.write_bytes(kept)
    key.chmod(0o600)
    (project.folder / "keys" / "vault.key").rename(project.folder / "keys" / "away.key")
    with pytest.raises(KeyMissing, match=r"vault\.key"):
        load("accounts-of-asn", *ACCOUNTS)
    assert everything(project) == before


def test_a_load_that_fails_leaves_no_vault(project: Project, load: Callable[..., Loaded]) -> None:
    with pytest.raises(InputError, match="no column gives 'nip'"):
        load("roster", "nama,opd", "Budi Rahasia,A")
    with pytest.raises(InputError):
        load("roster", "nip,agency", ",A")
    assert Vault(project.folder).fingerprint() is None
    assert not project.store.exists


@pytest.mark.parametrize("roster_first", [True, False])
def test_a_roster_and_x_api_data_need_somebodys_approval(
    project: Project, load: Callable[..., Loaded], roster_first: bool
) -> None:
    def roster(**stated: str) -> Loaded:
        return load("roster", *ROSTER, **stated)

    def data(**stated: str) -> Loaded:
        return load("interactions", *ACTS, acquisition="x-api", **stated)

    first, second = (roster, data) if roster_first else (data, roster)
    first()
    before = everything(project)
    with pytest.raises(TermsConflict, match=r"docs\.x\.com/developer-terms") as failed:
        second()
    assert "--terms-approved" in str(failed.value)
    assert everything(project) == before
    second(terms_approved="X, letter 12 of 2 May 2024")
    approved = project.query("MATCH (s:Source) RETURN s.terms_approved AS t ORDER BY s.loaded_at_ms").to_pandas()["t"]
    assert approved.dropna().tolist() == ["X, letter 12 of 2 May 2024"]
    assert project.provenance().terms_approved is None


def test_other_platforms_and_ways_need_no_approval(project: Project, load: Callable[..., Loaded]) -> None:
    load("roster", *ROSTER)
    load("interactions", *ACTS, acquisition="manual patrol")
    load("interactions", *(line.replace(",x,", ",youtube,") for line in ACTS), name="y.csv", acquisition="YouTube API")
    with pytest.raises(TermsConflict):
        load("interactions", *ACTS[:2], name="api.csv", acquisition="X API v2", terms_approved="  ")


def test_coverage_counts_what_can_be_seen(project: Project, tmp_path: Path) -> None:
    fill(project, tmp_path)
    found = project.coverage()
    roster = found.roster
    assert roster is not None
    assert (roster.persons, roster.with_account, roster.seen, roster.namesakes, roster.strangers) == (3, 3, 2, 2, 1)
    assert [(a.agency, a.name, a.persons, a.with_account, a.duty_accounts) for a in roster.agencies] == [
        ("A", "Dinas A", 2, 2, 1),
        ("B", "Dinas B", 1, 1, 0),
    ]
    assert [(p.platform, p.accounts, p.persons, p.seen) for p in roster.platforms] == [
        ("instagram", 1, 2, 0),
        ("x", 2, 3, 1),
    ]
    assert [(b.basis, b.accounts, b.persons) for b in roster.bases] == [
        ("confirmed-by-superior", 1, 1),
        ("self-declared", 1, 1),
        ("verified", 3, 2),
    ]
    kinds = {(k.platform, k.kind): k for k in found.kinds}
    assert {platform for platform, _ in kinds} == {"instagram", "x"}
    assert (kinds["x", "LIKED"].seen, kinds["x", "LIKED"].interactions, kinds["x", "LIKED"].untimed) == ("no", 1, 1)
    comments = kinds["x", "COMMENTED"]
    assert (comments.interactions, comments.first_day, comments.last_day) == (4, "2024-10-01", "2024-10-06")
    assert (found.interactions, found.untimed, found.days, found.days_without) == (5, 1, 6, 3)
    assert found.gaps == (("2024-10-02", "2024-10-04"),), "days begin at midnight in Jakarta"


def test_coverage_of_a_store_without_interactions_or_roster(project: Project, load: Callable[..., Loaded]) -> None:
    load("paslon", "paslon,number", "1,1")
    found = project.coverage()
    assert (found.roster, found.kinds, found.first_day, found.days, found.gaps) == (None, (), None, 0, ())


def test_small_numbers_are_withheld_and_cannot_be_worked_out() -> None:
    def shown(*numbers: tuple[int, int]) -> list[bool]:
        agencies = tuple(AgencyCoverage(str(i), None, *n, 0) for i, n in enumerate(numbers))
        return [a.persons is not None for a in withheld(agencies)]

    assert shown((100, 50), (60, 0), (20, 20)) == [True, True, True]
    assert shown((100, 4), (60, 57), (20, 10)) == [False, False, True]
    assert shown((100, 50), (60, 30), (4, 0)) == [True, False, False], "one alone is what the total leaves over"
    assert shown((3, 0)) == [False]


@pytest.fixture
def server(neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_address.username)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_address.password)
    with graphwatch.open(neo4j_address.uri, project=tmp_path / "project", create=True) as opened:
        yield opened


def test_a_server_gives_the_same_and_keeps_the_vault_beside_it(
    project: Project, server: Project, tmp_path: Path
) -> None:
    server.folder.joinpath("keys").mkdir(parents=True)
    notes = fill(project, tmp_path)
    shutil.copy(project.folder / "keys" / "roster.key", server.folder / "keys")
    assert fill(server, tmp_path) == notes
    assert server.coverage() == project.coverage()
    assert server.load(tmp_path / "roster.csv", kind="roster").already
    labels = ("Asn", "Agency")
    for label in labels:
        rows = [d.query(f"MATCH (n:{label}) RETURN n.id, n.sources ORDER BY n.id") for d in (project, server)]
        assert rows[0] == rows[1]
    assert Vault(server.folder).persons() == Vault(project.folder).persons()
    (server.folder / "keys" / "roster.key").write_bytes(b"y" * 32)
    with pytest.raises(KeyWrong):
        server.load(write(tmp_path, "more.csv", (*ROSTER[:2],)), kind="roster")
    everything_there = json.dumps(server.query("MATCH (n) RETURN n").to_arrow().to_pylist())
    assert not any(secret in everything_there for secret in (BUDI, SITI, "Rahasia"))
