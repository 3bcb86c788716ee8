package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/fieldstack/fieldstack/collections"
)

// Report counts what Verify has read.
type Report struct {
	Epoch                                       string
	Entries, Records, Receipts, Replicas, Items int
}

// Verify reads all of a database file and checks that it is as it was written:
// SQLite's own structure and indexes, the checksum of every row, that every block of
// the log reads and is found by its indexes, that no stream of the log has a gap, and that every record's last entry is in the log. The first
// thing found is the error; it wraps [ErrDamaged]. The file may be in use.
func Verify(ctx context.Context, path string) (*Report, error) {
	o, err := Options{Path: path}.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("sqlite: verify: %w", err)
	}
	r, err := verify(ctx, o.Path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: verify %s: %w", o.Path, err)
	}
	return r, nil
}

// verifyIfThere verifies the file unless it is still to be made.
func verifyIfThere(ctx context.Context, path string) error {
	_, err := verify(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func verify(ctx context.Context, path string) (*Report, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := connect(path, 1, readerSettings...)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, unreadable(err)
	}
	defer tx.Rollback()
	if err := checkStructure(ctx, tx); err != nil {
		return nil, unreadable(err)
	}
	r := &Report{}
	if err := tx.QueryRowContext(ctx, `SELECT value FROM facts WHERE name = 'epoch'`).Scan(&r.Epoch); err != nil {
		return nil, unreadable(err)
	}
	for _, each := range []struct {
		table
		count *int
	}{{logTable, &r.Entries}, {recordTable, &r.Records}, {receiptTable, &r.Receipts}, {replicaTable, &r.Replicas}, {itemTable, &r.Items}} {
		if *each.count, err = checkRows(ctx, tx, each.table); err != nil {
			return nil, unreadable(err)
		}
	}
	for _, t := range []table{termTable, afterTable} {
		if err := checkIfThere(ctx, tx, t); err != nil {
			return nil, unreadable(err)
		}
	}
	l := &logChecker{tx: tx, codec: newCodec(), heads: collections.Position{}, report: r}
	return r, unreadable(l.check(ctx))
}

// unreadable says that what SQLite cannot read is damaged.
func unreadable(err error) error {
	if primaryCode(err) == 0 || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", err, ErrDamaged)
}

// checkStructure runs SQLite's own check, which compares every index with its table.
func checkStructure(ctx context.Context, tx *sql.Tx) error {
	var verdict string
	if err := tx.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%s: %w", verdict, ErrDamaged)
	}
	return nil
}

// checkIfThere checks a table that files of older versions do not have.
func checkIfThere(ctx context.Context, tx *sql.Tx, t table) error {
	var there bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)`, t.name).Scan(&there)
	if err == nil && there {
		_, err = checkRows(ctx, tx, t)
	}
	return err
}

func checkRows(ctx context.Context, tx *sql.Tx, t table) (n int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+t.list()+` FROM `+t.name)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		if _, err := t.scan(rows); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}
