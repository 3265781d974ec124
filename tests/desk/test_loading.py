"""Loading in the browser: files are brought, looked at, rehearsed, loaded and taken back; hostile ones harm nothing."""

import io
import stat
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from desk.conftest import BASE, Visitor

import graphwatch
from graphwatch.desk import uploads
from graphwatch.errors import InputError, NothingFound, UsageError

POST = b"https://www.instagram.com/p/DAbtDE4kGZp/"
LIKES = (
    b"Akun,Tautan Postingan,Jenis,Waktu\n"
    b'"<img/src=x/onerror=alert(1)>",%b,suka,2024-10-01 08:00:01\n'
    b"@budi_s,%b,suka,2024-10-01 08:00:09\n"
    b"@sari,,suka,2024-10-01 08:00:12\n"
) % (POST, POST)


@pytest.fixture
def fresh(tmp_path: Path) -> Visitor:
    return Visitor(tmp_path / "kantor.gw").enter()


def bring(visitor: Visitor, *files: tuple[str, bytes]) -> httpx.Response:
    form = {"form_token": visitor.form_token}
    brought = [("file", (name, content)) for name, content in files]
    return visitor.ask("POST", "/load", data=form, files=brought, headers={"Origin": BASE})


def followed(visitor: Visitor, answer: httpx.Response) -> httpx.Response:
    """The screen that a form leads to, once what it began is over."""
    for _ in range(400):
        if answer.status_code == 303:
            answer = visitor.get(answer.headers["location"])
        elif answer.headers.get("refresh"):
            work = visitor.desk.works.running
            if work is not None:
                work.over.wait(60)
            answer = visitor.get(str(answer.request.url.path))
        else:
            return answer
    raise AssertionError("the work does not end")


def test_a_file_is_looked_at_rehearsed_loaded_and_taken_back(fresh: Visitor, tmp_path: Path) -> None:
    fresh.post("/language", lang="en", back="/queries")
    address = bring(fresh, ("../../likes <b>.csv", LIKES)).headers["location"]
    looked = fresh.get(address).text
    assert "likes _b_.csv" in looked
    assert "&lt;img/src=x" in looked
    assert "<img" not in looked
    assert 'value="instagram"' in looked
    assert "--map &#39;Tautan Postingan=object&#39;" in looked
    columns = {"c.account": "0", "c.object": "1", "c.kind": "2", "c.at": "3", "s.platform": "instagram"}
    form = {"how": "kind:interactions", **columns, "time": "acted", "timezone": "Asia/Jakarta"}
    form |= {"acquisition": "manual patrol", "legal_basis": "UU 10/2016", "keep_until": "2031-01-01"}

    wrong = followed(fresh, fresh.post(f"{address}/begin", **form | {"keep_until": "soon"}, do="rehearse"))
    assert 'role="alert"' in wrong.text
    assert "2025-03-31" in wrong.text
    rehearsed = followed(fresh, fresh.post(f"{address}/begin", **form, do="rehearse")).text
    assert "2 rows taken, 1 refused" in rehearsed
    assert "See them one by one (1)" in rehearsed
    assert not (tmp_path / "kantor.gw" / "journal").exists()

    loaded = followed(fresh, fresh.post(f"{address}/begin", do="load"))
    assert "2 rows taken, 1 refused" in loaded.text
    assert urlsplit(str(loaded.request.url)).path.startswith("/loaded/")
    assert fresh.get(address).status_code == 404
    with graphwatch.open(tmp_path / "kantor.gw") as project:
        (source,) = project.query("sources")
        assert project.provenance().legal_basis == "UU 10/2016"
    assert (source["file"], source["keep_until"]) == ("likes _b_.csv", "2031-01-01")
    assert source["source"] in fresh.get("/load").text

    undo = f"/sources/{source['source']}"
    assert "Shared" not in fresh.get(undo).text
    assert fresh.post(f"{undo}/remove", reason=" ").status_code == 400
    assert "undone" in followed(fresh, fresh.post(f"{undo}/remove", reason="wrong zone")).text
    with graphwatch.open(tmp_path / "kantor.gw") as project:
        assert project.info().counts["LIKED"] == 0


