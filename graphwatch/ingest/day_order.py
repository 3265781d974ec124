"""Whether day or month comes first where both are numbers: told by the days after the twelfth of the file itself."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from graphwatch.common.written_times import NotATimeError, parse_time

DayOrder = Literal["day", "month"]
_FORMAT: Final = re.compile(r"%([dm])([/.-])%([dm])\2%[Yy]")
_NUMBERS: Final = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2\d{4}(?!\d)", re.ASCII)
_TO_ISO: Final = {"day": r"\3-\2-\1", "month": r"\3-\1-\2"}


def day_order(texts: Iterable[str]) -> tuple[DayOrder | None, str]:
    """Which comes first in all texts, and one that shows it; None where none shows it, or they contradict each other.

    >>> day_order(["12/10/2024 22:24", "13/10/2024 04:48", "3h"])
    ('day', '13/10/2024 04:48')
    >>> day_order(["12/10/2024"])[0] is day_order(["13/10/2024", "10/13/2024"])[0] is None
    True
    """
    shown: dict[DayOrder, str] = {}
    for text in texts:
        found = _NUMBERS.match(text)
        if found and int(found[1]) > 12 >= int(found[3]):
            shown.setdefault("day", text.strip())
        elif found and int(found[3]) > 12 >= int(found[1]):
            shown.setdefault("month", text.strip())
    return next(iter(shown.items())) if len(shown) == 1 else (None, "")


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
