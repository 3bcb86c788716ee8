package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Restore makes the database of o out of what Backup wrote. The copy is verified in
// full and given an epoch of its own before it takes its place; on an error there is
// no database at o.Path, as before. It refuses to replace a database: move that one
// away first.
func Restore(ctx context.Context, o Options, r io.Reader) error {
	o, err := o.withDefaults()
	if err == nil {
		err = restore(ctx, o, r)
	}
	if err != nil {
		return fmt.Errorf("sqlite: restore %s: %w", o.Path, err)
	}
	return nil
}

func restore(ctx context.Context, o Options, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return err
	}
	lock, err := acquire(o.Path)
	if err != nil {
		return err
	}
	defer lock.Close()
	for _, path := range []string{o.Path, o.Path + "-wal"} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, fmt.Errorf("%s is there already: move it away first", path))
		}
	}
	folder, err := os.MkdirTemp(filepath.Dir(o.Path), ".restore-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	copied := filepath.Join(folder, "copy.db")
	if err := receive(ctx, copied, r); err != nil {
		return err
	}
	if _, err := Verify(ctx, copied); err != nil {
		return err
	}
	if err := beginHistory(ctx, o, copied); err != nil {
		return err
	}
	return place(copied, o.Path)
}

// receive writes a file and makes it durable.
func receive(ctx context.Context, path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	}))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// beginHistory brings the copy to this program's schema and gives it a new epoch, all
// in the one file.
func beginHistory(ctx context.Context, o Options, path string) (err error) {
	w, err := openWriter(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := migrate(ctx, w.conn, o.Now()); err != nil {
		return err
	}
	if _, err := renewEpoch(ctx, w.conn, o.Random); err != nil {
		return err
	}
	whole, err := checkpoint(w.conn)
	if err == nil && !whole {
		err = errors.New("another program is reading the copy")
	}
	return err
}

// place moves a finished file to where it is looked for, durably.
func place(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
