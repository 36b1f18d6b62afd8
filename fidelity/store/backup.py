"""A store -> one file that holds all of it, verified; and such a file -> a store again."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select

from fidelity.errors import WrongUse
from fidelity.store.address import STORE, Address, address_of
from fidelity.store.log import head
from fidelity.store.opening import (
    FOLDER_MODE,
    Tables,
    make_private,
    opened,
    snapshot,
    speaking_plainly,
    transaction,
    version_at,
)
from fidelity.store.tables import LOG
from fidelity.store.trouble import store_problem
from fidelity.store.verify import Verified, verify
from fidelity.store.versions import beside

IN_ORDER = ("log", "revision", "checklist")
_AT_ONCE = 500  # rows


def back_up(address: Address, out: Path) -> Verified:
    """Writes the whole store to one file, whoever writes meanwhile; whole and verified, or not at all."""
    with _new_file(out) as made:
        if address.file is None:
            return _copied(address, made)
        with opened(address) as connection:
            _same_bytes(connection, made)
        return checked(Address(str(out), made, ""))


def bring_up_to_date(address: Address) -> None:
    """Brings the tables of a store up to date, on a server too: to be done after a backup."""
    with opened(address, tables=Tables(upgrade=True)):
        pass


def restore(file: Path, address: Address, *, replace: bool) -> tuple[Verified, Path | None]:
    """Makes a store of a backup; one that is there stays beside, and its new name is given."""
    with speaking_plainly(address), _apart(file, address) as copy:
        found = checked(copy)
        if address.file is not None:
            return found, _put_there(copy, address, address.file, replace=replace)
        with opened(copy) as source, snapshot(source), opened(address, create=True) as target:
            _fill(source, target, address)
    return found, None


def checked(address: Address) -> Verified:
    """What a store holds; raises ProblemsFound for a damaged one, and for one whose log does not hold."""
    with opened(address) as connection, snapshot(connection):
        if connection.dialect.name == "sqlite":
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if said != "ok":
                raise store_problem(address, "store_damaged", trouble=str(said).splitlines()[0])
        found = verify(connection)
    if found.broken is not None:
        raise store_problem(address, found.broken.what, entry=found.broken.entry)
    return found


# ---- a backup comes back


@contextmanager
def _apart(file: Path, address: Address) -> Iterator[Address]:
    """A copy of the backup, so that nothing touches the backup itself; in messages it has its name."""
    if not file.is_file():
        raise store_problem(Address(str(file), file, ""), "absent")
    home = address.file.parent if address.file is not None else None
    is_new = home is not None and not home.exists()
    if home is not None:
        home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix=".restoring-") as folder:
            copy = Path(folder) / STORE
            make_private(copy)
            shutil.copyfile(file, copy)
            yield Address(str(file), copy, "")
    finally:
        if is_new and home is not None and not any(home.iterdir()):
            home.rmdir()


def _put_there(copy: Address, address: Address, file: Path, *, replace: bool) -> Path | None:
    kept = None
    if file.exists():
        if not replace:
            raise WrongUse(
                f"There is a study store already: {address.shown}. With --replace it stays beside, "
                "under another name, and the backup takes its place."
            )
        kept = _put_aside(address, file)
    if copy.file is not None:
        copy.file.replace(file)
    return kept


# ---- one file


@contextmanager
def _new_file(out: Path) -> Iterator[Path]:
    """A file beside the target that only its owner reads, moved there in one step when all is well."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        os.close(handle)
    except OSError as refused:
        raise WrongUse(
            f"{out} cannot be written: {refused.strerror}. Nothing was changed there."
        ) from refused
    made = Path(name)
    try:
        with speaking_plainly(Address(str(out), out, "")):
            yield made
            with made.open("rb+") as written:
                os.fsync(written.fileno())
            made.replace(out)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{name}{ending}").unlink(missing_ok=True)


def _same_bytes(connection: Connection, made: Path) -> None:
    source: Any = connection.connection.dbapi_connection
    with closing(sqlite3.connect(made)) as copy:
        source.backup(copy)
        # One file, without the two beside it that a store in use has.
        copy.execute("PRAGMA journal_mode = DELETE")


def _copied(address: Address, made: Path) -> Verified:
    """The rows of a server as a SQLite store: the backup is of one kind, and can go back to either.

    Tables of an earlier version stay of it. Verified is then a copy of the copy that was brought up to date.
    """
    tables = Tables(version_at(address))
    made.write_bytes(b"")
    file = address_of(made)
    with (
        opened(address, tables=tables) as source,
        snapshot(source),
        opened(file, create=True, tables=tables) as target,
    ):
        _fill(source, target, file)
    with closing(sqlite3.connect(made)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    with _apart(made, file) as another:
        return checked(another)


def _fill(source: Connection, target: Connection, address: Address) -> None:
    """All rows of a store into a new one, whose own beginning gives way."""
    with transaction(target):
        if head(target).sequence > 1:
            raise store_problem(address, "store_in_use")
        target.execute(LOG.delete())
        for name in IN_ORDER:
            # As they are there, and not as they are known here: those of a backup may be older.
            each = Table(name, MetaData(), autoload_with=target)
            rows = source.execute(select(each).order_by(*each.primary_key)).mappings()
            for part in rows.partitions(_AT_ONCE):
                target.execute(each.insert(), [dict(row) for row in part])


def _put_aside(address: Address, file: Path) -> Path:
    """The store under another name; refused while somebody has it open."""
    kept = beside(file, "replaced")
    with speaking_plainly(address), closing(sqlite3.connect(file, timeout=5)) as store:
        try:
            mode = store.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.DatabaseError as trouble:
            if getattr(trouble, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise store_problem(address, "store_busy") from trouble
            mode = "damaged"  # a damaged one is what people restore over
        if mode == "wal":
            raise store_problem(address, "store_busy")
    file.rename(kept)
    for ending in ("-wal", "-shm"):
        leftover = Path(f"{file}{ending}")
        if leftover.exists():
            leftover.rename(f"{kept}{ending}")
    return kept
