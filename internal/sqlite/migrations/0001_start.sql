-- What must be known once: the epoch.
CREATE TABLE facts (
	name  TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Types by a number, which is short in every index and may stand in the text of SQL.
CREATE TABLE types (
	num  INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

-- The log. seq is the order of commits over all streams.
CREATE TABLE log (
	seq     INTEGER PRIMARY KEY,
	stream  TEXT NOT NULL,
	n       INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	at      INTEGER NOT NULL,
	who     TEXT NOT NULL,
	type    INTEGER NOT NULL,
	version INTEGER NOT NULL,
	doc     TEXT,  -- NULL unless the entry is a change
	change  TEXT,  -- canonical JSON; NULL unless the entry is a change
	sum     INTEGER NOT NULL,
	UNIQUE (stream, n)
) STRICT;
CREATE INDEX log_doc ON log (type, doc) WHERE doc IS NOT NULL;

-- The documents. rid is the rowid that words refers to.
CREATE TABLE records (
	rid         INTEGER PRIMARY KEY,
	type        INTEGER NOT NULL,
	id          TEXT NOT NULL,
	rev         INTEGER NOT NULL,
	version     INTEGER NOT NULL,
	deleted     INTEGER NOT NULL,
	attention   INTEGER NOT NULL,
	created     INTEGER NOT NULL,
	created_by  TEXT NOT NULL,
	updated     INTEGER NOT NULL,
	updated_by  TEXT NOT NULL,
	last_stream TEXT NOT NULL,
	last_n      INTEGER NOT NULL,
	sum         INTEGER NOT NULL,
	problems    TEXT,  -- JSON; NULL when there are none
	words       TEXT NOT NULL,
	meta        BLOB NOT NULL,
	value       TEXT NOT NULL,
	UNIQUE (type, id)
) STRICT;
CREATE INDEX records_attention ON records (type, id) WHERE deleted = 0 AND attention = 1;
CREATE INDEX records_trash ON records (type, id) WHERE deleted = 1;

-- Search words. Each token is the type's number, "x", and a word. The ascii tokenizer
-- splits at the spaces that we put there and nowhere else (see search.go).
CREATE VIRTUAL TABLE words USING fts5 (
	tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- Fields with an index: field num has the generated columns r<num> and v<num> of records.
CREATE TABLE fields (
	num  INTEGER PRIMARY KEY,
	path TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE receipts (
	replica  INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	digest   BLOB NOT NULL,
	stamp    INTEGER NOT NULL,
	refused  TEXT,  -- JSON; NULL when accepted
	doc      TEXT NOT NULL,
	first_id INTEGER NOT NULL,
	last_id  INTEGER NOT NULL,
	sum      INTEGER NOT NULL,
	PRIMARY KEY (replica, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE replicas (
	replica INTEGER PRIMARY KEY,
	user    TEXT NOT NULL,
	n       INTEGER NOT NULL,
	stamp   INTEGER NOT NULL,
	seen    INTEGER NOT NULL,
	sum     INTEGER NOT NULL
) STRICT;

CREATE TABLE items (
	kind TEXT NOT NULL,
	key  TEXT NOT NULL,
	rev  INTEGER NOT NULL,
	data BLOB NOT NULL,
	sum  INTEGER NOT NULL,
	PRIMARY KEY (kind, key)
) STRICT;

-- What the planner is to believe, whatever is stored: a type is large, and naming it
-- narrows nothing down. Without this it would read all of a type and sort, rather than
-- walk an index in order. EnsureIndex adds a line for each index it makes.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('records', 'sqlite_autoindex_records_1', '1000000 1000000 1'),
	('records', 'records_attention', '1000 1000 1'),
	('records', 'records_trash', '1000 1000 1');
