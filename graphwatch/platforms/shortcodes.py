"""Ids of posts that have two spellings: a number, and what the post's address or a program's answer makes of it."""

import re
from base64 import b64decode
from binascii import Error
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any, Final

# Platforms whose addresses have a post's number in digits of base 64.
OF_META: Final = ("instagram", "threads")
_DIGITS: Final = f"{ascii_uppercase}{ascii_lowercase}{digits}-_"
_VALUES: Final = {character: value for value, character in enumerate(_DIGITS)}
# What is behind the eleven digits is a key to a post of a private account.
_SHORTCODE: Final = re.compile(r"[A-Za-z0-9_-]{11}(?:[A-Za-z0-9_-]{28})?")
_LENGTH: Final = 11
_LARGEST: Final = 2**63 - 1
# As Facebook's web page names stories and comments: S:_I100:22:22, comment:1_22.
_OF_FACEBOOK: Final = re.compile(r"(?:S:_I\d+:(?:VK:)?|comment:\d+_)(\d+)(?::\d+)?", re.ASCII)
_BASE64: Final = re.compile(r"(?:UzpfS|Y29tbWVudD)[A-Za-z0-9+/_-]+=*")


def media_id(code: str) -> str | None:
    """The number of an Instagram post that its address has in digits of base 64; None where it has none.

    >>> media_id("DAxGhNuRkAA"), media_id("ani.s")
    ('3472585458436161536', None)
    """
    if not _SHORTCODE.fullmatch(code):
        return None
    number = 0
    for character in code[:_LENGTH]:
        number = number * 64 + _VALUES[character]
    return str(number)


def media_ids(codes: Any) -> Any:
    """`media_id` of many, for codes of ten digits of base 64 too; other texts are null.

    >>> import pyarrow as pa
    >>> media_ids(pa.array(["DAxGhNuRkAA", "ani.s"])).to_pylist()
    ['3472585458436161536', None]
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    fits = pc.fill_null(pc.match_substring_regex(codes, r"^(?:[A-H][A-Za-z0-9_-]{10}|[A-Za-z0-9_-]{10})$"), False)
    padded = pc.utf8_lpad(codes.filter(fits), _LENGTH, _DIGITS[0])
    values = np.zeros(256, np.int64)
    values[np.frombuffer(_DIGITS.encode(), np.uint8)] = np.arange(len(_DIGITS))
    each = np.array(padded.to_pylist(), f"S{_LENGTH}").view(np.uint8).reshape(-1, _LENGTH)
    numbers = values[each] @ (np.int64(1) << np.arange(6 * (_LENGTH - 1), -1, -6))
    made = pa.array(numbers, pa.int64()).cast(pa.string())
    return pc.replace_with_mask(pa.nulls(len(codes), pa.string()), fits, made)


def without_key(code: str) -> str:
    """A shortcode without the key that the address of a private account's post has behind it; other texts as they are.

    >>> without_key("DAxGhNuRkAA" + 28 * "x"), without_key("AbC")
    ('DAxGhNuRkAA', 'AbC')
    """
    return code[:_LENGTH] if _SHORTCODE.fullmatch(code) else code


def shortcode(number: str) -> str:
    """The digits of base 64 that the address of an Instagram post has for its number.

    >>> shortcode("3472585458436161536"), shortcode("1234567890")
    ('DAxGhNuRkAA', 'BJlgLS')
    """
    left, found = int(number), ""
    if left > _LARGEST:
        return number
    while left:
        left, digit = divmod(left, 64)
        found = _DIGITS[digit] + found
    return found or number


def shortcodes(numbers: Any) -> Any:
    """`shortcode` of many.

    Args:
        numbers: Arrow texts, each of 10 to 18 digits, or of 19 that make no more than 63 bits.

    >>> import pyarrow as pa
    >>> shortcodes(pa.array(["3472585458436161536", "1234567890"])).to_pylist()
    ['DAxGhNuRkAA', 'BJlgLS']
    """
    import numpy as np
    import pyarrow as pa

    left = np.asarray(numbers.cast(pa.int64()))
    alphabet = np.frombuffer(_DIGITS.encode(), np.uint8)
    shifts = np.arange(6 * (_LENGTH - 1), -1, -6)
    found = alphabet[(left[:, None] >> shifts) & 63]
    width = np.maximum(_LENGTH - (left[:, None] >> shifts > 0).argmax(axis=1), 1)
    ends = np.concatenate([[0], np.cumsum(width)]).astype(np.int32)
    written = np.ascontiguousarray(found[np.arange(_LENGTH) >= _LENGTH - width[:, None]])
    return pa.StringArray.from_buffers(len(left), pa.py_buffer(ends), pa.py_buffer(written))


def facebook_id(text: str) -> str:
    """The number of a post or comment that a text of base 64 hides; any other text as it is.

    >>> facebook_id("UzpfSTEwMDoyMjoyMg=="), facebook_id("pfbid02x")
    ('22', 'pfbid02x')
    """
    if not _BASE64.fullmatch(text):
        return text
    try:
        plain = b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_").decode("ascii")
    except (Error, ValueError):
        return text
    found = _OF_FACEBOOK.fullmatch(plain)
    return found[1] if found else text
