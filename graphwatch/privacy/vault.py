"""The vault: names and NIP of the roster's persons, encrypted, beside the graph that knows only their hashes.

One file below the project folder: a line with the fingerprint of the roster's key, then one Fernet token over
compressed Parquet. A token for each person would cost ten times the room and time.
"""

import hmac
import io
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from graphwatch.common.files import create_atomic, read_kept, write_atomic
from graphwatch.common.locks import held
from graphwatch.errors import KeyMissing, KeyWrong, StoreDamaged, StoreError
from graphwatch.privacy.keys import check_private
from graphwatch.settings import VAULT_KEY_FILE_VARIABLE, VAULT_KEY_VARIABLE

if TYPE_CHECKING:
    import pyarrow as pa


# Titles before a name, and whatever follows its first comma, do not tell two persons apart.
_TITLES: Final = r"^((PROF|DR|DRA|DRS|DRG|DRH|IR|H|HJ|KH|R|RD|APT|NS)\.? )*"


def person_ids(nips: Any, key: bytes) -> Any:
    """The id of each person: 32 hex digits of an HMAC-SHA256 of the NIP under the project's roster key.

    An NIP holds birth date and sex and can be counted through, so a hash without a key would hide nothing.

    >>> import pyarrow
    >>> person_ids(pyarrow.array(["199001012015031002", None]), b"k" * 32).to_pylist()
    ['29a9af4f9fa681c96ad2c721320b00dc', None]
    """
    import pyarrow as pa

    digest = hmac.digest
    ids = [n and digest(key, n.encode("ascii"), "sha256").hex()[:32] for n in nips.to_pylist()]
    return pa.array(ids, pa.string())


def plain_names(names: Any) -> Any:
    """Names without titles, signs and differences of case, to be compared; null where nothing is left.

    >>> import pyarrow
    >>> plain_names(pyarrow.array(["Drs. H. Budi  Santoso, M.Si.", "BUDI SANTOSO", " "])).to_pylist()
    ['BUDI SANTOSO', 'BUDI SANTOSO', None]
    """
    import pyarrow.compute as pc

    first = pc.replace_substring_regex(pc.utf8_upper(names), r",.*", "")
    spaced = pc.utf8_trim_whitespace(pc.replace_substring_regex(first, r"\s+", " "))
    bare = pc.replace_substring_regex(pc.replace_substring_regex(spaced, r"\. ?", ". "), _TITLES, "")
    signs = pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, r"[\s.'’`\-]+", " "))
    return pc.if_else(pc.equal(signs, ""), None, signs)