def test_refused_rows_are_corrected_at_the_desk_and_their_source_says_so(fresh: Visitor, tmp_path: Path) -> None:
    content = LIKES.replace(b"@sari,,", b"@sari,%b," % POST) + b'@tono,"%b",sukses?,"2024-10-01\n"\n@wati,%b,%b,x\n' % (
        POST, POST, b"suka"
    )  # fmt: skip
    content = content.replace(b"2024-10-01 08:00:12", b"kemarin")
    address = bring(fresh, ("likes.csv", content)).headers["location"]
    columns = {"c.account": "0", "c.object": "1", "c.kind": "2", "c.at": "3", "s.platform": "instagram"}
    form = {"how": "kind:interactions", **columns, "time": "acted", "timezone": "Asia/Jakarta"}
    form["acquisition"] = "manual patrol"
    rehearsed = followed(fresh, fresh.post(f"{address}/begin", **form, do="rehearse"))
    assert "x.4.3" not in rehearsed.text  # nobody has said who corrects
    assert fresh.post(f"{address}/correct", **{"x.4.3": "2024-10-01 08:00:12"}).status_code == 400
    fresh.post("/name", name="Sari W", back="/queries")
    shown = fresh.get(f"{rehearsed.request.url.path}?{rehearsed.request.url.query.decode()}").text
    assert 'name="x.4.3" value="kemarin"' in shown
    assert 'name="x.5.2" value="sukses?"' in shown
    assert 'name="x.7.3" value="x"' in shown  # the row above has two lines
    assert fresh.post(f"{address}/correct", **{"x.4.3": "kemarin", "x.9999.0": "y", "x.4.999": "z"}).status_code == 400
    given = {"x.4.3": "2024-10-01 08:00:12", "x.5.2": "sukses?", "x.7.3": "2024-10-01 08:01:00"}
    made = fresh.post(f"{address}/correct", **given).headers["location"]
    assert made != address
    followed(fresh, fresh.post(f"{made}/begin", do="load"))
    with graphwatch.open(tmp_path / "kantor.gw") as project:
        (source,) = project.query("sources")
        assert source["rows_taken"] == 2
        assert "manual patrol; 2 " in source["acquisition"]
        assert "4 «Waktu», 7 «Waktu»" in source["acquisition"]
        assert project.provenance().acquisition is None
        (logged,) = project.access_log(action="correct")
    assert logged["details"]["cells"][0] == {
        "row": 4, "column": "Waktu", "from": "kemarin", "to": "2024-10-01 08:00:12",
    }  # fmt: skip
    assert fresh.get(address).status_code == 200  # the file itself still waits


def test_cells_of_persons_are_not_shown(fresh: Visitor) -> None:
    roster = b"NIP,Nama,OPD\n199001012015031001,Budi Santoso,Dinas A\n"
    address = bring(fresh, ("roster.csv", roster)).headers["location"]
    looked = fresh.get(address).text
    assert "kind:roster" in looked
    assert "Budi" not in looked
    assert "199001012015031001" not in looked


