"""Columns of text to columns of the graph's types, with a mask of rows for everything that is wrong."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.common.notes import Meaning
from graphwatch.ingest.day_order import day_order, with_iso_days
from graphwatch.ingest.loads import (
    BASIS_WORDS,
    CLASS_WORDS,
    CONFIDENCE_WORDS,
    KIND_WORDS,
    NO_WORDS,
    OBJECT_TYPES,
    POSITION_WORDS,
    PROGRESS_WORDS,
    STATUS_WORDS,
    YES_WORDS,
    Check,
    Field,
)
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.times import TOO_LATE, Mask, TimeForm, mask_of, to_days, to_milliseconds, to_shown_days
from graphwatch.platforms.addresses import INVISIBLE, PLATFORM_WORDS
from graphwatch.settings import CELL_BYTES

ROUNDED: Final = problem("nip_rounded")
NOT_AN_NIP: Final = problem("nip_wrong")

# Blanks, apostrophes, dots and dashes that people put between the parts of an NIP or before it; what cannot be seen.
_BETWEEN: Final = r"[\s\p{Z}\p{Cf}'’‘`´.\-–]"
_ROUNDED_NIP: Final = r"^\d+([.,]\d+)?[eE]\+?\d+$|^\d{15,}[.,]0*$"


def check_nips(column: Any) -> tuple[Any, list[tuple[Mask, Problem]]]:
    """The 18 digits of each cell, and which cells do not have them.

    Nothing inside an NIP is judged: those of PPPK have a year and a count where those of PNS have a month.
    The last three digits count from 001, so 000 comes from a spreadsheet, which keeps 15 digits.

    >>> import pyarrow as pa
    >>> check_nips(pa.array(["'19900101 201503 1 002"]))[0].to_pylist()
    ['199001012015031002']
    """
    rounded = mask_of(pc.match_substring_regex(column, _ROUNDED_NIP))
    digits = pc.replace_substring_regex(column, _BETWEEN, "")
    rounded |= mask_of(pc.match_substring_regex(digits, r"^\d{15}000$"))
    wrong = mask_of(pc.invert(pc.match_substring_regex(digits, r"^\d{18}$")))
    return digits, [(rounded, ROUNDED), (wrong, NOT_AN_NIP)]


_ITEM: Final = r"""(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)"|None|nan)"""
_QUOTED: Final = re.compile(_ITEM)
_ANY_ITEM: Final = _ITEM.replace("((?:", "(?:(?:")
# As Python, NumPy and R print a list of texts.
_LIST: Final = re.compile(rf"(?:\[|\(|\{{|c\()\s*((?:{_ANY_ITEM}[\s,]*+)*+)[\])}}]")
_ID_CHARACTERS: Final = 512

