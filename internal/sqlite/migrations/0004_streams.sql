-- Which term a stream has seen: who held it before an entry here writes no more to it.
CREATE TABLE terms (
	stream TEXT NOT NULL PRIMARY KEY,
	term   INTEGER NOT NULL,
	sum    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What of other streams an entry builds on, JSON. Only entries that came from elsewhere
-- have a line here: this store is written by one process, to one stream.
CREATE TABLE afters (
	stream TEXT NOT NULL,
	n      INTEGER NOT NULL,
	place  TEXT NOT NULL,
	sum    INTEGER NOT NULL,
	PRIMARY KEY (stream, n)
) STRICT, WITHOUT ROWID;

-- How often a replica's state was written, NULL: once; and its last change in the log.
ALTER TABLE replicas ADD COLUMN rev INTEGER;
ALTER TABLE replicas ADD COLUMN last_stream TEXT;
ALTER TABLE replicas ADD COLUMN last_n INTEGER;