def namesakes(persons: "pa.Table") -> "pa.Table":
    """For each person with a name the number of others who have the same; columns `id` and `namesakes`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = plain_names(persons["name"].combine_chunks())
    coded = pc.dictionary_encode(plain)
    counts = pc.value_counts(coded.indices.drop_null())
    of_code = pa.array([0] * len(coded.dictionary), pa.int64())
    if len(counts):
        order = pc.index_in(pa.array(range(len(coded.dictionary)), pa.int32()), value_set=counts.field("values"))
        of_code = pc.subtract(counts.field("counts").take(order), 1)
    return pa.table({"id": persons["id"], "namesakes": of_code.take(coded.indices)})


_MAGIC: Final = b"graphwatch vault 1 "
# What is kept of whom, each in a file of its own.
_COLUMNS: Final = {"persons": ("id", "nip", "name"), "complainants": ("id", "name", "contact")}


class Kept(NamedTuple):
    """The persons in the vault before and after a change."""

    before: "pa.Table"
    after: "pa.Table"


class Vault:
    """The persons of a project: those on its rosters, with `of="complainants"` those who complained.

    The key is a Fernet key in the environment's GRAPHWATCH_VAULT_KEY, else in the file that
    GRAPHWATCH_VAULT_KEY_FILE names, else in `keys/vault.key`, which is made with the vault. Of several keys, apart
    by blanks, the first one encrypts and every one decrypts: put a new one before the old one to change keys.
    """

    def __init__(self, folder: Path, of: Literal["persons", "complainants"] = "persons") -> None:
        self._folder, self._columns = Path(folder), _COLUMNS[of]
        self.path = self._folder / "vault" / f"{of}.vault"

    def __repr__(self) -> str:
        return f"Vault({str(self.path)!r})"

    def fingerprint(self) -> str | None:
        """The fingerprint of the key that the ids in the vault were made with; None where there is no vault."""
        content = self._content()
        return None if content is None else content[0]

    def persons(self) -> "pa.Table":
        """Everybody in the vault: columns `id`, `nip` and `name`; of complainants `id`, `name` and `contact`.

        Raises:
            KeyMissing, KeyWrong: the vault cannot be opened without its key, or with another one.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        content = self._content()
        if content is None:
            return pa.table({name: pa.array([], pa.string()) for name in self._columns})
        return pq.read_table(io.BytesIO(self._decrypted(content[1])))

    def keep(self, persons: "pa.Table", fingerprint: str = "") -> Kept:
        """Add persons; of one who is there already a later name replaces the earlier one.

        The new vault is written whole beside the old one, fsynced and given its name: after a crash one of the
        two is there.

        Args:
            persons: columns as `persons()` has them; a person may come several times, the last values count.
            fingerprint: of the key that the ids were made with, if they were made with one.
        """
        with self._changing():
            before = self.persons()
            after = _merged(before, persons.select(self._columns))
            if not after.equals(before):
                self._write(after, fingerprint)
        return Kept(before, after)

    def forget(self, ids: Collection[str]) -> int:
        """Take persons out, by id; the number of those who were there. The old file is replaced, not changed.

        Raises:
            KeyMissing, KeyWrong: the vault cannot be opened without its key, or with another one.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self.path.exists():
            return 0
        with self._changing():
            before = self.persons()
            after = before.filter(pc.invert(pc.is_in(before["id"], value_set=pa.array(sorted(ids), pa.string()))))
            if after.num_rows < before.num_rows:
                self._write(after, self.fingerprint() or "")
        return int(before.num_rows - after.num_rows)

    def _content(self) -> tuple[str, bytes] | None:
        try:
            content = read_kept(self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error) from error
        head, _, token = content.partition(b"\n")
        if not head.startswith(_MAGIC) or not token:
            remedy = "Bring the file back from a backup."
            raise StoreDamaged("this is not a vault", where=str(self.path), remedy=remedy)
        return head.removeprefix(_MAGIC).decode("ascii", "replace"), token

    def _decrypted(self, token: bytes) -> bytes:
        from cryptography.fernet import InvalidToken

        try:
            return bytes(self._cipher(create=False).decrypt(token))
        except InvalidToken:
            remedy = f"Give the key that the vault was made with, in {VAULT_KEY_VARIABLE} or {self._key_file()}."
            raise KeyWrong(
                "the vault does not open with this key, or is damaged", where=str(self.path), remedy=remedy
            ) from None

    def _write(self, persons: "pa.Table", fingerprint: str) -> None:
        import pyarrow.parquet as pq

        plain = io.BytesIO()
        pq.write_table(persons, plain, compression="zstd")
        token = self._cipher(create=not any(self.path.parent.glob("*.vault"))).encrypt(plain.getvalue())
        write_atomic(self.path, _MAGIC + fingerprint.encode("ascii") + b"\n" + token)

    def _cipher(self, *, create: bool) -> Any:
        from cryptography.fernet import Fernet, MultiFernet

        stated = os.environ.get(VAULT_KEY_VARIABLE)
        source = VAULT_KEY_VARIABLE if stated else str(self._key_file())
        words = stated or self._key_from_file(create=create)
        try:
            return MultiFernet([Fernet(word) for word in words.replace(",", " ").split()])
        except ValueError:
            remedy = "A key is 32 random bytes in URL-safe base64, 44 characters."
            raise KeyWrong("this is not a key for a vault", where=source, remedy=remedy) from None

    def _key_file(self) -> Path:
        named = os.environ.get(VAULT_KEY_FILE_VARIABLE)
        return Path(named) if named else self._folder / "keys" / "vault.key"

    def _key_from_file(self, *, create: bool) -> str:
        from cryptography.fernet import Fernet

        path = self._key_file()
        own = VAULT_KEY_FILE_VARIABLE not in os.environ
        try:
            if create and own and not path.exists():
                create_atomic(path, Fernet.generate_key())
            if own:
                check_private(path)
            return read_kept(path).decode("ascii")
        except FileNotFoundError:
            remedy = f"Bring the file back from its backup, or give the key in {VAULT_KEY_VARIABLE}."
            raise KeyMissing("the key of the vault is not here", where=str(path), remedy=remedy) from None
        except UnicodeDecodeError:
            return "not a key"
        except OSError as error:
            remedy = "Check that the file belongs to you."
            raise StoreError(f"the key cannot be read: {error.strerror}", where=str(path), remedy=remedy) from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with held(self.path.with_suffix(".lock"), name="the vault", doing="writing"):
                yield
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> StoreError:
        remedy = "Check that the folder exists, belongs to you and has room."
        return StoreError(f"the vault cannot be read or written: {error.strerror}", where=str(self.path), remedy=remedy)


def _merged(before: "pa.Table", more: "pa.Table") -> "pa.Table":
    """Each person once, with the last name given, sorted by id."""
    import pyarrow as pa

    both = pa.concat_tables([before, more])
    frame = both.to_pandas().groupby("id", sort=True).last().reset_index()
    return pa.Table.from_pandas(frame, schema=both.schema, preserve_index=False).replace_schema_metadata(None)
