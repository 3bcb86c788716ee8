package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
)

// ensureEpoch reads the epoch, and makes it for a new database.
func ensureEpoch(ctx context.Context, db *sql.Conn, random io.Reader) (epoch string, err error) {
	err = db.QueryRowContext(ctx, `SELECT value FROM facts WHERE name = 'epoch'`).Scan(&epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return renewEpoch(ctx, db, random)
	}
	return epoch, err
}

// renewEpoch begins a history of its own: 128 random bits name it.
func renewEpoch(ctx context.Context, db *sql.Conn, random io.Reader) (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", err
	}
	epoch := hex.EncodeToString(bits[:])
	_, err := db.ExecContext(ctx, `INSERT OR REPLACE INTO facts VALUES ('epoch', ?)`, epoch)
	return epoch, err
}
