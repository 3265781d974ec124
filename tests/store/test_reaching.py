"""What is wrong with the way to a server is found out, not guessed."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from graphwatch.store.server.reaching import why_unreached


@contextmanager
def answering(answer: Callable[[socket.socket], object]) -> Iterator[str]:
    """Something that answers on loopback; its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):  # closed
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def speaks_tls(tmp_path: Path) -> Iterator[str]:
    """A server with a certificate that it signed itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "graph")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "certificate.pem").write_bytes(certificate + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem")

    def speak(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as spoken:
            spoken.recv(1)

    with answering(speak) as place:
        yield place


@pytest.mark.parametrize(
    ("scheme", "what", "remedy"),
    [
        ("bolt", "speaks TLS", "neo4j+s://"),
        ("neo4j+s", "certificate cannot be verified", "neo4j+ssc://"),
        ("bolt+ssc", "not as a Neo4j server", "7687"),
    ],
)
def test_a_server_that_speaks_tls(speaks_tls: str, scheme: str, what: str, remedy: str) -> None:
    found = why_unreached(f"{scheme}://{speaks_tls}")
    assert what in found[0]
    assert remedy in found[1]


@pytest.mark.parametrize(
    ("scheme", "what"), [("bolt", "not as a Neo4j server"), ("neo4j+s", "not speak TLS"), ("bolt+ssc", "not speak TLS")]
)
def test_a_server_that_does_not(scheme: str, what: str) -> None:
    with answering(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as place:
        assert what in why_unreached(f"{scheme}://{place}")[0]


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    what, remedy = why_unreached(f"neo4j+s://127.0.0.1:{port}")
    assert what == "no server answers"
    assert "repeating is safe" in remedy