ROUNDED_ID: Final = problem("id_rounded")
_NO_ID: Final = problem("no_id")
_ERROR: Final = problem("sheet_error")
# What people write instead of what stands in the cell above, in lower case.
DITTO_WORDS: Final = ('"', "”", "“", "〃", "ditto", "idem", "s.d.a", "s.d.a.", "sda", "sda.")
_DITTO: Final = problem("ditto")
# What programs write where they have nothing, in lower case.
NO_IDS: Final = (
    *("-", "--", "---", "–", "—", "?", "(blank)", "(null)", "(none)", "[object object]", "<na>", "<null>"),
    *("n.a.", "n/a", "na", "nan", "nat", "nil", "none", "null", "tidak ada", "undefined"),
)
_ERRORS: Final = (
    *("#blocked!", "#calc!", "#connect!", "#div/0!", "#error!", "#field!", "#getting_data", "#n/a", "#n/a!", "#name?"),
    *("#null!", "#num!", "#ref!", "#spill!", "#unknown!", "#value!", "#nama?", "#nilai!", "err:502", "err:508"),
)
# What sheets have in the row below the last one, in lower case.
_TOTALS: Final = (
    *("total", "totals", "jumlah", "grand total", "sub total", "subtotal", "sub-total", "total keseluruhan"),
    *("jumlah keseluruhan", "jumlah total", "total akun", "jumlah akun", "rata-rata", "rata rata", "average"),
)
_SUMMED: Final = (*_TOTALS, *(f"{word}{end}" for word in _TOTALS for end in (":", " :")))
_TOTAL: Final = problem("total")
# A spreadsheet's marks that what follows is text.
_AS_TEXT: Final = r"^(?:['’‘´`]|=\")(-?\d[\d_]*)\"?$"
_SEVERAL: Final = problem("several")
_INVISIBLE: Final = problem("invisible")
_LONG_ID: Final = problem("long_id", most=str(_ID_CHARACTERS))
_LONG_CELL: Final = problem("long_bytes", most=str(CELL_BYTES))
_KIND: Final = problem("kind")
_PLATFORM: Final = problem("platform")
_OBJECT_TYPE: Final = problem("object_type")
_OBJECT_OF_KIND: Final = problem("object_of_kind")
_YES_NO: Final = problem("yes_no", words=", ".join((*YES_WORDS, *NO_WORDS)))
_NUMBER: Final = problem("number")
_STATUS: Final = problem("status")
_BASIS: Final = problem("basis")
_CONFIDENCE: Final = problem("confidence")
_CLASS: Final = problem("class", words=", ".join(dict.fromkeys(CLASS_WORDS.values())))
_PROGRESS: Final = problem("progress", words=", ".join(dict.fromkeys(PROGRESS_WORDS.values())))
_POSITION: Final = problem("position", words=", ".join(dict.fromkeys(POSITION_WORDS.values())))
_TEXTS: Final = problem("texts")


class Checked(NamedTuple):
    """Typed columns, and for each problem the mask of rows that have it."""

    columns: dict[str, Any]
    problems: list[tuple[Mask, Problem]]


def check_column(field: Field, raw: Any, form: TimeForm, now_ms: int, told: Counter[str] | None = None) -> Checked:
    """Check one column of text and give it its type.

    Args:
        field: what the column should hold.
        raw: Arrow text; empty counts as null.
        form: how its times are written, for example a mapping.
        now_ms: the present, UTC epoch milliseconds.
        told: counts cells that were read in a way that is worth telling.

    Returns:
        The column under its name, a time or day also as `name_ms`; rows with a problem have any value.
    """
    raw = pc.if_else(pc.equal(raw, ""), None, raw)
    problems = [(mask_of(pc.greater(pc.binary_length(raw), CELL_BYTES)), _LONG_CELL)]
    if field.type not in (Check.TEXT, Check.TEXTS):
        trimmed = _trimmed(raw)
        raw = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    if field.type is Check.TIME and field.day_is_end:
        checked = _look(field.name, raw, form, now_ms)
    elif field.type is Check.TIME:
        ms, wrong = to_milliseconds(raw, form.timezone, form.time_format, now_ms, told, form.day_order)
        checked = Checked({f"{field.name}_ms": ms, field.name: raw}, wrong)
    elif field.type is Check.DAY:
        days, ms, wrong = to_shown_days(raw, form.day_order)
        checked = Checked({f"{field.name}_ms": ms, field.name: days}, wrong)
    elif field.type is Check.MOMENT:
        checked = _moment(field.name, raw, form, now_ms)
    elif field.type is Check.ID:
        raw, wrong = _named(raw, required=field.required)
        column, more = _id(raw)
        checked = Checked({field.name: column}, wrong + more)
    else:
        column, wrong = _CHECKS[field.type](raw)
        checked = Checked({field.name: column}, wrong)
    if field.required:
        empty = problem("empty", property=field.name, meaning=Meaning(field.meaning))
        problems.append((raw.is_null().to_numpy(zero_copy_only=False), empty))
    return Checked(checked.columns, [(m, p) for m, p in problems + checked.problems if m.any()])


