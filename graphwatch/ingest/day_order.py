"""Whether day or month comes first where both are numbers: told by the days after the twelfth of the file itself."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from graphwatch.common.written_times import NotATimeError, parse_time

DayOrder = Literal["day", "month"]
_FORMAT: Final = re.compile(r"%([dm])([/.-])%([dm])\2%[Yy]")
# A year of two digits that is near; behind dots such numbers are times of day.
_NUMBERS: Final = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|[23]\d)(?!\d|[/.-]\d)", re.ASCII)
_TO_ISO: Final = {"day": r"\3-\2-\1", "month": r"\3-\1-\2"}


def day_order(texts: Iterable[str]) -> tuple[DayOrder | None, str]:
    """Which comes first in all texts, and one that shows it; None where none shows it, or they contradict each other.

    >>> day_order(["12/10/2024 22:24", "13/10/2024 04:48", "3h"])
    ('day', '13/10/2024 04:48')
    >>> day_order(["10/13/24 7:30 PM", "13.05.25"])
    ('month', '10/13/24 7:30 PM')
    >>> day_order(["12/10/2024"])[0] is day_order(["13/10/2024", "10/13/2024"])[0] is None
    True
    """
    shown = orders_shown(texts)
    return next(iter(shown.items())) if len(shown) == 1 else (None, "")


def orders_shown(texts: Iterable[str]) -> dict[DayOrder, str]:
    """Each order that some text shows, with the first that shows it."""
    shown: dict[DayOrder, str] = {}
    for text in texts:
        numbers = _day_numbers(text)
        if numbers and numbers[0] > 12 >= numbers[1]:
            shown.setdefault("day", text.strip())
        elif numbers and numbers[1] > 12 >= numbers[0]:
            shown.setdefault("month", text.strip())
    return shown


def could_change_places(text: str) -> bool:
    """Whether a text begins with a day that is another one in the other order.

    >>> could_change_places("7/10/2024 19.30"), could_change_places("13/10/2024"), could_change_places("10/10/2024")
    (True, False, False)
    """
    numbers = _day_numbers(text)
    return numbers is not None and max(numbers) <= 12 and numbers[0] != numbers[1]


def _day_numbers(text: str) -> tuple[int, int] | None:
    found = _NUMBERS.match(text)
    if found is None or (found[2] == "." and len(found[4]) == 2):
        return None
    return int(found[1]), int(found[3])


def order_of_format(time_format: str) -> DayOrder | None:
    """Which comes first in a format of days alone; None of any other format.

    >>> order_of_format("%d/%m/%Y"), order_of_format("%m-%d-%y"), order_of_format("%d/%m/%Y %H:%M")
    ('day', 'month', None)
    """
    found = _FORMAT.fullmatch(time_format)
    return None if found is None or found[1] == found[3] else "day" if found[1] == "d" else "month"


def has_days_among_times(texts: Iterable[str], order: DayOrder | None) -> bool:
    """Whether some texts say a day alone, and others a time of day too.

    >>> has_days_among_times(["2024-10-08", "8 Okt 2024 13.05"], None), has_days_among_times(["2024-10-08"], None)
    (True, False)
    """
    import pyarrow as pa

    different = pa.array(dict.fromkeys(text.strip() for text in texts), pa.string())
    said = set()
    for text in with_iso_days(different, order).to_pylist():
        try:
            said.add(parse_time(text).clock is None)
        except NotATimeError:
            continue
    return said == {True, False}


def with_iso_days(texts: Any, order: DayOrder | None) -> Any:
    """Arrow texts that begin with a day in numbers, with that day as ISO 8601 writes it; others as they are.

    All are as they are where nobody knows the order.

    >>> import pyarrow as pa
    >>> with_iso_days(pa.array(["8/10/2024 13.05", "8-10-24", "3h", None]), "day").to_pylist()
    ['2024-10-08 13.05', '2024-10-08', '3h', None]
    """
    if order is None:
        return texts
    import pyarrow.compute as pc

    for at, one_digit in ((0, r"^\d[/.-]\d"), (3, r"^\d\d[/.-]\d[/.-]\d\d")):
        filled = pc.utf8_replace_slice(texts, at, at, "0")
        texts = pc.if_else(pc.match_substring_regex(texts, one_digit), filled, texts)
    texts = pc.replace_substring_regex(texts, r"^(\d\d[/.-]\d\d[/.-])(\d\d)(\D|$)", r"\120\2\3", max_replacements=1)
    return pc.replace_substring_regex(texts, r"^(\d\d)[/.-](\d\d)[/.-](\d{4})", _TO_ISO[order], max_replacements=1)
