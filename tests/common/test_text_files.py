import os
from pathlib import Path

import pytest

from graphwatch.common.text_files import read_text
from graphwatch.errors import InputError, QueryError


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
