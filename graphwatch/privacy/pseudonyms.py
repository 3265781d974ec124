"""Pseudonyms: the same everywhere in a project, meaningless outside it."""

import hmac
from base64 import b32encode
from hashlib import sha256


class Pseudonyms:
    """Names that stand for accounts and posts in whatever is handed on.

    A pseudonym is `A-` or `P-` and 16 base32 characters (RFC 4648), the first 80 bits of an HMAC-SHA256
    (RFC 2104) under the project's key. Without the key, nobody can test a guess.

    >>> Pseudonyms(b"k" * 32).account("x:1")
    'A-MOWXXOGS5FBJYVBD'
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Pseudonyms(key withheld)"

    def account(self, id: str) -> str:
        """The pseudonym of an account, from its graph id alone."""
        return "A-" + self._code(id)

    def post(self, id: str) -> str:
        """The pseudonym of a post; a post and an account of the same native id do not look alike."""
        return "P-" + self._code("post\0" + id)

    def relation(self, id: str) -> str:
        """A stand-in for a relation's id, which is a plain hash of native ids and so could be guessed."""
        return "I-" + self._code("relation\0" + id)

    def _code(self, text: str) -> str:
        # Outside text may hold lone surrogates; an id must never make an export fail.
        code = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), sha256)
        return b32encode(code[:10]).decode("ascii")
