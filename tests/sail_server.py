"""A real Spark Connect server without Java: Sail, in this process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession


@contextmanager
def sail() -> Iterator[str]:
    """The address of the server; afterwards another kind of session may begin in this process."""
    before = dict(os.environ)
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    try:
        yield f"sc://{host}:{port}"
    finally:
        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()
        server.stop()
        for name in set(os.environ) - set(before):
            del os.environ[name]
