"""The first tables: log, revision, checklist."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables as the first program that had a store knew them."""
    op.create_table(
        "log",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("record", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    op.create_index("log_kind", "log", ["kind"])
    op.create_table(
        "revision",
        sa.Column(
            "sequence", sa.Integer, sa.ForeignKey("log.sequence"), primary_key=True, autoincrement=False
        ),
        sa.Column("record", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("checklist", sa.Text),
        sa.Column("observation", sa.Text),
        sa.Column("occasion", sa.Text),
        sa.Column("rater", sa.Text),
        sa.Column("client", sa.Text),
        sa.Column("salt", sa.Text),
        sa.Column("content", sa.Text),
        sa.Column("why", sa.Text),
        sa.UniqueConstraint("record", "number", name="revision_number"),
    )
    latest = sa.text("latest = 1 AND content IS NOT NULL")
    for name, columns in (
        ("revision_latest", ["checklist", "occasion", "rater"]),
        ("revision_observation", ["checklist", "observation"]),
    ):
        op.create_index(name, "revision", columns, unique=True, sqlite_where=latest, postgresql_where=latest)
    op.create_index("revision_client", "revision", ["client"])
    op.create_table(
        "checklist",
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, sa.ForeignKey("log.sequence"), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
    )
