"""The tables of a store: the log, the observations with all their revisions, the texts of the checklists."""

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, text

METADATA = MetaData()

# Nothing in here is ever changed or taken away. What may have to go one day stands in `revision`.
LOG = Table(
    "log",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Integer),
    Column("number", Integer),
    Column("digest", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("previous", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
)
Index("log_kind", LOG.c.kind)

# A record is one rater's answers about one session with one checklist; it is called after its first entry.
# A withdrawal blanks everything after `latest`, and the entry of the log with its digest stays.
REVISION = Table(
    "revision",
    METADATA,
    Column("sequence", Integer, ForeignKey("log.sequence"), primary_key=True, autoincrement=False),
    Column("record", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("checklist", Text),
    Column("observation", Text),
    Column("occasion", Text),
    Column("rater", Text),
    Column("client", Text),
    Column("salt", Text),
    Column("content", Text),
    Column("why", Text),
    UniqueConstraint("record", "number", name="revision_number"),
)
# What a record says now. Written out, so that a database sees at once that the indexes below are meant.
THERE = text("latest = 1 AND content IS NOT NULL")
for _name, _columns in (
    ("revision_latest", ("checklist", "occasion", "rater")),
    ("revision_observation", ("checklist", "observation")),
):
    Index(
        _name,
        *(REVISION.c[each] for each in _columns),
        unique=True,
        sqlite_where=THERE,
        postgresql_where=THERE,
    )
Index("revision_client", REVISION.c.client)

CHECKLIST = Table(
    "checklist",
    METADATA,
    Column("fingerprint", Text, primary_key=True),
    Column("sequence", Integer, ForeignKey("log.sequence"), nullable=False),
    Column("id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("sources", Text, nullable=False),
)
