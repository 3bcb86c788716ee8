-- Where the log of a stream begins: entries up to n were trimmed. Rows of the log up to
-- there may still be there for a while.
CREATE TABLE floors (
	stream TEXT NOT NULL PRIMARY KEY,
	n      INTEGER NOT NULL,
	sum    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
