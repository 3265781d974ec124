"""A session on an Apache Spark that an office has, or on one of this machine alone, and what it says when it fails."""

import os
import re
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from graphwatch.errors import InputError, StoreError, UsageError

_LEAST_JAVA: Final = 17
_SECONDS: Final = 5.0
BATCH_ROWS: Final = 1_000_000
_SETTINGS: Final = {
    "spark.app.name": "graphwatch",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.driver.maxResultSize": "0",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
# Of a Spark on this machine nothing listens to others.
_LOCAL: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


@contextmanager
def session_on(master: str | None) -> Iterator[Any]:
    """A session on the Spark of that address; one that was there before is used, and left as it was.

    Raises:
        UsageError: Spark's Python is not installed, there is no Java or too old a one, or nobody answers.
    """
    session_class = _session_class()
    mine = session_class.getActiveSession() is None
    if mine:
        _check_java()
        _check_master(master)
    try:
        with unwarned():
            session = _started(session_class, master) if mine else session_class.getActiveSession()
    except Exception as error:  # of Java, of the bridge to it, or of Spark: they have no base
        raise UsageError(
            f"Spark cannot be started: {_first_line(error)}",
            where=master,
            remedy="See that the master is one of this network and of this version of Spark.",
        ) from error
    try:
        yield session
    except KeyboardInterrupt:
        session.sparkContext.cancelAllJobs()
        raise
    finally:
        if mine:
            session.stop()


def _session_class() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(
            "Spark's Python is not installed", remedy="Install it: pip install 'graphwatch[spark]'."
        ) from error
    return SparkSession


def _started(session_class: Any, master: str | None) -> Any:
    builder, settings = session_class.builder, _SETTINGS
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            settings = settings | _LOCAL
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _check_java() -> None:
    """Whether Spark finds a Java that it can use."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java"))) if home else shutil.which("java")
    remedy = f"Install Java {_LEAST_JAVA} or newer, or name one with JAVA_HOME."
    if java is None:
        raise UsageError("Spark needs Java, and there is none", where=home, remedy=remedy)
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False).stderr  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"Java does not start: {error}", where=java, remedy=remedy) from error
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is None or int(found[1]) < _LEAST_JAVA:
        version = found[1] if found else "unknown"
        raise UsageError(f"Spark needs Java {_LEAST_JAVA}, and this one is {version}", where=java, remedy=remedy)


def _check_master(master: str | None) -> None:
    """Whether somebody listens at the address of a standalone master: Spark itself would ask for a minute."""
    if master is None or not master.startswith("spark://"):
        return
    places = [place.rpartition(":") for place in master.removeprefix("spark://").split(",")]
    for host, _, port in places:
        try:
            socket.create_connection((host, int(port)), timeout=_SECONDS).close()
        except (OSError, ValueError):
            continue
        return
    raise UsageError(
        "nobody answers there", where=master, remedy="Start the master, or correct --master spark://HOST:7077."
    )


@contextmanager
def unwarned() -> Iterator[None]:
    """Spark warns of every pandas that is newer than itself; none is used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


@contextmanager
def told(where: str) -> Iterator[None]:
    """What Spark or the disk says of a failure, as an error with its remedy."""
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, PySparkException

    try:
        with unwarned():
            yield
    except AnalysisException as error:
        raise InputError(
            f"the acts cannot be read: {_first_line(error)}",
            where=where,
            remedy="Nothing was changed. Give --acts a path that every machine of the cluster reaches.",
        ) from error
    except (PySparkException, Py4JError) as error:
        raise StoreError(
            f"Spark gave up: {_first_line(error)}",
            where=where,
            remedy="Nothing was changed. See Spark's own log for the task that failed, then do the same again.",
        ) from error
    except OSError as error:
        raise StoreError(
            f"what comes from Spark or goes there cannot be written: {error.strerror or error}",
            where=error.filename or where,
            remedy="Nothing was changed. Make room on the disk, then do the same again.",
        ) from error


_CAUSE: Final = re.compile(r"Caused by: (?:[\w.$]+: )?(.+)")


def _first_line(error: BaseException) -> str:
    """What the deepest cause says, of which Java's errors have several."""
    said = str(getattr(error, "java_exception", None) or error)
    causes = _CAUSE.findall(str(error))
    return causes[-1] if causes else next(iter(said.splitlines()), type(error).__name__)
