"""Arithmetic, functions of numbers, and numbers out of texts."""

import decimal
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from graphwatch.queries.computing.texts import text_of
from graphwatch.queries.computing.values import Value, failure, is_number, kind_of

_LARGEST: Final = 2**63 - 1
_MODES: Final = {
    "CEILING": decimal.ROUND_CEILING,
    "FLOOR": decimal.ROUND_FLOOR,
    "UP": decimal.ROUND_UP,
    "DOWN": decimal.ROUND_DOWN,
    "HALF_EVEN": decimal.ROUND_HALF_EVEN,
    "HALF_UP": decimal.ROUND_HALF_UP,
    "HALF_DOWN": decimal.ROUND_HALF_DOWN,
}
# Of texts and lists that a query makes: beyond it is a mistake, or an attack on the memory.
_LONGEST: Final = 5_000_000
_DIGITS: Final = 4_000
# As Java reads a whole number: of any script's digits.
_ANY_DIGITS: Final = re.compile(r"[+-]?\d+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# As Java reads it: spaces around it, and a letter for its precision.
_REAL: Final = re.compile(rf"\s*({_DECIMAL.pattern})[fFdD]?\s*")


def _fitting(value: int) -> int:
    if not -_LARGEST - 1 <= value <= _LARGEST:
        raise failure("a whole number does not fit 64 bits", "Compute with reals: write 1.0 for 1.")
    return value


def add(a: Value, b: Value) -> Value:
    """`a + b`: of numbers, texts and lists."""
    if a is None or b is None:
        return None
    if (isinstance(a, list | str) and len(a) > _LONGEST) or (isinstance(b, list | str) and len(b) > _LONGEST):
        raise failure(f"a text or list grows beyond {_LONGEST:,}", "Ask for less.")
    if isinstance(a, list):
        return a + (b if isinstance(b, list) else [b])
    if isinstance(b, list):
        return [a, *b]
    if isinstance(a, str) or isinstance(b, str):
        if any(not isinstance(v, str) and not is_number(v) for v in (a, b)):
            raise failure(f"{kind_of(a)} and {kind_of(b)} cannot be added", "Put toString() around what is no text.")
        return f"{text_of(a)}{text_of(b)}"
    return _arithmetic("+", a, b, lambda x, y: x + y)


def joined(a: Value, b: Value) -> Value:
    """`a || b`: of texts or lists."""
    if a is None or b is None:
        return None
    if kind_of(a) != kind_of(b) or not isinstance(a, str | list):
        raise failure(f"{kind_of(a)} and {kind_of(b)} cannot be joined")
    return a + b


def subtract(a: Value, b: Value) -> Value:
    """`a - b`."""
    return _arithmetic("-", a, b, lambda x, y: x - y)


def multiply(a: Value, b: Value) -> Value:
    """`a * b`."""
    return _arithmetic("*", a, b, lambda x, y: x * y)


def divide(a: Value, b: Value) -> Value:
    """`a / b`; whole numbers are cut to a whole number.

    >>> divide(-7, 2), divide(7, 2.0), divide(1.0, 0)
    (-3, 3.5, inf)
    """
    return _arithmetic("/", a, b, _divided)


def _divided(a: float, b: float) -> float:
    if isinstance(a, int) and isinstance(b, int):
        if b == 0:
            raise failure("a whole number is divided by zero", "Guard it with CASE WHEN, or divide reals.")
        return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b


def remainder(a: Value, b: Value) -> Value:
    """`a % b`, with the sign of a."""
    return _arithmetic("%", a, b, _remaining)


def _remaining(a: float, b: float) -> float:
    if isinstance(a, int) and isinstance(b, int):
        if b == 0:
            raise failure("a whole number is divided by zero", "Guard it with CASE WHEN, or divide reals.")
        return int(math.copysign(abs(a) % abs(b), a)) if abs(a) < 2**53 else (abs(a) % abs(b)) * (-1 if a < 0 else 1)
    return math.fmod(a, b) if b and math.isfinite(a) else math.nan


def power(a: Value, b: Value) -> Value:
    """`a ^ b`, a real."""
    return _arithmetic("^", a, b, _raised)


def _raised(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _arithmetic(sign: str, a: Value, b: Value, compute: Callable[..., float]) -> Value:
    if a is None or b is None:
        return None
    if not is_number(a) or not is_number(b):
        raise failure(f"{kind_of(a)} {sign} {kind_of(b)} has no value", "Numbers are needed on both sides.")
    value = compute(a, b)
    return _fitting(value) if isinstance(value, int) else value


def negative(a: Value) -> Value:
    """`-a`."""
    return subtract(0, a) if isinstance(a, int) else (None if a is None else multiply(-1, a))


def rounded(value: Value, precision: Value = 0, mode: Value = "") -> Value:
    """`round(value[, precision[, mode]])`: a half goes up, and with a precision away from zero.

    >>> rounded(2.5), rounded(-2.5), rounded(-2.567, 1)
    (3.0, -2.0, -2.6)
    """
    if value is None or precision is None or mode is None:
        return None
    if not is_number(value) or not isinstance(precision, int):
        raise failure(f"round() takes a number and a whole number, not {kind_of(value)} and {kind_of(precision)}")
    if precision < 0:
        raise failure("round() was given a negative precision", "Divide, round and multiply again.")
    if mode and mode not in _MODES:
        raise failure(f"round() has no mode {mode!r}", f"Modes: {', '.join(_MODES)}.")
    if not math.isfinite(value):
        return float(value)
    if precision == 0 and not mode:
        return float(math.floor(value + 0.5)) if abs(value) < 2**52 else float(value)
    exact = Decimal(repr(float(value)))
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= precision:
        return float(value)
    return float(exact.quantize(Decimal(1).scaleb(-precision), rounding=_MODES[mode or "HALF_UP"]))


def real_function(name: str, compute: Callable[[float], float]) -> Callable[[Value], Value]:
    """A function of one real: null for null, not a number outside of where it has a value."""

    def computed(value: Value) -> Value:
        if value is None:
            return None
        if not is_number(value):
            raise failure(f"{name}() takes a number, not {kind_of(value)}")
        try:
            return float(compute(float(value)))
        except OverflowError:
            return math.inf
        except ValueError:
            return -math.inf if name.startswith("log") and value == 0 else math.nan

    return computed


def absolute(value: Value) -> Value:
    """`abs(value)`."""
    if value is None:
        return None
    if not is_number(value):
        raise failure(f"abs() takes a number, not {kind_of(value)}")
    # The smallest whole number has no counterpart in 64 bits, and stays as it is.
    return value if value == -_LARGEST - 1 else abs(value)


def sign(value: Value) -> Value:
    """`sign(value)`: -1, 0 or 1."""
    if value is None:
        return None
    if not is_number(value):
        raise failure(f"sign() takes a number, not {kind_of(value)}")
    return (value > 0) - (value < 0)


def integer_of(value: Value) -> int | None:
    """`toInteger(value)`; null for a text that is no number.

    >>> integer_of("12"), integer_of("1.7"), integer_of("x"), integer_of(2.9)
    (12, 1, None, 2)
    """
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return _integer_in(value)
    if isinstance(value, float):
        if math.isnan(value):
            return 0
        if abs(value) < 2**63:
            return int(value)
        return _LARGEST if value > 0 else -_LARGEST - 1
    raise failure(f"toInteger() takes a text, number or truth value, not {kind_of(value)}")


def _integer_in(text: str) -> int | None:
    whole = _ANY_DIGITS.fullmatch(text)
    if not (whole or _DECIMAL.fullmatch(text)):
        return None
    if len(text) > _DIGITS:
        raise failure(f"the number {text[:30]}… is too long")
    value = int(text) if whole else int(_cut(float(text)))
    if not -_LARGEST - 1 <= value <= _LARGEST:
        raise failure(f"the whole number {text[:60]} does not fit 64 bits", "Read it with toFloat().")
    return value


def _cut(value: float) -> float:
    return value if math.isfinite(value) else math.copysign(2.0**64, value)


def real_of(value: Value) -> float | None:
    """`toFloat(value)`; null for a text that is no number."""
    if value is None:
        return None
    if isinstance(value, str):
        found = _REAL.fullmatch(value)
        return None if found is None or math.isinf(float(found[1])) else float(found[1])
    if is_number(value):
        return float(value)
    raise failure(f"toFloat() takes a text or number, not {kind_of(value)}")


def truth_of(value: Value) -> bool | None:
    """`toBoolean(value)`; null for a text that is neither true nor false."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    if isinstance(value, int):
        return value != 0
    raise failure(f"toBoolean() takes a text, whole number or truth value, not {kind_of(value)}")


def counted(first: Value, last: Value, step: Value = 1) -> list[int] | None:
    """`range(first, last[, step])`, with both ends.

    >>> counted(1, 5, 2), counted(3, 1), counted(3, 1, -1)
    ([1, 3, 5], [], [3, 2, 1])
    """
    if first is None or last is None or step is None:
        return None
    if any(not isinstance(v, int) or isinstance(v, bool) for v in (first, last, step)):
        raise failure("range() takes whole numbers")
    if step == 0:
        raise failure("range() was given a step of zero")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > _LONGEST:
        raise failure(f"range() would make {len(numbers):,} numbers", f"Ask for at most {_LONGEST:,}.")
    return list(numbers)
