"""Functions of texts, and the text of other values."""

import math
import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from graphwatch.queries.computing.values import Entity, Value, Walk, failure, kind_of

# What the two languages of regular expressions read alike.
_READ_ALIKE: Final = re.compile(
    r"""(?:
        [^\\\[\](){}^$.|?*+] | \\[dDwWsSbBnrtf.\\\[\](){}^$|?*+/\-\#@:'" ,=<>!%&~`;_] | \\[1-9] (?![0-9])
        | \((?: \?(?: [:=!>] | <[=!] | [ims]+\) | [ims]+: ) )? | \) | \| | \^ | \$ | \.
        | \[ \^? \]?+ (?: [^\\\[\]&] | \\[dDwWsSnrtf\\\[\](){}^$.|?*+/\-] )*+ \]
        | [?*+][?+]? | \{[0-9]{1,4}(?:,[0-9]{0,4})?\}[?+]?
    )*+""",
    re.VERBOSE,
)
# The end of a part of a second.
_ZEROS: Final = re.compile(r"(\.[0-9]*?[1-9])0+(?=[+-])")
_DOT: Final = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|\.", re.DOTALL)


@lru_cache(maxsize=256)
def pattern(text: str) -> re.Pattern[str]:
    """A regular expression as a server reads it.

    Raises:
        QueryError: it says what is read otherwise there, or is no regular expression.

    >>> bool(pattern("(?!a).*").fullmatch("bc")), bool(pattern("(?i)ab+").fullmatch("ABB"))
    (True, True)
    """
    if not _READ_ALIKE.fullmatch(text):
        raise failure(
            f"the regular expression {text[:60]!r} holds what an embedded store cannot match as a server does",
            "Use letters, classes as [a-z], groups, look-around, \\d \\w \\s and the usual repetitions, or CONTAINS.",
        )
    # A dot stops at every end of a line that a server knows, not at the newline alone.
    whole_lines = "(?s" in text or re.search(r"\(\?[im]*s", text)
    read = text if whole_lines else _DOT.sub(lambda m: "[^\n\r\u0085\u2028\u2029]" if m[0] == "." else m[0], text)
    try:
        return re.compile(read, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        what = f"{text[:60]!r} is no regular expression: {error}"
        raise failure(what, "Check its brackets and repetitions.") from error


def matches(text: Value, expression: Value) -> bool | None:
    """`text =~ expression`."""
    if not isinstance(text, str) or not isinstance(expression, str):
        return None
    return pattern(expression).fullmatch(text) is not None


def real_text(value: float) -> str:
    """A real number in Java's notation.

    >>> [real_text(v) for v in (1.0, 0.5, 1e20, 1.5e-7, float("inf"))]
    ['1.0', '0.5', '1.0E20', '1.5E-7', 'Infinity']
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return f"{value:.1f}" if value == int(value) else repr(value)
    digits, _, exponent = f"{value:e}".partition("e")
    shortest = repr(value)
    digits = shortest.partition("e")[0] if "e" in shortest else digits
    if "e" not in shortest:
        plain = shortest.replace(".", "").replace("-", "").strip("0")
        digits = ("-" if value < 0 else "") + plain[0] + "." + (plain[1:] or "0")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def text_of(value: Value) -> str | None:
    """`toString(value)`.

    >>> text_of(datetime.fromisoformat("2024-09-22T16:58:59.500+00:00"))
    '2024-09-22T16:58:59.5Z'
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return real_text(value)
    if isinstance(value, datetime):
        zone = f"[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else ""
        written = _ZEROS.sub(r"\1", value.isoformat())
        return (written if zone else written.replace("+00:00", "Z")) + zone
    if isinstance(value, date):
        return value.isoformat()
    raise failure(f"toString() takes a text, number or truth value, not {kind_of(value)}")


def checked(value: Value, name: str) -> str | None:
    """The text that a function of texts was given; null stays null."""
    if value is None or isinstance(value, str):
        return value
    raise failure(f"{name}() takes a text, not {kind_of(value)}", "Put toString() around it.")


def substring(text: Value, start: Value, length: Value = 2**31) -> str | None:
    """`substring(text, start[, length])`, counted from 0."""
    if text is None or start is None or length is None:
        return None
    if start < 0 or length < 0:
        raise failure("substring() was given a negative number")
    given = checked(text, "substring")
    assert given is not None
    return given[start : start + length]


def left(text: Value, length: Value) -> str | None:
    """`left(text, length)`."""
    return substring(text, 0, length)


def right(text: Value, length: Value) -> str | None:
    """`right(text, length)`."""
    if text is None or length is None:
        return None
    if length < 0:
        raise failure("right() was given a negative number")
    return str(text)[max(len(text) - length, 0) :]


def split(text: Value, at: Value) -> list[str] | None:
    """`split(text, separator or separators)`.

    >>> split("a,,b", ","), split("ab", "")
    (['a', '', 'b'], ['a', 'b'])
    """
    if text is None or at is None:
        return None
    separators = at if isinstance(at, list) else [at]
    if separators == [""]:
        return list(text) or [""]
    return re.split("|".join(re.escape(s) for s in separators), checked(text, "split") or "")


def size(value: Value) -> int | None:
    """`size(text or list)`."""
    if value is None:
        return None
    if isinstance(value, Walk | Entity | dict) or not isinstance(value, str | list):
        raise failure(f"size() takes a text or a list, not {kind_of(value)}")
    return len(value)


def backwards(value: Value) -> Value:
    """`reverse(text or list)`."""
    if value is None:
        return None
    if not isinstance(value, str | list):
        raise failure(f"reverse() takes a text or a list, not {kind_of(value)}")
    return value[::-1]
