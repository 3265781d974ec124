"""A real Neo4j Community server for tests: fetched once with mvn, started on loopback, thrown away.

    python tests/neo4j/neo4j_server.py fetch         fill the cache and stop
    python tests/neo4j/neo4j_server.py run FOLDER    run a server in FOLDER until interrupted; prints its address

The jars are kept in GRAPHWATCH_NEO4J_CACHE, by default ~/.cache/graphwatch-neo4j.
"""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

HERE = Path(__file__).parent
PASSWORD = "graphwatch-tests"
_START_SECONDS = 120


class Size(NamedTuple):
    """What a server may use, and whether it is to last: then it compiles well, and plans anew when its store grows."""

    heap: str
    cache: str
    lasts: bool


FOR_TESTS: Final = Size("1g", "256m", lasts=False)


def cached_jars() -> Path:
    """The folder for the jars; its name says which they are."""
    cache = Path(os.environ.get("GRAPHWATCH_NEO4J_CACHE") or Path.home() / ".cache" / "graphwatch-neo4j")
    return cache / hashlib.sha256((HERE / "pom.xml").read_bytes()).hexdigest()[:12]


def missing_tool() -> str | None:
    """What this machine lacks to run a server, and the remedy; None when nothing is."""
    if java() is None:
        return "a Neo4j server needs Java 17 or newer: install a JRE, or set GRAPHWATCH_TEST_NEO4J_URI"
    if not (cached_jars() / "complete").exists() and shutil.which("mvn") is None:
        return "fetching Neo4j needs mvn: install maven, or set GRAPHWATCH_TEST_NEO4J_URI"
    return None


def java() -> str | None:
    """A java that is new enough."""
    candidates = [shutil.which("java"), *map(str, Path("/usr/lib/jvm").glob("*/bin/java"))]
    for candidate in filter(None, candidates):
        said = subprocess.run([candidate, "-version"], capture_output=True, text=True, check=False).stderr
        version = re.search(r'version "(\d+)', said)
        if version and int(version[1]) >= 17:
            return candidate
    return None


def fetch() -> Path:
    """The folder of jars, filled with mvn where it is not yet."""
    jars = cached_jars()
    if not (jars / "complete").exists():
        shutil.rmtree(jars, ignore_errors=True)
        jars.mkdir(parents=True)
        subprocess.run(
            ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), f"-Ddest={jars}", "generate-resources"], check=True
        )
        (jars / "complete").touch()
    return jars


@contextmanager
def running(folder: Path, size: Size = FOR_TESTS) -> Iterator[str]:
    """A server whose data are in `folder`; the value is its address. Its user is neo4j with PASSWORD."""
    jars, program, port = fetch(), java(), _free_port()
    assert program is not None
    _configure(folder, port, size)
    admin(folder, "dbms", "set-initial-password", PASSWORD)
    with (folder / "logs" / "console.log").open("wb") as log:
        server = subprocess.Popen(_command(program, jars, folder, size), cwd=folder, stdout=log, stderr=log)
    try:
        _await(server, port, folder)
        yield f"bolt://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def admin(folder: Path, *words: str) -> None:
    """Have Neo4j's own tool do something to the server in `folder`, which stands still."""
    program = java()
    assert program is not None
    if not (folder / "conf").exists():
        _configure(folder, 0, FOR_TESTS)
    environment = {**os.environ, "NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}
    tool = [program, "-XX:TieredStopAtLevel=1", "-cp", f"{fetch()}/*", "org.neo4j.cli.AdminTool"]
    # Its report lies where it is started.
    subprocess.run([*tool, *words], env=environment, check=True, capture_output=True, cwd=folder)


def _configure(folder: Path, port: int, size: Size) -> None:
    for name in ("conf", "logs", "import"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "conf" / "neo4j.conf").write_text(_configuration(port, size), encoding="utf-8")


def _configuration(port: int, size: Size) -> str:
    # What was planned for one test serves the next, whatever it has in the store.
    planned = [] if size.lasts else ["dbms.cypher.min_replan_interval=1d"]
    return "\n".join(
        [
            "server.default_listen_address=127.0.0.1",
            f"server.bolt.listen_address=127.0.0.1:{port}",
            f"server.bolt.advertised_address=127.0.0.1:{port}",
            "server.http.enabled=false",
            "server.https.enabled=false",
            f"server.memory.pagecache.size={size.cache}",
            # Without an import folder and these two, a reading session can read files and call addresses.
            "server.directories.import=import",
            "dbms.security.allow_csv_import_from_file_urls=false",
            "internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0",
            *planned,
            "db.tx_log.preallocate=false",
            "db.tx_log.rotation.retention_policy=1 files",
            "dbms.usage_report.enabled=false",
            "client.allow_telemetry=false",
            "internal.server.bolt.thread_pool_shutdown_wait_time=0s",
            "",
        ]
    )


def _command(program: str, jars: Path, folder: Path, size: Size) -> list[str]:
    opened = [f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in ("java.nio", "java.io", "sun.nio.ch")]
    main = "org.neo4j.server.CommunityEntryPoint"
    heap = ["-Xms512m", f"-Xmx{size.heap}", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"]
    # The quick compiler alone keeps its code in a room that the planner fills; then it is compiled again and again.
    compiler = [] if size.lasts else ["-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=256m"]
    folders = [f"--home-dir={folder}", f"--config-dir={folder / 'conf'}"]
    return [program, *heap, *compiler, *opened, "-cp", f"{jars}/*", main, *folders]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    """Wait until Bolt's handshake is answered."""
    hello = bytes.fromhex("6060b01700000006000808050000040400000000")
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                connection.sendall(hello)
                if len(connection.recv(4)) == 4:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start; see {folder / 'logs'}")


if __name__ == "__main__":
    if sys.argv[1:] == ["fetch"]:
        print(fetch())
    else:
        with running(Path(sys.argv[2])) as address:
            print(f"NEO4J_URI={address} NEO4J_USERNAME=neo4j NEO4J_PASSWORD={PASSWORD}", flush=True)
            with suppress(KeyboardInterrupt):
                time.sleep(10**9)
