import pytest

from graphwatch.ingest.guessing import peek
from graphwatch.ingest.presets import preset_of
from graphwatch.ingest.proposing import likely_kind, preset_text, proposal


def test_columns_are_proposed_by_what_presets_and_people_call_them():
    assert proposal("interactions", "at", ["Nama", "WAKTU"]) == "WAKTU"
    assert proposal("interactions", "content_id", ["comment_id"]) == "comment_id"
    assert proposal("posts", "hashtags", ["hashtag"]) == "hashtag"
    assert proposal("roster", "agency", ["Satuan Kerja"]) == "Satuan Kerja"
    assert proposal("paslon", "region", ["isi"]) is None


def test_the_likely_kind_is_proposed(tmp_path):
    for header, kind in (("Akun,Tautan,Waktu", "interactions"), ("NIP,Nama,OPD", "roster")):
        (tmp_path / "a.csv").write_text(header + "\n")
        assert likely_kind(peek(tmp_path / "a.csv")) == kind


@pytest.mark.parametrize("name", ['a"b', "tab\there", "\x7f\\u0041", "'", "é\u2028", "]]\n[statements"])
def test_whatever_a_column_is_called_a_saved_preset_has_it(name):
    text = preset_text("paslon", name, {"paslon": name}, {"region": name}, None, None, "a.toml")
    made = preset_of("a", text, "a.toml")
    assert dict(made.statements[0].columns) == {"paslon": name}
    assert (made.meaning, dict(made.statements[0].constants)) == (name, {"region": name})
