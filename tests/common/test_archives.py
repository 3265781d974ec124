import io
import zipfile
from contextlib import suppress

import pytest
from harnesses import edited
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common import archives
from graphwatch.common.archives import ArchiveError, opened_archive, unpacked


def packed(files, method=zipfile.ZIP_DEFLATED):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as writing:
        for name, content in files.items():
            writing.writestr(name, content)
    return archive.getvalue()


def holds(path):
    with opened_archive(path) as archive:
        return {info.filename: unpacked(archive, info).read() for info in archive.infolist()}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("archives") / "a.zip"


def test_what_was_packed_comes_out(path):
    files = {"a.csv": b"account,object\n" * 90_000, "empty": b""}
    path.write_bytes(packed(files))
    assert holds(path) == files


@given(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), st.integers(0, 400), st.integers(0, 7))
def test_one_changed_bit_is_an_error_of_archives_or_does_no_harm(path, method, place, bit):
    whole = packed({"a.csv": bytes(range(256)), "b.csv": b"b" * 900}, method)
    at = place % len(whole)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
    with suppress(ArchiveError):
        assert len(holds(path)) <= 2


@pytest.mark.parametrize("kept", [0, 10, 60])
def test_an_archive_that_is_cut_off_is_an_error_of_archives(path, kept):
    path.write_bytes(edited(packed({"a.csv": b"a" * 90}), [("cut", kept / 100, b"", 1)]))
    with pytest.raises(ArchiveError):
        holds(path)


def test_a_list_is_refused_before_it_is_read(path, monkeypatch):
    path.write_bytes(packed({f"{n}.csv": b"" for n in range(100)}))
    assert len(holds(path)) == 100
    monkeypatch.setattr(archives, "_LISTED_BYTES", 2_000)
    with pytest.raises(ArchiveError, match="lists more files"):
        holds(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_whose_memory_the_archive_chooses_is_refused(path, method):
    path.write_bytes(packed({"a.csv": b"a" * 90}, method))
    with pytest.raises(ArchiveError, match="method"):
        holds(path)
