import base64
import hashlib
import hmac
import re

from hypothesis import given
from hypothesis import strategies as st

from graphwatch.privacy.pseudonyms import Pseudonyms

KEY = bytes(range(32))
IDS = st.text(st.characters())


def test_an_account_is_the_hmac_of_its_id() -> None:
    code = base64.b32encode(hmac.new(KEY, b"x:12", hashlib.sha256).digest()).decode()[:16]
    assert Pseudonyms(KEY).account("x:12") == f"A-{code}"


@given(IDS, IDS)
def test_pseudonyms_are_stable_and_tell_ids_apart(one: str, two: str) -> None:
    names = Pseudonyms(KEY)
    assert re.fullmatch(r"A-[A-Z2-7]{16}", names.account(one))
    assert re.fullmatch(r"P-[A-Z2-7]{16}", names.post(one))
    assert (names.account(one) == names.account(two)) == (one == two)


@given(IDS)
def test_neither_another_key_nor_another_kind_gives_the_same_code(id: str) -> None:
    names = Pseudonyms(KEY)
    assert Pseudonyms(b"k" * 32).account(id) != names.account(id)
    assert len({names.account(id)[2:], names.post(id)[2:], names.relation(id)[2:]}) == 3


def test_the_key_is_not_printed() -> None:
    names = Pseudonyms(b"secret" * 6)
    assert "secret" not in f"{names!r}{names}"
