"""A PostgreSQL server of our own, in a folder that goes away with it; the programs are the machine's."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "study_team"


def programs() -> Path | None:
    """Where initdb and the server lie: on the path, or where Debian puts them; the latest version."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return next((place for place in reversed(places) if (place / "pg_ctl").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server, without a database; skips the test, and says why, where none runs."""
    where = programs()
    if where is None:
        pytest.skip("there is no PostgreSQL server on this machine (initdb, pg_ctl)")
    as_user = _as_user()
    # Its socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, "nobody")
        data, port = folder / "data", _free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _run(as_user, where / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync", "-E", "UTF8")
        _run(as_user, where / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql+pg8000://{USER}@127.0.0.1:{port}"
        finally:
            _run(as_user, where / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _as_user() -> list[str]:
    """The server refuses to run as root."""
    if os.name != "posix":
        pytest.skip("the server is started on Linux only")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("a PostgreSQL server does not run as root, and there is no setpriv here")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _run(as_user: list[str], *words: object) -> None:
    command = [*as_user, *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
