package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	driver "modernc.org/sqlite"
)

// pagesPerStep is how much a backup copies before it looks whether ctx has ended.
const pagesPerStep = 256

// Backup implements [collections.Store]. What it writes is a SQLite file, which
// [Restore] reads. The copy is made beside the database first, at the speed of the
// disk, so that a slow w does not keep the write-ahead log from being cleared; it
// needs that much space for as long. done and total are bytes; each byte counts
// twice, once when it is copied and once when it is written to w.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(done, total int64) {}
	}
	folder, err := os.MkdirTemp(filepath.Dir(s.path), ".backup-*")
	if err != nil {
		return fmt.Errorf("sqlite: backup: %w", err)
	}
	defer os.RemoveAll(folder)
	copied := filepath.Join(folder, "copy.db")
	size, err := s.copyTo(ctx, copied, progress)
	if err == nil {
		err = send(ctx, w, copied, func(done int64) { progress(size+done, 2*size) })
	}
	if err != nil {
		return fmt.Errorf("sqlite: backup: %w", err)
	}
	return nil
}

// copyTo copies the database as it is now. The connection holds a read transaction
// all the while: without one, each write would make the copy begin again.
func (s *Store) copyTo(ctx context.Context, path string, progress func(done, total int64)) (size int64, err error) {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	var pageSize int64
	// Reading anything of the file is what takes the snapshot.
	if err := tx.QueryRowContext(ctx, `SELECT page_size FROM pragma_page_size, facts LIMIT 1`).Scan(&pageSize); err != nil {
		return 0, err
	}
	err = conn.Raw(func(raw any) error {
		b, err := raw.(interface {
			NewBackup(string) (*driver.Backup, error)
		}).NewBackup(dsn(path))
		if err != nil {
			return err
		}
		err = step(ctx, b, func() {
			size = pageSize * int64(b.PageCount())
			progress(size-pageSize*int64(b.Remaining()), 2*size)
		})
		return errors.Join(err, b.Finish())
	})
	return size, err
}

func step(ctx context.Context, b *driver.Backup, copied func()) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		more, err := b.Step(pagesPerStep)
		if err != nil {
			return err
		}
		copied()
		if !more {
			return nil
		}
	}
}

// send writes a file to w.
func send(ctx context.Context, w io.Writer, path string, progress func(done int64)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buffer := make([]byte, 1<<20)
	var done int64
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := f.Read(buffer)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(buffer[:n]); err != nil {
			return err
		}
		done += int64(n)
		progress(done)
	}
}
