"""`store forget`, `store expire`, `store about` and `log`, as a user calls them."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]
NIP = "199001012015031002"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / "s.gw"
    (tmp_path / "a.csv").write_text(
        "account,object,kind,platform,at,account_handle,text\n"
        "81234567,p1,comment,x,2024-10-01T01:00Z,sari_88,mantap\n2,p1,comment,x,2024-10-01T01:01Z,budi,hai @sari_88\n"
    )
    (tmp_path / "r.csv").write_text(f"nip,name,agency\n{NIP},Siti Contoh,dinas\n")
    (tmp_path / "l.csv").write_text(f"platform,account,nip,basis\nx,81234567,{NIP},verified\n")
    (tmp_path / "c.csv").write_text("number,account,platform,text,complainant\nA1,@sari_88,x,suka,Pelapor Rahasia\n")
    with graphwatch.open(place, create=True) as project:
        for name, kind in (("a", "interactions"), ("r", "roster"), ("l", "accounts-of-asn"), ("c", "complaints")):
            project.load(tmp_path / f"{name}.csv", kind=kind)
    return place


def test_everything_about_somebody_is_told_and_that_is_logged(run: Run, store: Path) -> None:
    told = json.loads(run("store", "about", "--asn", NIP, "--json", "--store", store).out)
    assert (told["person"]["nip"], told["person"]["name"]) == (NIP, "Siti Contoh")
    assert [a["id"] for a in told["accounts"]] == ["x:81234567"]
    assert [i["text"] for i in told["interactions"]] == ["mantap"]
    assert told["links"][0]["basis"] == "verified"
    assert told["complaints"][0]["complaint"] == "A1"
    assert {s["kind"] for s in told["sources"]} == {"interactions", "accounts-of-asn", "roster", "complaints"}
    assert "Rahasia" not in json.dumps(told)
    plain = run("store", "about", "--account", "@sari_88", "--store", store)
    assert "interactions: 1" in plain.out
    logged = run("log", "show", "--json", "--store", store)
    assert [row["action"] for row in json.loads(logged.out)] == ["about", "about"]
    assert "sari" not in logged.out


def test_forgetting_proves_itself_and_is_verified(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NIP}\n"))
    done = run("store", "forget", "--asn", "-", "--reason", "permintaan 1", "--store", store)
    assert done.status == 0, done.err
    assert done.out.startswith("0 found in ")
    assert NIP not in done.out + done.err
    assert run("store", "verify", "--store", store).status == 0
    assert run("store", "forget", "--account", "x:81234567", "--reason", "lagi", "--store", store).status == 1
    assert run("store", "forget", "--account", "x:2", "--store", store).status == 2
    again = shutil.copy(tmp_path / "a.csv", tmp_path / "b.csv")
    Path(again).write_text(Path(again).read_text() + "3,p1,comment,x,2024-10-01T01:02Z,wati,\n")
    loaded = run("load", again, "--store", store)
    assert "1 rows left out" in loaded.err
    head = run("log", "verify", "--store", store).out.strip()
    assert run("log", "verify", "--noted", head, "--store", store).status == 0
    assert run("store", "forget", "--resume", "--store", store).status == 0


def test_an_unfinished_erasure_is_said_and_a_found_trace_fails(run: Run, store: Path) -> None:
    (store / "notes.txt").write_text("@sari_88")
    done = run("store", "forget", "--account", "@sari_88", "--reason", "permintaan", "--store", store)
    assert done.status == 1
    assert "notes.txt" in done.err
    (store / "forgetting.json").write_text("{")
    assert run("store", "forget", "--resume", "--store", store).status == 1


def test_a_removal_that_was_stopped_says_what_it_resumes(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("graphwatch.rights.retention.carry_out", stopped)
        assert run("store", "remove", "a.csv", "--reason", "wrong zone", "--store", store).status == 130
    done = run("store", "forget", "--resume", "--store", store)
    assert done.status == 0
    assert "(a.csv) was removed, which had been stopped" in done.err
    assert "expired" not in done.err


def test_a_tampered_line_is_named_and_a_cut_one_found_by_the_note(run: Run, store: Path) -> None:
    for _ in range(3):
        run("store", "about", "--account", "x:2", "--store", store)
    head = run("log", "verify", "--store", store).out.strip()
    log = store / "access.log"
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:2]))
    assert run("log", "verify", "--store", store).status == 0
    assert run("log", "verify", "--noted", head, "--store", store).status == 1
    log.write_text(lines[0] + lines[1].replace("subject", "other") + lines[2])
    told = run("log", "verify", "--store", store)
    assert told.status == 1
    assert "line 2" in told.err
    shown = run("log", "show", "--store", store)
    assert shown.status == 1
    assert shown.out.count("about") == 3


def test_expiring_says_what_has_no_date(run: Run, store: Path) -> None:
    told = run("store", "expire", "--dry-run", "--store", store)
    assert told.status == 0
    assert "No source has expired" in told.err
    assert "4 sources have no last day" in told.err