def _trimmed(raw: Any) -> Any:
    """Texts without blanks at their ends, and without characters that nobody sees: telephones put them there."""
    trimmed = pc.utf8_trim_whitespace(raw)
    if _plain(trimmed):
        return trimmed
    return pc.utf8_trim_whitespace(pc.utf8_trim(trimmed, INVISIBLE + "\xa0"))


def check_labels(column: Any) -> list[tuple[Mask, Problem]]:
    """Which rows are totals, by the cells of a column that gives no property.

    >>> [mask.tolist() for mask, _ in check_labels(pa.array(["1", " Jumlah: ", None]))]
    [[False, True, False]]
    """
    totals = mask_of(pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(_SUMMED)))
    return [(totals, _TOTAL)] if totals.any() else []


def check_object_types(kind: Any, object_type: Any) -> Checked:
    """Fill in the object type that a kind has by default, and refuse one that it cannot have.

    >>> check_object_types(pa.array(["LIKED", "FOLLOWED"]), pa.array([None, "post"], pa.string()))[1][0][0]
    array([False,  True])
    """
    followed = pc.equal(kind, "FOLLOWED")
    filled = pc.coalesce(object_type, pc.if_else(followed, "page", "post"))
    wrong = mask_of(pc.not_equal(pc.equal(filled, "post"), pc.invert(followed)))
    return Checked({"object_type": filled}, [(wrong, _OBJECT_OF_KIND)] if wrong.any() else [])


def _look(name: str, column: Any, form: TimeForm, now_ms: int) -> Checked:
    """Times when somebody looked; of a day without an hour its end, or the present where that comes first."""
    read = _moment(name, column, form, now_ms)
    _, begins, _ = to_days(pc.if_else(read.columns[f"{name}_ms"].is_null(), read.columns[name], None))
    ends = pc.add(begins, DAY_MS - 1)
    late = pc.greater(begins, now_ms)
    ends = pc.if_else(pc.greater(ends, now_ms), pa.scalar(now_ms, pa.int64()), ends)
    columns = {f"{name}_ms": pc.coalesce(read.columns[f"{name}_ms"], ends), name: column}
    return Checked(columns, [*read.problems, (mask_of(late), TOO_LATE)])


def _moment(name: str, column: Any, form: TimeForm, now_ms: int) -> Checked:
    """Times, and days without a known hour: these have no milliseconds, and are written as ISO dates."""
    order = day_order(column.drop_null().unique().to_pylist())[0] or form.day_order
    column = with_iso_days(column, order)
    days, _, _ = to_days(column)
    times = pc.if_else(days.is_valid(), None, column)
    ms, wrong = to_milliseconds(times, form.timezone, form.time_format, now_ms, None, order)
    return Checked({f"{name}_ms": ms, name: pc.coalesce(days, column)}, wrong)


_Result = tuple[Any, list[tuple[Mask, Problem]]]


def _named(column: Any, *, required: bool) -> _Result:
    """Words that are no ids: where an id must be they are refused, elsewhere they say that there is none."""
    lower = pc.utf8_lower(column)
    nothing, errors, totals = (pc.is_in(lower, value_set=pa.array(words)) for words in (NO_IDS, _ERRORS, _SUMMED))
    above = (mask_of(pc.is_in(lower, value_set=pa.array(DITTO_WORDS))), _DITTO)
    if not required:
        return pc.if_else(pc.or_(nothing, errors), None, column), [above]
    return column, [(mask_of(nothing), _NO_ID), (mask_of(errors), _ERROR), (mask_of(totals), _TOTAL), above]


