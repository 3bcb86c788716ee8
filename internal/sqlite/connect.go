package sqlite

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"
)

// What every connection is set to. defensive keeps SQL from rewriting the schema and
// the shadow tables; dqs off makes a misspelt column an error, not a string.
var everyConnection = []string{"_defensive=1", "_dqs=0", "_busy_timeout=10000"}

// The writer: wait for the disk at each commit, and let the write-ahead log grow to
// 16 MB between checkpoints, and not stay above 64 MB.
var writerSettings = []string{
	"_journal_mode=WAL", "_synchronous=FULL", "_txlock=immediate",
	"_pragma=wal_autocheckpoint(4000)", "_pragma=journal_size_limit(67108864)",
	"_pragma=cache_size(-65536)",
}

var readerSettings = []string{"_query_only=1", "_pragma=cache_size(-16384)"}

// connect opens a pool of connections to the file. Nothing is read yet.
func connect(path string, size int, settings ...string) (*sql.DB, error) {
	c, err := driver.NewConnector(dsn(path, settings...))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// dsn names the file so that no character of its path is taken for a setting.
func dsn(path string, settings ...string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	file := url.URL{Path: slashed}
	return "file:" + file.EscapedPath() + "?" + strings.Join(append(settings, everyConnection...), "&")
}
