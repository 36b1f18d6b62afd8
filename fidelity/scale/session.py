"""The name of a cluster -> a session there; what goes wrong there comes back as a sentence."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from fidelity.errors import Problem, ProblemsFound, WrongUse
from fidelity.place import Place
from fidelity.scale.spark import Py4JError, PySparkException, SparkSession

USUAL_PORT, PATIENCE = 15_002, 10  # of a Spark Connect server; seconds


@contextmanager
def connected(master: str | None, remote: str | None) -> Iterator[SparkSession]:
    """A session on the cluster; what goes wrong there comes back as a sentence, and one of ours is closed."""
    ours = SparkSession.getActiveSession() is None
    session = _session(master, remote)
    try:
        yield session
    except (PySparkException, Py4JError) as trouble:
        raise ProblemsFound([_gave_up(trouble)]) from None
    finally:
        if ours:
            session.stop()


def _session(master: str | None, remote: str | None) -> SparkSession:
    try:
        session = _local_or_own(master or "") if remote is None else _served(remote)
        session.version  # noqa: B018 - asks the server, which may not be there
    except (PySparkException, Py4JError, OSError, RuntimeError) as trouble:
        raise WrongUse(_no_cluster(remote or master or "", trouble)) from None
    return session


def _local_or_own(master: str) -> SparkSession:
    builder = SparkSession.builder.appName("fidelity score").master(master)
    if master.startswith("local"):
        # The workers of a local cluster run where we run; others have their own Python.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.config("spark.ui.enabled", "false")
    return builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()


def _served(remote: str) -> SparkSession:
    """A server that is not there is known at once; Spark's own client would try for minutes."""
    address = urlsplit(remote.partition(";")[0])
    if address.hostname and SparkSession.getActiveSession() is None:
        socket.create_connection((address.hostname, address.port or USUAL_PORT), PATIENCE).close()
    return SparkSession.builder.appName("fidelity score").remote(remote).getOrCreate()


def _no_cluster(url: str, trouble: Exception) -> str:
    if "JAVA_GATEWAY_EXITED" in str(trouble) or isinstance(trouble, FileNotFoundError):
        return "Spark needs Java, which is not here. On Debian: apt-get install default-jre-headless"
    return f"No Spark answers at {url}: {first_line(trouble)}"


def _gave_up(trouble: Exception) -> Problem:
    return Problem("RB507", Place("cluster"), {"gave_up": first_line(trouble)})


def first_line(trouble: Exception) -> str:
    """What a person can use: the sentence of our own kernel, else what the cluster says first."""
    lines = [each.strip(" \t:") for each in str(trouble).splitlines()]
    said = [each for each in lines if each and not each.startswith("An error occurred while calling")]
    own = [each for each in said if each.startswith(("fidelity.errors.", "ModuleNotFoundError:"))]
    return next(iter([*own, *said]), type(trouble).__name__).removeprefix("fidelity.errors.")
