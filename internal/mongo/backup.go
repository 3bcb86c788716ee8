package mongo

import (
	"context"
	"errors"
	"io"
)

// ErrNoBackup says how a copy of such a database is made.
var ErrNoBackup = errors.New("mongo: this database is not copied as one file: use the tools of its server, or fieldstack copy")

// Backup implements [collections.Store]; it is always ErrNoBackup.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	return ErrNoBackup
}
