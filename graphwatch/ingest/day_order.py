"""Whether day or month comes first where both are numbers: told by the days after the twelfth of the file itself."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

DayOrder = Literal["day", "month"]
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


def with_iso_days(texts: Any, order: DayOrder) -> Any:
    """Arrow texts that begin with a day in numbers, with that day as ISO 8601 writes it; others as they are.

    >>> import pyarrow as pa
    >>> with_iso_days(pa.array(["8/10/2024 13.05", "3h", None]), "day").to_pylist()
    ['2024-10-08 13.05', '3h', None]
    """
    import pyarrow.compute as pc

    for at, one_digit in ((0, r"^\d[/.-]\d"), (3, r"^\d\d[/.-]\d[/.-]\d{4}")):
        filled = pc.utf8_replace_slice(texts, at, at, "0")
        texts = pc.if_else(pc.match_substring_regex(texts, one_digit), filled, texts)
    return pc.replace_substring_regex(texts, r"^(\d\d)[/.-](\d\d)[/.-](\d{4})", _TO_ISO[order], max_replacements=1)
