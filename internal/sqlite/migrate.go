package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"
)

// migrations are run in the order of their names; the first four digits are the
// version. One that was ever released never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours in its header: "flds".
const applicationID = 0x666c6473

// migrate brings the schema to the version this program knows. Each migration is one
// transaction.
func migrate(ctx context.Context, db *sql.Conn, now time.Time) error {
	if err := checkOurs(ctx, db); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	have, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if have > len(names) {
		return fmt.Errorf("the file was written by a newer version of this program (schema %d, this program knows %d): start that version", have, len(names))
	}
	for i, name := range names[have:] {
		if err := runMigration(ctx, db, name, have+i+1, now); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// checkOurs refuses a database that some other program made.
func checkOurs(ctx context.Context, db *sql.Conn) error {
	var id, tables int
	err := db.QueryRowContext(ctx, `SELECT application_id, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id`).Scan(&id, &tables)
	if err != nil {
		return err
	}
	if id != applicationID && (id != 0 || tables > 0) {
		return fmt.Errorf("the file is a SQLite database of another program: choose another path")
	}
	return nil
}

// schemaVersion reads which migrations were run. A new file is marked as ours in the
// transaction that makes its first table: a crash leaves none that looks like another's.
func schemaVersion(ctx context.Context, db *sql.Conn) (version int, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (
		version INTEGER PRIMARY KEY,
		name    TEXT NOT NULL,
		applied INTEGER NOT NULL -- ms since 1970 UTC
	) STRICT`)
	if err == nil {
		_, err = tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID))
	}
	if err == nil {
		err = tx.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM migrations`).Scan(&version)
	}
	if err != nil {
		return 0, err
	}
	return version, tx.Commit()
}

func runMigration(ctx context.Context, db *sql.Conn, name string, version int, now time.Time) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO migrations VALUES (?, ?, ?)`, version, name, now.UnixMilli()); err != nil {
		return err
	}
	return tx.Commit()
}
