"""What every drawing of a network says alike: names, shapes and colours, none with a meaning that is not written."""

from collections.abc import Mapping
from typing import Any, Final

from graphwatch.common.sanitize import NAME_LENGTH, plain

# Okabe and Ito (2008), with a yellow that is dark enough for a white page.
PALETTE: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#a89a00")
GREY: Final = "#8b939c"
_SHAPES: Final = {"Account": "dot", "Post": "square", "Page": "diamond", "Paslon": "star"}


def shape_of(label: str) -> str:
    """Shape of a node; a triangle for what is seldom drawn."""
    return _SHAPES.get(label, "triangle")


def colour_of(number: int | None) -> int:
    """Place in the palette of a cluster's number; -1, grey, from the eighth on and without a cluster."""
    return number - 1 if number is not None and 1 <= number <= len(PALETTE) else -1


def colour_code(colour: int) -> str:
    """The colour as #rrggbb.

    >>> colour_code(-1) == GREY
    True
    """
    return PALETTE[colour] if colour >= 0 else GREY


def name_of(attributes: Mapping[str, Any], id: str) -> str:
    """What a reader sees a node called: handle, name or first words where there are any, else its id.

    >>> name_of({"label": "Paslon", "number": 2, "name": "Ani & Budi"}, "p2")
    '2 · Ani & Budi'
    """
    label, handle, name = attributes["label"], attributes.get("handle"), attributes.get("name")
    if label == "Account":
        found = handle or name
    elif label == "Post":
        found = attributes.get("text")
    elif label == "Paslon" and name and attributes.get("number") is not None:
        found = f"{attributes['number']} · {name}"
    else:
        found = name or handle
    return plain(str(found or id), NAME_LENGTH) or plain(repr(id), NAME_LENGTH)
