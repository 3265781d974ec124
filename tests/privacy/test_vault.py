import os
import stat
from collections import Counter

import pyarrow as pa
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.errors import GraphwatchError, KeyMissing, KeyWrong, StoreDamaged, StoreError
from graphwatch.privacy.vault import Vault, namesakes, person_ids, plain_names

NAMES = st.lists(st.sampled_from(["Budi", "BUDI", "Drs. Budi, M.Si", "Siti", None, "  ", "Siti Aminah"]), max_size=30)


def plain(*names):
    return plain_names(pa.array(names, pa.string())).to_pylist()


def test_titles_case_and_signs_do_not_tell_persons_apart():
    written = ("Dr. Ir. H. Budi Santoso, S.T., M.T.", "budi  santoso", "BUDI SANTOSO,S.Pd", "Dr.Budi Santoso")
    assert plain(*written) == ["BUDI SANTOSO"] * 4
    assert plain("Nur'aini", "Nur’aini", "Nur-aini") == ["NUR AINI"] * 3


def test_a_name_that_begins_like_a_title_stays():
    assert plain("Hjalmar", "Irwan", "Drajat", "Prof") == ["HJALMAR", "IRWAN", "DRAJAT", "PROF"]


def test_no_name_is_no_name():
    assert plain(None, "", " . ", ", S.H.") == [None] * 4


@given(NAMES)
def test_namesakes_are_the_others_of_the_same_name(names):
    table = pa.table({"id": pa.array([str(i) for i in range(len(names))]), "name": pa.array(names, pa.string())})
    known = plain(*names)
    counts = Counter(known)
    expected = [None if name is None else counts[name] - 1 for name in known]
    assert namesakes(table)["namesakes"].to_pylist() == expected


def test_ids_depend_on_the_key_and_on_every_digit():
    nips = pa.array(["199001012015031002", "199001012015031003", None])
    ours, theirs = (person_ids(nips, key * 32).to_pylist() for key in (b"k", b"l"))
    assert len({*ours, *theirs} - {None}) == 4
    assert ours[2] is None


MARK = "0123456789abcdef"


def people(*rows):
    return pa.table(dict(zip(("id", "nip", "name"), map(list, zip(*rows, strict=True)), strict=True)))


BUDI, SITI = ("a" * 32, "199001012015031002", "Budi Rahasia"), ("b" * 32, "198512312010122001", "Siti Rahasia")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("GRAPHWATCH_VAULT_KEY", "GRAPHWATCH_VAULT_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


def held(vault):
    return [tuple(row.values()) for row in vault.persons().to_pylist()]


def test_what_is_kept_is_there_again_and_cannot_be_read_from_the_file(tmp_path):
    assert held(Vault(tmp_path)) == []
    Vault(tmp_path).keep(people(SITI, BUDI), MARK)
    vault = Vault(tmp_path)
    assert held(vault) == [BUDI, SITI]
    assert vault.fingerprint() == MARK
    content = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert not any(word.encode() in content for word in (BUDI[1], SITI[1], "Rahasia", BUDI[0]))


def test_files_are_for_their_owner_only(tmp_path):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI), MARK)
    for path in (vault.path, tmp_path / "keys" / "vault.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_later_name_replaces_an_earlier_one_and_none_replaces_nothing(tmp_path):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI), MARK)
    before, after = vault.keep(people((*BUDI[:2], "Budi Baru"), (*BUDI[:2], None), SITI), MARK)
    assert before.num_rows == 1
    assert [row["name"] for row in after.to_pylist()] == ["Budi Baru", "Siti Rahasia"]
    assert held(vault)[0][2] == "Budi Baru"


def test_nothing_new_leaves_the_file_alone(tmp_path):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI, SITI), MARK)
    content = vault.path.read_bytes()
    vault.keep(people(SITI), MARK)
    assert vault.path.read_bytes() == content


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_vault(tmp_path, monkeypatch, call):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI), MARK)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail) if call == "fsync" else patched.setattr(type(vault.path), "replace", fail)
        with pytest.raises(StoreError, match="No space left"):
            vault.keep(people(SITI), MARK)
    assert held(vault) == [BUDI]
    assert sorted(p.name for p in vault.path.parent.iterdir()) == ["persons.lock", "persons.vault"]


def test_a_wrong_key_and_a_missing_one_say_so(tmp_path, monkeypatch):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI), MARK)
    key = tmp_path / "keys" / "vault.key"
    right = key.read_text()
    key.write_bytes(Fernet.generate_key())
    with pytest.raises(KeyWrong, match="does not open with this key") as failed:
        vault.keep(people(SITI), MARK)
    assert "Rahasia" not in str(failed.value)
    key.write_text("short")
    with pytest.raises(KeyWrong, match="not a key for a vault"):
        vault.persons()
    key.unlink()
    with pytest.raises(KeyMissing, match="GRAPHWATCH_VAULT_KEY"):
        vault.persons()
    assert not key.exists(), "a new key would open nothing"
    monkeypatch.setenv("GRAPHWATCH_VAULT_KEY", right)
    assert held(vault) == [BUDI]


def test_the_key_may_be_in_a_file_elsewhere(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere.key"
    monkeypatch.setenv("GRAPHWATCH_VAULT_KEY_FILE", str(elsewhere))
    vault = Vault(tmp_path / "project")
    with pytest.raises(KeyMissing, match=r"elsewhere\.key"):
        vault.keep(people(BUDI), MARK)
    elsewhere.write_bytes(Fernet.generate_key())
    vault.keep(people(BUDI), MARK)
    assert held(vault) == [BUDI]
    assert not (tmp_path / "project" / "keys").exists()


def test_of_two_keys_the_first_encrypts_and_both_decrypt(tmp_path, monkeypatch):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    vault = Vault(tmp_path)
    monkeypatch.setenv("GRAPHWATCH_VAULT_KEY", old)
    vault.keep(people(BUDI), MARK)
    monkeypatch.setenv("GRAPHWATCH_VAULT_KEY", f"{new} {old}")
    vault.keep(people(SITI), MARK)
    monkeypatch.setenv("GRAPHWATCH_VAULT_KEY", new)
    assert held(vault) == [BUDI, SITI]


def test_a_key_that_others_may_read_is_refused(tmp_path):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI), MARK)
    (tmp_path / "keys" / "vault.key").chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        vault.persons()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"graphwatch vault 1 0123456789abcdef"])
def test_a_foreign_file_is_no_vault(tmp_path, content):
    vault = Vault(tmp_path)
    vault.path.parent.mkdir()
    vault.path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        vault.persons()


def test_every_flipped_byte_is_found(tmp_path):
    vault = Vault(tmp_path)
    vault.keep(people(BUDI), MARK)
    content = bytearray(vault.path.read_bytes())
    for at in range(40, len(content), len(content) // 20):
        flipped = content.copy()
        flipped[at] ^= 4
        vault.path.write_bytes(bytes(flipped))
        with pytest.raises(GraphwatchError):
            vault.persons()
