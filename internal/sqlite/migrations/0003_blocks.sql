-- The entry before this one about the same document, in the same stream; NULL where
-- that is not known, or there is none. It is what a folded log is followed by.
ALTER TABLE log ADD COLUMN prev INTEGER;

-- Old entries of the log, folded: see fold.go. A block is a run of entries in the
-- order of commits, and blocks count 1, 2, 3 in that order.
CREATE TABLE blocks (
	no      INTEGER PRIMARY KEY,
	entries INTEGER NOT NULL,
	data    BLOB NOT NULL,
	sum     INTEGER NOT NULL
) STRICT;

-- The last entry of each stream in each block.
CREATE TABLE block_streams (
	stream TEXT NOT NULL,
	last   INTEGER NOT NULL,
	block  INTEGER NOT NULL,
	sum    INTEGER NOT NULL,
	PRIMARY KEY (stream, last)
) STRICT, WITHOUT ROWID;

-- The last change of each replica in each block that has receipts of it.
CREATE TABLE block_replicas (
	replica INTEGER NOT NULL,
	last    INTEGER NOT NULL,
	block   INTEGER NOT NULL,
	sum     INTEGER NOT NULL,
	PRIMARY KEY (replica, last)
) STRICT, WITHOUT ROWID;
