"""What `neo4j-admin database import` takes: how it is called, and how its CSV files name types and join lists."""

from pathlib import Path
from typing import Final

from graphwatch.common.files import made_folder
from graphwatch.errors import UsageError
from graphwatch.model.declaring import Property, Type

# Stands between the entries of a list, and in no text of one.
BETWEEN: Final = "\x1f"
COMMAND: Final = ("neo4j-admin", "database", "import", "full")
_TYPES: Final = {
    Type.TEXT: "",
    Type.INTEGER: ":long",
    Type.REAL: ":double",
    Type.BOOLEAN: ":boolean",
    Type.TEXTS: ":string[]",
}


def typed(property: Property) -> str:
    """The head of a property's column; what has no type is text.

    >>> from graphwatch.model import node
    >>> typed(node("Post").properties[-1])
    'images:string[]'
    """
    return property.name + _TYPES[property.type]


def import_folder(folder: str | Path) -> Path:
    """A folder for its files, made where it is missing.

    Raises:
        UsageError: it is a file, or has a comma in its name.
        GraphwatchError: it cannot be made.
    """
    if "," in str(folder):
        raise UsageError(
            "neo4j-admin takes a comma in a name for the end of it", where=str(folder), remedy="Name another folder."
        )
    return made_folder(folder)
