"""What a person on the roster is known by: a keyed hash instead of the NIP, and names only to be counted."""

import hmac
from typing import TYPE_CHECKING, Any, Final

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
