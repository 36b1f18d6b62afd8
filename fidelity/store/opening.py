"""An address -> an open store: made, and brought up to date, where needed; trouble told in plain words."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fidelity.errors import Problem
from fidelity.place import Place
from fidelity.store.address import Address
from fidelity.store.prepared import as_written
from fidelity.store.trouble import store_problem, told
from fidelity.store.versions import LATEST, beside, check_version, migrate, version_of

PATIENCE = 30  # seconds that a writer waits for its turn
FOLDER_MODE, FILE_MODE = 0o700, 0o600
_TURN = 7_031_905  # the number of our lock on a server
# What SQLite says where it may read a file and cannot write beside it: no right, or no room.
_NO_WRITING = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)


class Tables(NamedTuple):
    """Which version of the tables is wanted, and whether those on a server may be brought to it."""

    version: str = ""  # the latest
    upgrade: bool = False


UP_TO_DATE = Tables()


@contextmanager
def opened(
    address: Address, *, create: bool = False, writes: bool = False, tables: Tables = UP_TO_DATE
) -> Iterator[Connection]:
    """An open store; with `create` a new one is made where none is. Raises ProblemsFound.

    An older file is brought up to date first, and kept beside as it was; nothing lies beside an older store
    on a server, and it is refused. Without `writes` a store in a folder where nobody may write is read as it
    lies there.
    """
    with speaking_plainly(address):
        new = _is_new(address, create=create)
        engine = _engine(address, writes=writes or new)
        with closing(engine.connect()) as connection:
            _bring_up_to_date(connection, address, tables, create=create)
            yield connection


def version_at(address: Address) -> str:
    """The version of a store's tables, which stay as they are; raises ProblemsFound where there is none."""
    with speaking_plainly(address):
        _is_new(address, create=False)
        with closing(_engine(address, writes=False).connect()) as connection:
            version = _checked_version(connection, address)
    if not version:
        raise store_problem(address, "no_store")
    return version


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A turn at writing: nobody else writes before it is over, and all of it is stored, or nothing."""
    # What others stored before this turn came must be seen in it.
    _prepare(connection, writes=True, isolation_level="READ COMMITTED")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            as_written(connection, f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            as_written(connection, f"SELECT pg_advisory_xact_lock({_TURN})")
        yield


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """A reading of the store as it is at one moment, whoever writes meanwhile."""
    _prepare(connection, writes=False, isolation_level="REPEATABLE READ")
    with connection.begin():
        yield


def _prepare(connection: Connection, *, writes: bool, isolation_level: str) -> None:
    """What the next transaction is to be like, said only where it was another one before."""
    wanted: dict[str, object] = {"writes": writes}
    if connection.dialect.name == "postgresql":
        wanted["isolation_level"] = isolation_level
    if not wanted.items() <= connection.get_execution_options().items():
        connection.execution_options(**wanted)


@contextmanager
def speaking_plainly(address: Address) -> Iterator[None]:
    """What goes wrong in the database within comes as a problem with its place."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as trouble:
        raise told(address, trouble) from trouble


def is_there(address: Address) -> bool:
    """Whether there is a store already, or a server where one may be; raises ProblemsFound."""
    with speaking_plainly(address):
        return address.file is None or address.file.is_file()


def too_open(address: Address) -> list[Problem]:
    """A warning for the file and for the folder of a store that others on this computer can look into."""
    if address.file is None or os.name != "posix":
        return []
    asked = ((address.file.parent, FOLDER_MODE), (address.file, FILE_MODE))
    return [
        Problem("RB507", Place(str(path)), {"too_open": f"{mode:o}", "path": str(path)}, graded="warning")
        for path, mode in asked
        if path.exists() and path.stat().st_mode & 0o077
    ]


def make_private(file: Path) -> None:
    """A new empty file that only its owner reads, in a folder that, if it is new, only its owner enters."""
    file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # somebody else may have been a moment earlier
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))


def _is_new(address: Address, *, create: bool) -> bool:
    """Whether there is no store yet; then there is an empty file for it now."""
    if address.file is None or is_there(address):
        return False
    if not create:
        raise store_problem(address, "no_store")
    make_private(address.file)
    return True


# ---- engines


def _engine(address: Address, *, writes: bool) -> Engine:
    if address.file is None:
        return _server(address)
    engine = _sqlite(address.file, "mode=rw", writes=writes)
    if not writes and (code := _writing_refused(engine)):
        # A share, a disc or a full disk; what may still be in the log beside it would be missed.
        waiting = address.file.with_name(f"{address.file.name}-wal")
        if waiting.exists() and waiting.stat().st_size:
            raise store_problem(
                address, "store_full_waiting" if code == sqlite3.SQLITE_IOERR else "store_waiting"
            )
        return _sqlite(address.file, "immutable=1")
    return engine


def _writing_refused(engine: Engine) -> int:
    """Why nothing can be written beside the file, which reading asks for as well; 0 where all is well."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DBAPIError as trouble:
        code = getattr(trouble.orig, "sqlite_errorcode", 0) & 0xFF
        if code in _NO_WRITING:
            return code
        raise
    return 0


def _sqlite(file: Path, mode: str, *, writes: bool = False) -> Engine:
    name = f"file:{quote(str(file.absolute()))}?{mode}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(name, uri=True, timeout=PATIENCE, isolation_level=None),
        poolclass=NullPool,
        hide_parameters=True,  # they are answers
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        settings = ["foreign_keys = ON", "secure_delete = ON", "synchronous = FULL"]
        if writes:
            _write_ahead(connection)
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The lock is taken before the head of the chain is read: that is what keeps the chain from forking.
        writes = connection.get_execution_options().get("writes")
        as_written(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """The mode in which readers and a writer do not wait for each other; set while nobody else begins."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as trouble:
            # SQLite itself does not wait here.
            if trouble.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _server(address: Address) -> Engine:
    try:
        # The driver means every answer by this: longer than a turn may take, and than writing a table anew.
        silence = {"timeout": 10 * PATIENCE}
        return create_engine(address.url, poolclass=NullPool, hide_parameters=True, connect_args=silence)
    except ImportError:
        raise store_problem(address, "no_driver") from None


# ---- versions


def _bring_up_to_date(connection: Connection, address: Address, tables: Tables, *, create: bool) -> None:
    version, wanted = _checked_version(connection, address), tables.version or LATEST
    if version == wanted:
        return
    if not version and not create:
        raise store_problem(address, "no_store")
    if version and address.file is None and not tables.upgrade:
        raise store_problem(address, "older_store", version=version)
    if version and address.file is not None:
        _keep_beside(connection, address.file, version)
    with transaction(connection):
        # Another program may have done it while this one waited for its turn.
        if _checked_within(connection, address) != wanted:
            migrate(connection, wanted)


def _checked_version(connection: Connection, address: Address) -> str:
    with snapshot(connection):
        return _checked_within(connection, address)


def _checked_within(connection: Connection, address: Address) -> str:
    version = version_of(connection)
    check_version(address, version, [] if version else inspect(connection).get_table_names())
    return version


def _keep_beside(connection: Connection, file: Path, version: str) -> None:
    kept = beside(file, f"before-{LATEST}-was-{version}")
    make_private(kept)
    source: Any = connection.connection.dbapi_connection
    with closing(sqlite3.connect(kept)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
