"""Which tables a store has, and how an older store gets those of this program, after a backup."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, inspect, text

from fidelity.store.address import Address
from fidelity.store.log import FORMAT, append
from fidelity.store.tables import METADATA
from fidelity.store.trouble import store_problem

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "fidelity_version"
KNOWN = ("0001",)
LATEST = KNOWN[-1]
_ALEMBIC = Lock()  # it knows one database at a time


def version_of(connection: Connection) -> str:
    """The version of the tables; nothing for an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - ours
    return str(found or "")


def check_version(address: Address, version: str, tables: list[str]) -> None:
    """Refuses a store that a later program made, and a database that is none of ours."""
    if version and version not in KNOWN:
        raise store_problem(address, "later_store", version=version)
    # A file is ours alone; on a server there may be tables of extensions beside.
    foreign = set(tables) if address.file is not None else set(tables) & METADATA.tables.keys()
    if not version and foreign:
        raise store_problem(address, "other_database")


def migrate(connection: Connection, to: str = "head") -> None:
    """Takes the steps that the store lacks, all or none, in the transaction that is open."""
    # Alembic costs a fifth of a second, and a store needs it once.
    from alembic.command import upgrade  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    fresh = version_of(connection) == ""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _ALEMBIC:
        upgrade(config, to)
    if fresh:
        append(connection, "begun", "fidelity", note={"format": FORMAT, "store": secrets.token_hex(16)})


def beside(file: Path, why: str) -> Path:
    """A name of its own beside a file, with the time: for what is kept before it is changed."""
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (f"{file.name}.{why}-{when}{more}" for more in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(file.with_name(name) for name in names if not file.with_name(name).exists())
