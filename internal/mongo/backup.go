package mongo

import (
	"context"
	"fmt"
	"io"

	"github.com/fieldstack/fieldstack/collections"
)

// Backup implements [collections.Store]: a file of parts, as [collections.WriteDump] writes
// it, while servers go on. It is not of one moment: its records may be older than its log,
// as those of a server that was killed are, and are brought level when it is opened. done
// and total are things.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	if err := collections.WriteDump(ctx, s, w, progress); err != nil {
		return fmt.Errorf("mongo: backup: %w", err)
	}
	return nil
}
