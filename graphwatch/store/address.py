"""Where a store is: a folder, or a Neo4j server with its database and who one is there."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from graphwatch.errors import PasswordMissing, UsageError

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_SCHEME: Final = re.compile(r"[a-z0-9+]+://")


@dataclass(frozen=True, slots=True)
class Address:
    """A Neo4j server: the driver's URI, the database (None: the server's default), user and password."""

    uri: str
    database: str | None
    username: str
    password: str

    def __repr__(self) -> str:
        return f"Address({self.uri!r}, {self.database!r}, {self.username!r})"  # a password is never shown


def is_server(place: str) -> bool:
    """Whether the words that name a store are an address rather than a folder.

    >>> is_server("neo4j://localhost"), is_server("russian.gw")
    (True, False)
    """
    return bool(_SCHEME.match(place))


def server_address(place: str, known: Mapping[str, str] | None = None) -> Address:
    """The address in `scheme://host[:port][/database]`, with the credentials that the environment gives.

    Args:
        place: the address; without a database NEO4J_DATABASE counts.
        known: variables to look into; the environment, over a file `.env` in the current folder, when left out.

    Raises:
        UsageError: it is no address, the scheme is none of Neo4j's, or it holds a user or a password.
        PasswordMissing: there is no password to be found.

    >>> server_address("bolt://localhost:7687/graphs", {"NEO4J_PASSWORD": "secret"})
    Address('bolt://localhost:7687', 'graphs', 'neo4j')
    """
    try:
        parts = urlsplit(place)
    except ValueError as error:
        remedy = "Write it as neo4j://host:7687/database."
        raise UsageError(f"invalid address: {error}", where=place.partition("@")[2] or place, remedy=remedy) from None
    if parts.scheme not in SCHEMES:
        raise UsageError(
            f"{parts.scheme}:// is not an address that graphwatch knows",
            where=place.partition("@")[2] or place,
            remedy=f"Use a folder, or one of {', '.join(SCHEMES)}.",
        )
    if parts.username or parts.password:
        raise UsageError(
            "the address holds a user name or a password, which other people can see in the list of processes",
            remedy="Put them into NEO4J_USERNAME and NEO4J_PASSWORD, or into a file .env.",
        )
    known = _variables() if known is None else known
    password = known.get("NEO4J_PASSWORD")
    if not password:
        raise PasswordMissing(
            "there is no password for the server",
            where=place,
            remedy="Set NEO4J_PASSWORD (and NEO4J_USERNAME, unless it is neo4j) in the environment or in a file .env.",
        )
    database = parts.path.strip("/") or known.get("NEO4J_DATABASE") or None
    uri = f"{parts.scheme}://{parts.netloc}"
    return Address(uri, database, known.get("NEO4J_USERNAME") or "neo4j", password)


def _variables() -> dict[str, str]:
    from dotenv import dotenv_values

    filed = {k: v for k, v in dotenv_values(Path.cwd() / ".env").items() if v is not None}
    return {**filed, **os.environ}
