"""What a database says when something is wrong -> a problem in plain words, with its place."""

import os
import sqlite3
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fidelity.errors import Problem, ProblemsFound
from fidelity.place import Place
from fidelity.store.address import Address, is_store

Trouble = SQLAlchemyError | sqlite3.Error | OSError

# The lower byte of SQLite's codes, and the sentence of the catalogue.
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: "store_busy",
    sqlite3.SQLITE_LOCKED: "store_busy",
    sqlite3.SQLITE_READONLY: "store_read_only",
    sqlite3.SQLITE_FULL: "store_full",
    sqlite3.SQLITE_IOERR: "store_full",
    sqlite3.SQLITE_CORRUPT: "store_damaged",
    sqlite3.SQLITE_NOTADB: "store_damaged",
}
_OF_SYSTEM = {
    EACCES: "store_forbidden",
    EPERM: "store_forbidden",
    EROFS: "store_read_only",
    ENOSPC: "store_full",
    EDQUOT: "store_full",
}
_OF_POSTGRESQL = {
    "22021": "store_no_text",
    "25006": "store_read_only",
    "53100": "store_full",
    "55P03": "store_busy",
}


def store_problem(address: Address, reason: str, **facts: object) -> ProblemsFound:
    """RB507, to be raised; `reason` names the sentence of the catalogue, as a fact that only says itself."""
    return ProblemsFound([Problem("RB507", Place(address.shown), {reason: reason, **facts})])


def told(address: Address, trouble: Trouble) -> ProblemsFound:
    """What went wrong in the database, in the words of the catalogue where it has any."""
    match _cause(trouble):
        case OSError() as cause:
            return _of_the_system(address, cause)
        case sqlite3.Error() as cause:
            return _of_sqlite(address, cause)
        case cause:
            return store_problem(address, _of_a_server(cause), trouble=first_words(cause))


def first_words(trouble: BaseException) -> str:
    """What a database says itself, on one line."""
    cause = _cause(trouble)
    said = cause.args[0] if cause.args else str(cause)
    return str(said["M"] if isinstance(said, dict) else said).splitlines()[0]


def _cause(trouble: BaseException) -> BaseException:
    """What the driver said, if it was the driver."""
    return trouble.orig if isinstance(trouble, DBAPIError) and trouble.orig is not None else trouble


def _of_the_system(address: Address, trouble: OSError) -> ProblemsFound:
    reason = _OF_SYSTEM.get(trouble.errno or 0, "store_closed")
    path = Path(trouble.filename or address.shown)
    if reason == "store_forbidden" and os.access(path.parent, os.X_OK) and not path.exists():
        return store_problem(address, "store_not_made", path=str(path.parent.absolute()))
    return store_problem(address, reason, trouble=trouble.strerror or str(trouble))


def _of_sqlite(address: Address, trouble: sqlite3.Error) -> ProblemsFound:
    code, file = getattr(trouble, "sqlite_errorcode", 0) & 0xFF, address.file
    reason = _OF_SQLITE.get(code, "store_closed")
    if file is not None and file.is_file():
        if code == sqlite3.SQLITE_NOTADB and not is_store(file):
            reason = "other_database"
        if code == sqlite3.SQLITE_CANTOPEN and not os.access(file, os.R_OK):
            reason = "store_forbidden"
    return store_problem(address, reason, trouble=str(trouble))


def _of_a_server(trouble: BaseException) -> str:
    said = trouble.args[0] if trouble.args else None
    return _OF_POSTGRESQL.get(said.get("C", ""), "store_closed") if isinstance(said, dict) else "store_closed"
