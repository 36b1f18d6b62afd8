"""What a database says when something is wrong -> a problem in plain words, with its place."""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from fidelity.errors import Problem, ProblemsFound
from fidelity.place import Place
from fidelity.store.address import Address, is_store

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
_OF_POSTGRESQL = {"53100": "store_full", "55P03": "store_busy", "25006": "store_read_only"}


def store_problem(address: Address, reason: str, **facts: object) -> ProblemsFound:
    """RB507, to be raised; `reason` names the sentence of the catalogue, as a fact that only says itself."""
    return ProblemsFound([Problem("RB507", Place(address.shown), {reason: reason, **facts})])


def told(address: Address, trouble: SQLAlchemyError | OSError) -> ProblemsFound:
    """What went wrong in the database, in the words of the catalogue where it has any."""
    if isinstance(trouble, OSError):
        return store_problem(address, "store_closed", trouble=trouble.strerror or str(trouble))
    cause = trouble.orig if isinstance(trouble, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        foreign = code == sqlite3.SQLITE_NOTADB and address.file is not None and not is_store(address.file)
        reason = "other_database" if foreign else _OF_SQLITE.get(code, "store_closed")
        return store_problem(address, reason, trouble=str(cause))
    said = cause.args[0] if cause is not None and cause.args else str(trouble)
    if isinstance(said, dict):
        return store_problem(
            address, _OF_POSTGRESQL.get(said.get("C", ""), "store_closed"), trouble=said["M"]
        )
    return store_problem(address, "store_closed", trouble=str(said).splitlines()[0])
