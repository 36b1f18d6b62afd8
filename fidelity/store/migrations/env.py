"""What alembic runs: the steps that a store lacks, in the transaction that is already open."""

from alembic import context

from fidelity.store.versions import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
