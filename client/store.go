package client

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/fieldstack/fieldstack/crdt"
)

// localSchema is the device's file. A document row holds the confirmed document
// (value and meta, NULL while it exists only in pending changes) and, where pending
// changes touch it, the view (NULL: the view is the confirmed value); touched is when
// the server last said something of it, by the server's clock in ms. A pending change's
// since is the cursor that it was made at.
const localSchema = `
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS types (
	name TEXT NOT NULL, version INTEGER NOT NULL, schema TEXT NOT NULL, may_create INTEGER NOT NULL,
	read_only TEXT NOT NULL, PRIMARY KEY (name, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
	type TEXT NOT NULL, id TEXT NOT NULL, value TEXT, meta BLOB, deleted INTEGER NOT NULL DEFAULT 0,
	view TEXT, view_deleted INTEGER, round INTEGER NOT NULL DEFAULT 0, touched INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (type, id));
CREATE TABLE IF NOT EXISTS pending (
	n INTEGER PRIMARY KEY, type TEXT NOT NULL, doc TEXT NOT NULL, change TEXT NOT NULL, since TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS pending_doc ON pending (type, doc, n);
CREATE TABLE IF NOT EXISTS refused (
	id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, doc TEXT NOT NULL, change TEXT NOT NULL,
	code TEXT NOT NULL, message TEXT NOT NULL, field TEXT NOT NULL, at INTEGER NOT NULL);
PRAGMA user_version = 2;`

// localUpgrade brings a file of version 1 up.
const localUpgrade = `
ALTER TABLE pending ADD COLUMN since TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;
UPDATE documents SET touched = 1000 * unixepoch();`

// store is the device's file. Its owner serialises every call.
type store struct{ db *sql.DB }

// openStore opens or makes the file at path; "" is a store in memory.
func openStore(ctx context.Context, path string) (*store, error) {
	dsn := "file::memory:?_pragma=foreign_keys(1)"
	if path != "" {
		// Exclusive: a second process on one replica would hand out its numbers twice.
		q := url.Values{"_pragma": {"locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(0)"}}
		dsn = (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: q.Encode()}).String()
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("client: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1) // also what keeps a store in memory one store
	if err := upgrade(ctx, db); err != nil {
		_ = db.Close()
		if strings.Contains(err.Error(), "locked") {
			return nil, &Error{Code: "in_use", Message: fmt.Sprintf("the device file %s is open in another process; close that one first", path), cause: err}
		}
		return nil, fmt.Errorf("client: open %s: %w", path, err)
	}
	return &store{db: db}, nil
}

// upgrade makes the tables of a new file, and brings those of an older one up.
func upgrade(ctx context.Context, db *sql.DB) error {
	var version int
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version == 1 {
		_, err := db.ExecContext(ctx, `BEGIN; `+localUpgrade+` PRAGMA user_version = 2; COMMIT;`)
		return err
	}
	_, err := db.ExecContext(ctx, localSchema)
	return err
}

// write runs f in one transaction: all of it is on disk when write returns, or none.
func (s *store) write(ctx context.Context, f func(*tx) error) error {
	sqlTx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("client: begin: %w", err)
	}
	if err := f(&tx{ctx: ctx, q: sqlTx}); err != nil {
		_ = sqlTx.Rollback()
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("client: commit: %w", err)
	}
	return nil
}

// read gives access outside a transaction.
func (s *store) read(ctx context.Context) *tx { return &tx{ctx: ctx, q: s.db} }

// tx is the statements of the device's file, on a transaction or on the file.
type tx struct {
	ctx context.Context
	q   interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}
}

func (t *tx) exec(query string, args ...any) error {
	if _, err := t.q.ExecContext(t.ctx, query, args...); err != nil {
		return fmt.Errorf("client: %s …: %w", strings.Join(strings.Fields(query)[:3], " "), err)
	}
	return nil
}

// each calls f for every row; scan is Rows.Scan.
func (t *tx) each(f func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := t.q.QueryContext(t.ctx, query, args...)
	if err != nil {
		return fmt.Errorf("client: read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// state reads and setState writes one small thing as JSON; state leaves v as it is
// when there is none.
func (t *tx) state(key string, v any) error {
	var text string
	err := t.q.QueryRowContext(t.ctx, `SELECT value FROM state WHERE key = ?`, key).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("client: read %s: %w", key, err)
	}
	return json.Unmarshal([]byte(text), v)
}

func (t *tx) setState(key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, string(text))
}

// confirmed reads the confirmed document, a new one where there is none.
func (t *tx) confirmed(typ, id string) (*crdt.Document, error) {
	var value, meta []byte
	err := t.q.QueryRowContext(t.ctx, `SELECT value, meta FROM documents WHERE type = ? AND id = ?`, typ, id).Scan(&value, &meta)
	if errors.Is(err, sql.ErrNoRows) || err == nil && meta == nil {
		return crdt.NewDocument(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("client: read %s/%s: %w", typ, id, err)
	}
	return crdt.Decode(value, meta)
}

// oldestSince is the cursor that the oldest pending change was made at.
func (t *tx) oldestSince() (since string, err error) {
	err = t.q.QueryRowContext(t.ctx, `SELECT since FROM pending ORDER BY n LIMIT 1`).Scan(&since)
	if err != nil {
		err = fmt.Errorf("client: read the oldest pending change: %w", err)
	}
	return since, err
}

// pendingOf lists the pending changes of one document in order; type "" lists all.
func (t *tx) pendingOf(typ, id string) ([]*crdt.Change, error) {
	query, args := `SELECT change FROM pending WHERE type = ? AND doc = ? ORDER BY n`, []any{typ, id}
	if typ == "" {
		query, args = `SELECT change FROM pending ORDER BY n`, nil
	}
	var changes []*crdt.Change
	err := t.each(func(scan func(...any) error) error {
		var text []byte
		if err := scan(&text); err != nil {
			return err
		}
		c, err := crdt.ParseChange(text, ownLimits)
		changes = append(changes, c)
		return err
	}, query, args...)
	return changes, err
}

// ownLimits are for what this device wrote itself and only reads again.
var ownLimits = crdt.Limits{Bytes: 64 << 20, Depth: 64, Nodes: 10_000_000, String: 32 << 20, Ops: 1_000_000}