def _id(column: Any) -> _Result:
    problems = [(mask_of(pc.greater(pc.utf8_length(column), _ID_CHARACTERS)), _LONG_ID)]
    if not _plain(column):
        # Names below each other in one cell.
        problems.append((mask_of(pc.match_substring_regex(column, r"(?s)(?:@|://).*\n.*(?:@|://)")), _SEVERAL))
        problems.append((mask_of(pc.match_substring_regex(column, r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]")), _INVISIBLE))
    marked = pc.match_substring_regex(column, _AS_TEXT)
    if pc.any(marked).as_py():
        column = pc.if_else(marked, pc.replace_substring_regex(column, _AS_TEXT, r"\1"), column)
    # "1e17" may be a hexadecimal id; a sign or a decimal mark cannot.
    numbers = mask_of(pc.match_substring_regex(column, r"^-?(\d+([.,]\d+)?[eE]\+\d+|\d+[.,]\d+[eE]\d+|\d+[.,]0+)$"))
    if numbers.any():
        column, rounded = _whole(column, numbers)
        problems.append((rounded, ROUNDED_ID))
    return column, problems


def _whole(column: Any, numbers: Mask) -> tuple[Any, Mask]:
    """Whole numbers for those with decimals or exponents that say all their digits; and which do not."""
    cells: list[str | None] = column.to_pylist()
    rounded = np.zeros(len(cells), np.bool_)
    for at in np.flatnonzero(numbers).tolist():
        cell = str(cells[at])
        if _THOUSANDS.fullmatch(cell):
            continue
        cells[at] = whole_number(cell)
        rounded[at] = cells[at] is None
    return pa.array(cells, column.type), rounded


# 77.000 may be seventy-seven thousand: it is left to whoever knows what ids look like.
_THOUSANDS: Final = re.compile(r"\d{1,3}[.,]000")
# Above this a decimal that a program has made of an id need not be that id.
_EXACT: Final = 1 << 53


def whole_number(text: str) -> str | None:
    """The digits of a whole number that a program wrote with decimals or an exponent; None where some are lost.

    >>> whole_number("77001.0"), whole_number("7.7001E+4"), whole_number("1.84E+18"), whole_number("1.5")
    ('77001', '77001', None, None)
    """
    number, _, exponent = text.replace(",", ".").lower().partition("e")
    whole, _, decimals = number.partition(".")
    shift = int(exponent[:8] or "0") if exponent else 0
    decimals = decimals if exponent else decimals.rstrip("0")
    if len(decimals) != shift:
        return None
    digits = (whole + decimals).lstrip("0") or "0"
    return digits if not digits.startswith("-") and int(digits[:20]) <= _EXACT else None


def _plain(column: Any) -> bool:
    """Whether all characters are visible ASCII or blanks: one look at the bytes instead of one per cell."""
    joined = column.buffers()[2]
    content = np.frombuffer(joined or b"", np.uint8)
    return len(content) == 0 or bool(content.min() >= 0x20 and content.max() < 0x7F)


def _text(column: Any) -> _Result:
    # NUL says nothing, and programs written in C cut the text at it.
    return pc.replace_substring(column, "\x00", ""), []


def _handle(column: Any) -> _Result:
    column, _ = _named(column, required=False)
    return _text(pc.utf8_ltrim(column, "@"))


def _kind(column: Any) -> _Result:
    return _looked_up(column, KIND_WORDS, _KIND)


def _object_type(column: Any) -> _Result:
    return _looked_up(column, {t: t for t in OBJECT_TYPES}, _OBJECT_TYPE)


def _yes_no(column: Any) -> _Result:
    words = dict.fromkeys(YES_WORDS, True) | dict.fromkeys(NO_WORDS, False)
    return _looked_up(column, words, _YES_NO)


def _looked_up(column: Any, words: Any, problem: Problem) -> _Result:
    at = pc.index_in(pc.utf8_lower(column), pa.array(list(words)))
    found = pa.array(list(words.values())).take(at)
    return found, [(mask_of(pc.and_(found.is_null(), column.is_valid())), problem)]


def _platform(column: Any) -> _Result:
    lower = pc.utf8_lower(column)
    words = pc.index_in(lower, value_set=pa.array(list(PLATFORM_WORDS)))
    lower = pc.coalesce(pa.array(list(PLATFORM_WORDS.values())).take(words), lower)
    fits = pc.match_substring_regex(lower, r"^[a-z0-9][a-z0-9._-]{0,31}$")
    return lower, [(mask_of(pc.invert(fits)), _PLATFORM)]


def _number(column: Any) -> _Result:
    fits = pc.match_substring_regex(column, r"^\d{1,9}$")
    return pc.if_else(fits, column, None).cast(pa.int64()), [(mask_of(pc.invert(fits)), _NUMBER)]


def _texts(column: Any) -> _Result:
    wrong = np.zeros(len(column), np.bool_)
    lists: list[list[str] | None] = []
    for row, cell in enumerate(column.to_pylist()):
        try:
            lists.append(None if cell is None else _items(cell))
        except ValueError:
            lists.append(None)
            wrong[row] = True
    return pa.array(lists, pa.list_(pa.string())), [(wrong, _TEXTS)]


def _items(cell: str) -> list[str]:
    """The items of a list cell, without # and without empty ones.

    A comma or blank inside an address does not separate: only one before the next address does.

    Raises:
        ValueError: brackets hold something else than texts.

    >>> _items("https://a.example/x,y https://b.example"), _items("['a', 'b']")
    (['https://a.example/x,y', 'https://b.example'], ['a', 'b'])
    """
    text = cell.strip()
    if text.startswith("["):
        items = _bracketed(text)
    elif quoted := _LIST.fullmatch(text):
        items = _quoted(quoted[1])
    else:
        items = _separated(text)
    stripped = (item.replace("\x00", "").strip().removeprefix("#") for item in items)
    return [item for item in stripped if item]


def _bracketed(text: str) -> list[str]:
    """A list as JSON has it, or as Python and its libraries print it."""
    try:
        items: list[str] = json.loads(text)
    except RecursionError as error:
        raise ValueError from error
    except ValueError:
        if quoted := _LIST.fullmatch(text):
            return _quoted(quoted[1])
        if text.endswith("]") and not re.search(r"[\[\]{}'\"]", text[1:-1]):
            return _separated(text[1:-1])
        raise
    try:
        "".join(items).encode()
    except TypeError as error:
        raise ValueError from error
    return items


def _quoted(text: str) -> list[str]:
    items = (found[1] if found[1] is not None else found[2] for found in _QUOTED.finditer(text))
    return [re.sub(r"\\(.)", r"\1", item) for item in items if item is not None]


def _separated(text: str) -> list[str]:
    if "|" in text:
        return text.split("|")
    if "://" in text:
        return re.split(r"(?:[,;]\s*|\s+)(?=[A-Za-z]+://)", text)
    return re.split(r"[,\s]\s*(?=#)", text) if text.startswith("#") and "," not in text else text.split(",")


_CHECKS: Final[dict[Check, Callable[[Any], _Result]]] = {
    Check.TEXT: _text,
    Check.HANDLE: _handle,
    Check.KIND: _kind,
    Check.PLATFORM: _platform,
    Check.OBJECT_TYPE: _object_type,
    Check.YES_NO: _yes_no,
    Check.NUMBER: _number,
    Check.TEXTS: _texts,
    Check.NIP: check_nips,
    Check.STATUS: lambda column: _looked_up(column, STATUS_WORDS, _STATUS),
    Check.BASIS: lambda column: _looked_up(column, BASIS_WORDS, _BASIS),
    Check.CONFIDENCE: lambda column: _looked_up(column, CONFIDENCE_WORDS, _CONFIDENCE),
    Check.CLASS: lambda column: _looked_up(pc.replace_substring(column, " ", "_"), CLASS_WORDS, _CLASS),
    Check.PROGRESS: lambda column: _looked_up(column, PROGRESS_WORDS, _PROGRESS),
    Check.POSITION: lambda column: _looked_up(pc.replace_substring(column, " ", "_"), POSITION_WORDS, _POSITION),
}
