import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graphwatch.errors import KeyMissing, KeyWrong, StoreDamaged, StoreError
from graphwatch.privacy.keys import fingerprint, project_key, roster_key


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = project_key(tmp_path)
    path = tmp_path / "keys" / "pseudonyms.key"
    assert len(key) == 32
    assert path.read_bytes() == key == project_key(tmp_path)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_lost_key_is_missing_and_an_exchanged_one_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "pseudonyms.key"
    key = project_key(tmp_path)
    path.unlink()
    with pytest.raises(KeyMissing, match="backup"):
        project_key(tmp_path)
    path.write_bytes(b"y" * 32)
    path.chmod(0o600)
    with pytest.raises(KeyWrong, match="backup"):
        project_key(tmp_path)
    path.write_bytes(key)
    assert project_key(tmp_path) == key
    path.unlink()
    (tmp_path / "pseudonyms.fingerprint").unlink()
    assert project_key(tmp_path) != key


def test_a_key_of_an_earlier_version_is_noted(tmp_path: Path) -> None:
    key = project_key(tmp_path)
    (tmp_path / "pseudonyms.fingerprint").unlink()
    assert project_key(tmp_path) == key
    assert (tmp_path / "pseudonyms.fingerprint").read_text().strip() == fingerprint(key)


def test_two_projects_have_different_keys(tmp_path: Path) -> None:
    assert project_key(tmp_path / "a") != project_key(tmp_path / "b")


def test_those_who_make_it_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for folder in (tmp_path / str(n) for n in range(40)):
            assert len(set(pool.map(project_key, [folder] * 16))) == 1


@pytest.mark.parametrize("content", [b"", b"short", b"k" * 31, b"k" * 33, b"\0" * 32])
def test_a_damaged_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys" / "pseudonyms.key"
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(StoreDamaged, match=r"pseudonyms\.key.*\n.*backup"):
        project_key(tmp_path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        project_key(tmp_path / "file")


def test_the_roster_has_a_key_of_its_own_which_is_known_again(tmp_path):
    key = roster_key(tmp_path, [])
    assert key != project_key(tmp_path)
    assert roster_key(tmp_path, [fingerprint(key)]) == key
    assert stat.S_IMODE((tmp_path / "keys" / "roster.key").stat().st_mode) == 0o600


def test_another_roster_key_is_wrong_and_none_is_missing(tmp_path):
    known = [fingerprint(roster_key(tmp_path / "one", []))]
    roster_key(tmp_path / "two", [])
    with pytest.raises(KeyWrong, match=r"roster\.key"):
        roster_key(tmp_path / "two", known)
    with pytest.raises(KeyMissing, match="backup"):
        roster_key(tmp_path / "three", known)
    assert not (tmp_path / "three").exists()


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
@pytest.mark.parametrize("others", [0o644, 0o640, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, others: int) -> None:
    project_key(tmp_path)
    roster_key(tmp_path, [])
    for name in ("pseudonyms.key", "roster.key"):
        (tmp_path / "keys" / name).chmod(others)
    with pytest.raises(StoreError, match="chmod 600"):
        project_key(tmp_path)
    with pytest.raises(StoreError, match="chmod 600"):
        roster_key(tmp_path, [])
