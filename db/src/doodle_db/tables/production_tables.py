"""
How the guesses did, by hour and by day: kept by the database at every change, as docs/decisions/0040 says.

`step` is the length of time a row is about ('hour', 'day'), `begins` its first moment in UTC. An empty version stands
for none we know, an empty guess for none. Doodles of every status are counted apart; base data is in neither table.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, PrimaryKeyConstraint, SmallInteger, Table, Text

from doodle_db.tables.schema import metadata

_STEP_RULE = "step IN ('hour', 'day')"

production_guesses = Table(
    "production_guesses",
    metadata,
    Column("step", Text, nullable=False),
    Column("begins", DateTime(timezone=True), nullable=False),
    Column("version", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("guess", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("num_doodles", BigInteger, nullable=False),
    # Of these, so many pages showed the guess, so many said "I don't know this"; of the rest nobody knows.
    Column("num_known", BigInteger, nullable=False),
    Column("num_unknown", BigInteger, nullable=False),
    CheckConstraint(_STEP_RULE, name="step_is_known"),
    # A span of time is a stretch of the index, whatever else there is.
    PrimaryKeyConstraint("step", "begins", "version", "label", "guess", "status"),
)

production_confidences = Table(
    "production_confidences",
    metadata,
    Column("step", Text, nullable=False),
    Column("begins", DateTime(timezone=True), nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    # A tenth of the confidences: 0 for those below 0.1, 9 for those from 0.9 to 1.
    Column("bin", SmallInteger, nullable=False),
    Column("num_doodles", BigInteger, nullable=False),
    Column("num_right", BigInteger, nullable=False),
    # Whole numbers: what is added and taken away again leaves nothing behind.
    Column("confidence_millionths", BigInteger, nullable=False),
    CheckConstraint(_STEP_RULE, name="step_is_known"),
    CheckConstraint("bin BETWEEN 0 AND 9", name="bin_is_a_tenth"),
    PrimaryKeyConstraint("step", "begins", "version", "status", "bin"),
)
