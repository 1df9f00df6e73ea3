"""
The numbers of PostgreSQL's advisory locks: those of all services, because to the database they are numbers, no more.

No two are equal, or whoever waits for one would wait for what has nothing to do with it. A number in use does not
change: while a release is rolled out two run side by side, and would not keep each other out. So each number several
locks once had in common stayed with the one that protects most: clearing and making months, pins, the shadow. What
happens at a start, or may well happen twice, got a new one.

Locks of a search have no number here: doodle_db.searches makes one of 64 bits out of its key.
"""

MIGRATION_LOCK = 0x0D00D1E
"""Of a session: two processes that start at once migrate one after the other."""

CLEARING_LOCK = 0x0D00D1F
"""Of a session: one clears up dropped months, the others go on."""

MONTHS_LOCK = 0x0D00D20
"""Of a transaction: one makes a month, the others go on."""

PIN_LOCK = 0x0D00D21
"""Of a transaction, shared by those who end a run: once a pin is set, none that was just ending makes anything live."""

SHADOW_LOCK = 0x0D00D22
"""Of a transaction: what is deployed or deleted at this moment does not become the shadow, or stops being it."""

TRAINING_LOCK = 0x0D00D23
"""Of a transaction: deciding to queue a run and claiming one come one after the other."""

QUEUE_SCHEMA_LOCK = 0x0D00D24
"""Of a transaction: two processes that start at once make the queue's tables one after the other."""

STORAGE_SCHEMA_LOCK = 0x0D00D25
"""Of a transaction: two processes that start at once make the searches' tables one after the other."""

SEED_LOCK = 0x0D00D26
"""Of a transaction: two processes that start at once seed one after the other."""

NAMES_LOCK = 0x0D00D27
"""Of a transaction: workers that start at once choose their names one after the other."""

ERASING_LOCK = 0x0D00D28
"""Of a session, for as long as there is something to erase: one erases, the others need not."""

DRIFT_LOCK = 0x0D00D29
"""Of a session, for as long as it looks: one worker looks for drift, the others go on."""

FOLDING_LOCK = 218108702
"""Of a transaction: one adds up counts, the others go on. A function in the database and migrations hold it, too."""
