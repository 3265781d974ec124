"""A value as text: for a cell, for JSON, and for a terminal that nothing in it can disturb.

Values are written by the people under watch. None of them may move the cursor of a terminal.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

# Control and format characters, except the joiners that scripts and emoji are written with.
_HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""The text with control, bidirectional and other hidden characters written out, line ends as spaces.

    >>> visible("a\x1b[2Jb\nc\u202e")
    'a\\u001b[2Jb c\\u202e'
    """
    if text.isprintable():
        return text
    spaced = re.sub(r"\r\n|[\n\t]", " ", text)
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], spaced)


def text_of(value: Any) -> str:
    """A cell as text: lists joined with `|`, nodes and maps as JSON, null empty.

    >>> text_of(["a", 1]), text_of({"id": "x:1"}), text_of(None)
    ('a|1', '{"id": "x:1"}', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(item, list | dict | tuple) for item in value):
        return "|".join(map(text_of, value))
    if isinstance(value, list | dict | tuple):
        return json_text(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def shown(value: Any) -> str:
    """A cell of a terminal table: short numbers, nothing hidden.

    >>> shown(0.123456), shown(1.846e-07), shown(0.0)
    ('0.1235', '1.8e-07', '0.0')
    """
    if not isinstance(value, float):
        return visible(text_of(value))
    # A small probability is not none at all.
    return f"{value:.1e}" if 0 < abs(value) < 0.0001 else str(round(value, 4))


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON with hidden characters escaped: a terminal shows it unharmed, and it reads back the same.

    Results are objects with the names of their fields, days and times ISO 8601, and numbers that are none null.

    >>> from datetime import date
    >>> json_text({"day": date(2024, 9, 22), "share": float("nan"), "kinds": ("LIKED",)})
    '{"day": "2024-09-22", "share": null, "kinds": ["LIKED"]}'
    """
    between = ", " if indent is None else ","
    text = json.dumps(_jsonable(value), ensure_ascii=False, separators=(between, ": "), indent=indent)
    # A line end that is still one is of the indentation.
    return _HIDDEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return text_of(value)
