import gzip
import os
from hashlib import sha256
from pathlib import Path

import pytest

from graphwatch.common.files import read_text
from graphwatch.errors import InputError
from graphwatch.ingest.files import _zstd, file_digest

ROWS = "account,object,kind,platform\n" + "".join(f"a{i},p{i},like,x\n" for i in range(20_000))


def test_the_digest_is_of_the_bytes_on_disk(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"x", mtime=0))
    assert file_digest(path) == sha256(path.read_bytes()).hexdigest()
    with pytest.raises(InputError):
        file_digest(tmp_path / "none")


@pytest.mark.parametrize("how", ["none", "gzip", "zstd"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.zst", "a.parquet", "a"])
def test_the_content_decides_not_the_suffix(stage_file, packed, how, name):
    assert stage_file(packed(ROWS.encode(), how), name=name).taken == 20_000


@pytest.mark.parametrize(
    "two",
    [
        gzip.compress(ROWS.encode()[:5000], mtime=0) + gzip.compress(ROWS.encode()[5000:], mtime=0) + bytes(600),
        _zstd().compress(ROWS.encode()[:5000]) + _zstd().compress(ROWS.encode()[5000:]),
    ],
)
def test_compressed_files_may_have_several_members(stage_file, two):
    assert stage_file(two).taken == 20_000


@pytest.mark.parametrize("how", ["gzip", "zstd"])
def test_a_cut_file_names_its_last_good_line(stage_file, packed, how):
    content = packed(ROWS.encode(), how)
    with pytest.raises(InputError, match="cut short") as caught:
        stage_file(content[: len(content) // 2])
    assert caught.value.where
    assert caught.value.remedy
    line = int(caught.value.where.rpartition("line ")[2])
    if how == "gzip":
        assert 1 < line < 20_000
    assert f"Line {line} is the last good one" in caught.value.remedy


@pytest.mark.parametrize("how", ["gzip", "zstd"])
def test_a_damaged_file_is_refused(stage_file, packed, how):
    content = bytearray(packed(ROWS.encode(), how))
    content[len(content) // 2 : len(content) // 2 + 40] = bytes(40)
    with pytest.raises(InputError, match="cut short or damaged"):
        stage_file(bytes(content))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(stage_file, content):
    with pytest.raises(InputError, match="empty"):
        stage_file(content)


@pytest.mark.parametrize("content", [b"account,object,kind,platform\n", b"account,object,kind,platform"])
def test_a_header_without_rows_is_refused(stage_file, content):
    with pytest.raises(InputError, match="no rows below the header"):
        stage_file(content)


def test_a_folder_a_missing_file_and_a_pipe_are_refused(stage_file, tmp_path):
    with pytest.raises(InputError, match="folder"):
        stage_file(tmp_path)
    with pytest.raises(InputError, match="does not exist") as caught:
        stage_file(tmp_path / "none.csv")
    assert caught.value.where == str(tmp_path / "none.csv")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a file"):
        stage_file(tmp_path / "pipe")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no files here that are made up as they are read")
def test_what_a_system_makes_up_as_it_is_read_is_no_file(stage_file, tmp_path):
    (tmp_path / "a.csv").symlink_to("/proc/self/maps")
    with pytest.raises(InputError, match="empty"):
        stage_file(tmp_path / "a.csv")
    assert read_text(tmp_path / "a.csv") == ""


def test_a_file_that_may_not_be_read_is_refused(stage_file, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(ROWS)

    def deny(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", deny)
    with pytest.raises(InputError, match="no permission to read"):
        file_digest(path)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 x", b"\x89PNG\r\n", b"SQLite format 3\x00", b"BZh9", gzip.compress(b"\xff\xd8\xff", mtime=0)]
)
def test_other_kinds_of_file_are_named(stage_file, content):
    with pytest.raises(InputError, match="not a table"):
        stage_file(content)


def test_spreadsheets_and_parquet_are_not_read_out_of_archives(stage_file):
    with pytest.raises(InputError, match="inside gzip"):
        stage_file(gzip.compress(b"PAR1....", mtime=0))