def test_archives_are_unpacked_within_limits(fresh: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../etc/a.csv", LIKES)
        archive.writestr("__MACOSX/a.csv", b"x")
        archive.writestr("folder/b.csv", LIKES)
    assert bring(fresh, ("all.zip", packed.getvalue())).headers["location"] == "/load"
    waiting = list(fresh.desk.uploads)
    assert sorted(upload.name for upload in waiting) == ["a.csv", "b.csv"]
    for upload in waiting:
        assert stat.S_IMODE(upload.path.parent.parent.stat().st_mode) == 0o700
    fresh.post(f"/load/{waiting[0].id}/drop")
    assert not waiting[0].path.exists()
    monkeypatch.setattr(uploads, "UPLOAD_BYTES", 100)
    refused = bring(fresh, ("all.zip", packed.getvalue()))
    assert refused.status_code == 409
    assert len(list(fresh.desk.uploads)) == 1
    fresh.desk.close()
    assert not waiting[1].path.exists()


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("empty.csv", b"", 409),
        ("broken.zip", b"PK\x03\x04 not an archive", 303),
        ("broken.xlsx", b"PK\x03\x04 not a sheet", 303),
        ("noise.bin", bytes(range(256)), 303),
        ("\x00\x01/..", b"a\n1\n", 303),
    ],
)
def test_files_that_are_none_are_said(fresh: Visitor, name: str, content: bytes, status: int) -> None:
    answer = bring(fresh, (name, content))
    assert answer.status_code == status
    if status == 303:
        assert fresh.get(answer.headers["location"]).status_code in (200, 400)


def test_a_form_with_a_file_needs_its_token_and_is_read_only_where_one_is_taken(fresh: Visitor) -> None:
    headers, file = {"Origin": BASE}, {"file": ("a.csv", LIKES)}
    assert fresh.ask("POST", "/load", data={"form_token": "no"}, files=file, headers=headers).status_code == 403
    assert not list(fresh.desk.uploads)
    token = {"form_token": fresh.form_token}
    assert fresh.ask("POST", "/name", data=token | {"name": "A"}, files=file, headers=headers).status_code == 400
    assert fresh.ask("POST", "/load", data=token, headers=headers).status_code == 400
    broken = {**headers, "Content-Type": "multipart/form-data; boundary=x"}
    assert fresh.ask("POST", "/load", content=b"--y\r\nno", headers=broken).status_code in (400, 403)


def test_a_preset_is_no_path(fresh: Visitor, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('meaning = "M."\n')
    address = bring(fresh, ("likes.csv", LIKES)).headers["location"]
    assert fresh.get(address, params={"how": f"preset:{tmp_path}/own.toml"}).status_code == 200
    answer = fresh.post(f"{address}/begin", how=f"preset:{tmp_path}/own.toml", do="rehearse")
    assert answer.status_code == 400


def test_work_is_one_at_a_time_can_be_stopped_and_is_found_again(fresh: Visitor) -> None:
    works = fresh.desk.works
    work = works.begin("rehearse", (fresh.desk.place, None), about="a", back="/load", file="/dev/null/a")
    with pytest.raises(UsageError, match="something else"):
        works.begin("rehearse", (fresh.desk.place, None), about="b", back="/load")
    shown = fresh.get(f"/running/{work.id}")
    assert shown.headers["refresh"] == "1"
    fresh.post(f"/running/{work.id}/stop")
    assert work.state == "stopped"
    assert fresh.get(f"/running/{work.id}").status_code == 200
    assert works.running is None
    with pytest.raises(NothingFound):
        works.get("x")


def test_what_is_larger_than_it_may_be_is_not_kept(tmp_path: Path) -> None:
    waiting = uploads.Uploads()
    with pytest.raises(InputError, match="larger"):
        waiting._keep("a.csv", io.BytesIO(b"x" * 11), 10)
    assert not list(waiting)
    waiting.clear()


def test_a_list_of_persons_stays_until_whose_accounts_are_is_loaded_too(fresh: Visitor) -> None:
    fresh.post("/language", lang="en", back="/queries")
    roster = b"NIP,Nama,OPD,Akun Instagram\n199001012015031001,Budi Santoso,Dinas A,@budi_s\n"
    address = bring(fresh, ("roster.csv", roster)).headers["location"]
    form = {"how": "kind:roster", "c.nip": "0", "c.name": "1", "c.agency": "2"}
    loaded = followed(fresh, fresh.post(f"{address}/begin", **form, do="load")).text
    assert "1 rows taken" in loaded
    assert f'href="{address}"' in loaded
    again = fresh.get(address).text
    assert "kind:accounts-of-asn" in again
    assert '<option value="3" selected>Akun Instagram' in again
