package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// writer is the one connection that writes.
type writer struct {
	mu     sync.Mutex // held for each transaction; guards all below
	db     *sql.DB
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt // by their text
	failed error                // why nothing may be written any more
}

var errClosed = errors.New("sqlite: the store is closed")

func openWriter(ctx context.Context, path string) (*writer, error) {
	db, err := connect(path, 1, writerSettings...)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &writer{db: db, conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if errors.Is(w.failed, errClosed) {
		return nil
	}
	var err error
	if w.failed == nil {
		_, err = checkpoint(w.conn)
	}
	w.failed = errClosed
	for _, stmt := range w.stmts { // one left open would keep the connection half alive
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, w.conn.Close(), w.db.Close())
}

// checkpoint moves all of the write-ahead log to the file itself, durably. whole is
// false while somebody reads what it would overwrite; nothing is lost by that.
func checkpoint(conn *sql.Conn) (whole bool, err error) {
	var busy, pages, moved int
	err = conn.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	return busy == 0, err
}

// do runs f in a transaction that is durable when do returns nil, and undone when it
// does not, except that a failed commit may still prove to be there when the store is
// opened again. ctx is asked only before: a transaction is not left halfway.
func (w *writer) do(ctx context.Context, f func(tx *tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.transact(ctx, f)
}

// transact is do with mu held.
func (w *writer) transact(ctx context.Context, f func(tx *tx) error) error {
	if w.failed != nil {
		return w.failed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &tx{ctx: context.WithoutCancel(ctx), writer: w}
	if _, err := tx.exec(`BEGIN IMMEDIATE`); err != nil {
		return w.failure(err, false)
	}
	if err := f(tx); err != nil {
		tx.exec(`ROLLBACK`) // an error means that SQLite has rolled back itself
		return w.failure(err, false)
	}
	if _, err := tx.exec(`COMMIT`); err != nil {
		tx.exec(`ROLLBACK`)
		return w.failure(err, true)
	}
	return nil
}

// failure decides what a failed transaction means for the next. After a failed
// write or fsync the kernel may have dropped the pages and call them clean, so that
// the next fsync would succeed and mean nothing (LWN 752063, "fsyncgate"): nothing is
// written any more. A full disk fails before anything counts as written.
func (w *writer) failure(err error, committing bool) error {
	code := primaryCode(err)
	switch {
	case code == sqlite3.SQLITE_FULL:
		return unavailable(schema.Says("The server's disk is full: free some space, then try again."), err)
	case code == sqlite3.SQLITE_CORRUPT, code == sqlite3.SQLITE_NOTADB:
		err = fmt.Errorf("%w: %w", err, ErrDamaged)
	case code == sqlite3.SQLITE_IOERR, code == sqlite3.SQLITE_READONLY, committing && code != sqlite3.SQLITE_BUSY:
	default:
		return err
	}
	w.failed = unavailable(schema.Says("The server's disk does not write any more: nothing is saved until the server was restarted."), err)
	return w.failed
}

// unavailable is what a client may be told, and for the log the cause.
func unavailable(message schema.Sentence, cause error) error {
	return &storageError{collections.Error{Code: collections.Unavailable, Message: message}, cause}
}

type storageError struct {
	told  collections.Error
	cause error
}

func (e *storageError) Error() string   { return "sqlite: " + e.told.Error() + " " + e.cause.Error() }
func (e *storageError) Unwrap() []error { return []error{&e.told, e.cause} }

// primaryCode is SQLite's code for an error without its details, 0 for other errors.
func primaryCode(err error) int {
	var e *driver.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// tx is a transaction of the writer.
type tx struct {
	ctx    context.Context
	writer *writer
}

// prepared finds or prepares a statement; texts are constants, so there are few.
func (t *tx) prepared(text string) (*sql.Stmt, error) {
	if stmt := t.writer.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := t.writer.conn.PrepareContext(t.ctx, text)
	if err == nil {
		t.writer.stmts[text] = stmt
	}
	return stmt, err
}

func (t *tx) exec(text string, args ...any) (sql.Result, error) {
	stmt, err := t.prepared(text)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(t.ctx, args...)
}

// row reads one row into dest; sql.ErrNoRows when there is none.
func (t *tx) row(dest []any, text string, args ...any) error {
	stmt, err := t.prepared(text)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(t.ctx, args...).Scan(dest...)
}
