"""Why a server was not reached: the driver says for most causes that it is not there."""

import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

_PORT: Final = 7687
_SECONDS: Final = 5.0

_NOBODY: Final = (
    "no server answers",
    "Start it, or check host and port; 7687 is Neo4j's own port. Then do the same again: repeating is safe.",
)
_NO_TLS: Final = (
    "the server does not speak TLS there, and the address asks for it",
    "Use neo4j:// or bolt:// without +s where the way to it is safe, or let the server speak TLS "
    "(server.bolt.tls_level).",
)
_TLS_ONLY: Final = (
    "the server speaks TLS there, and the address does not ask for it",
    "Use neo4j+s:// or bolt+s://; +ssc where the server signed its certificate itself.",
)
_UNVERIFIED: Final = (
    "the server's certificate cannot be verified",
    "Use the host name that it was issued for; where the server signed it itself, neo4j+ssc:// or bolt+ssc://.",
)
_NO_NEO4J: Final = (
    "something answers there, but not as a Neo4j server does",
    "Check host and port (7687 is Neo4j's own port, 7474 its web page), then the server's log. Repeating is safe.",
)


def why_unreached(uri: str) -> tuple[str, str]:
    """What is wrong with the way to a server, and what to do about it.

    >>> why_unreached("bolt://127.0.0.1:9")[0]
    'no server answers'
    """
    parts = urlsplit(uri)
    place = parts.hostname or "localhost", parts.port or _PORT
    asks, checks = "+" in parts.scheme, parts.scheme.endswith("+s")
    try:
        socket.create_connection(place, _SECONDS).close()
    except OSError:
        return _NOBODY
    if not _shakes_hands(place, checked=False):
        return _NO_TLS if asks else _NO_NEO4J
    if not asks:
        return _TLS_ONLY
    return _NO_NEO4J if not checks or _shakes_hands(place, checked=True) else _UNVERIFIED


def _shakes_hands(place: tuple[str, int], *, checked: bool) -> bool:
    """Whether TLS can be spoken with it, the certificate checked or not."""
    context = ssl.create_default_context()
    if not checked:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection(place, _SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=place[0]),
        ):
            return True
    except OSError:
        return False
