"""Files replaced whole and read whole."""

import os
from pathlib import Path

import pytest

from graphwatch.common.files import (
    create_atomic,
    intended_name,
    made_folder,
    read_kept,
    read_text,
    replacing,
    working_folder,
    write_atomic,
)
from graphwatch.errors import GraphwatchError, InputError, QueryError, StoreError, UsageError


def write(path: str | Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text)


def test_a_file_with_spaces_is_written_as_utf8_with_its_own_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "berkas hasil ekspor.txt"
    write(str(path), "é\r\n🎉\n")
    assert path.read_bytes() == "é\r\n🎉\n".encode()


def fail_halfway(path: Path) -> None:
    with replacing(path) as file:
        file.write("new")
        raise RuntimeError


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, "old")
    with pytest.raises(RuntimeError):
        fail_halfway(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="folder"):
        write(tmp_path, "x")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none"):
        write(tmp_path / "none" / "a", "x")


def test_what_the_disk_refuses_is_our_error(tmp_path: Path) -> None:
    with pytest.raises(GraphwatchError, match="cannot be written"):
        write(tmp_path / ("n" * 300), "x")


def test_a_surrogate_does_not_leave_half_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write(tmp_path / "a", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_project_is_for_its_owner_unless_said_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a"
    write_atomic(path, b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    write_atomic(path, b"new", mode=0o640)
    assert path.stat().st_mode & 0o700 == 0o600
    assert path.stat().st_mode & 0o040 or os.umask(os.umask(0)) & 0o040
    assert list(path.parent.iterdir()) == [path]


def test_of_two_who_make_a_file_the_first_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a"
    create_atomic(path, b"first")
    create_atomic(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_writer_left_goes_with_the_next_one(tmp_path: Path) -> None:
    left = tmp_path / ".a.0123456789abcdef"
    left.write_bytes(b"half")
    assert intended_name(left.name) == "a"
    write_atomic(tmp_path / "a", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_the_disk_refuses_to_a_project_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be written"):
        write_atomic(tmp_path / "a" / "b", b"x")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfRETURN 1")
    assert read_text(tmp_path / "a") == "RETURN 1"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_nobody_writes_to_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(QueryError, match="not a file"):
        read_text(tmp_path / "pipe", error=QueryError)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
def test_a_device_without_end_is_refused_through_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/zero")
    for place in (Path("/dev/zero"), tmp_path / "link"):
        with pytest.raises(InputError, match="not a file"):
            read_text(place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none")
def test_what_stands_in_the_place_of_a_file_of_the_project_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for place in (tmp_path / "pipe", tmp_path / "link", tmp_path):
        with pytest.raises(OSError):
            read_kept(place)
    (tmp_path / "a").write_bytes(b"whole")
    (tmp_path / "other").symlink_to("a")
    assert read_kept(tmp_path / "other") == b"whole"


def test_what_is_longer_than_allowed_is_refused_and_what_is_not_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("12345")
    assert read_text(tmp_path / "a", most_bytes=5) == "12345"
    with pytest.raises(InputError, match="4 bytes"):
        read_text(tmp_path / "a", most_bytes=4)


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\ntwo \xff")
    with pytest.raises(InputError, match="line 2"):
        read_text(tmp_path / "a")


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        read_text(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "none")


def test_no_place_for_working_files_is_told_with_what_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: str) -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.mkdtemp", none)
    with pytest.raises(GraphwatchError, match="no folder for working files") as caught, working_folder():
        pytest.fail("there is one")
    assert "TMPDIR" in str(caught.value.remedy)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(UsageError, match="device or a pipe"):
            write(place, "a")
    assert (tmp_path / "pipe").is_fifo()
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        write(tmp_path / name, "a")
    with pytest.raises(UsageError, match="no name"):
        made_folder(tmp_path / name)
