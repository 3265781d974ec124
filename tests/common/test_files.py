from pathlib import Path

import pytest

from graphwatch.common.files import replacing
from graphwatch.errors import GraphwatchError, UsageError


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
