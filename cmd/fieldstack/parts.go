package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/backups"
	"github.com/fieldstack/fieldstack/internal/copying"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// Backups are of two kinds: of a data folder it is a database file, and of MongoDB a file
// of parts. Either can be restored to either.

// isParts reports whether a backup is a file of parts.
func isParts(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	head := make([]byte, len(collections.DumpHeader))
	n, err := io.ReadFull(file, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return collections.IsDump(head[:n]), err
}

// inspectParts reads all of a file of parts and says what is in it.
func inspectParts(ctx context.Context, path string) (*backups.Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := &backups.Report{}
	of := map[string]*backups.Count{}
	var order []string
	err = collections.ReadDump(file, func(p *collections.Part) error {
		if p.Kind == collections.PartEpoch {
			r.Epoch = p.Epoch
		}
		r.Records += len(p.Records)
		r.Entries += len(p.Entries)
		for i := range p.Records {
			record := &p.Records[i]
			r.Newest = max(r.Newest, record.Updated)
			c := of[record.Type]
			if c == nil {
				c = &backups.Count{Type: record.Type}
				of[record.Type] = c
				order = append(order, record.Type)
			}
			if c.Records++; record.Deleted {
				c.Records, c.Trash = c.Records-1, c.Trash+1
			}
		}
		return ctx.Err()
	})
	for _, typ := range order {
		r.Types = append(r.Types, *of[typ])
	}
	return r, err
}

// verifyBackup reads all of a backup of either kind and counts its records.
func verifyBackup(ctx context.Context, path string) (records int, err error) {
	parts, err := isParts(path)
	if err != nil {
		return 0, err
	}
	if parts {
		r, err := inspectParts(ctx, path)
		if err != nil {
			return 0, err
		}
		return r.Records, nil
	}
	r, err := sqlite.Verify(ctx, path)
	if err != nil {
		return 0, err
	}
	return r.Records, nil
}

// restoreParts makes an empty store of a file of parts, with a history of its own.
func restoreParts(ctx context.Context, to collections.Store, r io.Reader) (copying.Report, error) {
	target, ok := to.(copying.Target)
	if !ok {
		return copying.Report{}, errors.New("this store cannot be made of a backup")
	}
	var epoch [16]byte
	if _, err := rand.Read(epoch[:]); err != nil {
		return copying.Report{}, err
	}
	return copying.Restore(ctx, r, target, hex.EncodeToString(epoch[:]))
}

// restorePartsTo makes a database file out of a file of parts.
func restorePartsTo(ctx context.Context, path string, r io.Reader) (report copying.Report, err error) {
	store, err := sqlite.Open(ctx, sqlite.Options{Path: path})
	if err != nil {
		return report, err
	}
	report, err = restoreParts(ctx, store, r)
	if err = errors.Join(err, store.Close()); err != nil {
		for _, left := range []string{path, path + "-wal", path + "-shm"} {
			_ = os.Remove(left) // a half of it is of no use, and nothing was there before
		}
		return report, fmt.Errorf("restoring a file of parts: %w", err)
	}
	return report, nil
}
