package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/metrics"
)

// watchOver says what the metrics ask of the server. Of a store that is a database elsewhere
// they ask neither its room nor its backups.
func (s *server) watchOver(c serverConfig) {
	sources := metrics.Sources{
		Engine: s.engine, Readers: s.web.Streams, Jobs: s.jobs.Under,
		Webhooks: func(ctx context.Context) (metrics.Webhooks, error) { return s.webhooksNow(ctx, c.Now()) },
	}
	if s.backups != nil { // else the store is elsewhere
		sources.Backups = s.backupsNow
		sources.Disk = func(context.Context) (metrics.Disk, error) { return diskNow(c.Data) }
	}
	s.metrics.Watch(sources)
}

// webhooksNow looks at the webhooks.
func (s *server) webhooksNow(ctx context.Context, now time.Time) (w metrics.Webhooks, err error) {
	list, err := s.hooks.List(ctx, operator)
	for _, h := range list {
		switch {
		case !h.Enabled:
			w.Off++
			continue
		case h.State.Paused != "":
			w.Paused++
		case h.State.Failures > 0:
			w.Failing++
			w.Waiting = max(w.Waiting, now.Sub(time.UnixMilli(h.State.Since)))
		default:
			w.Working++
		}
		w.Behind = max(w.Behind, s.engine.After(h.State.Cursor))
	}
	return w, err
}

// backupsNow looks at the backups.
func (s *server) backupsNow(context.Context) (metrics.Backups, error) {
	newest, count, err := s.backups.Newest()
	b := metrics.Backups{Count: count, Bytes: newest.Size, Failed: s.backups.Progress().Fault != ""}
	if newest.Made > 0 {
		b.Newest = time.UnixMilli(newest.Made)
	}
	return b, err
}

// diskNow looks at the disk of a data folder.
func diskNow(data string) (d metrics.Disk, err error) {
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(filepath.Join(data, databaseFile+end))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return d, err
		}
		d.Bytes += info.Size()
	}
	d.Free, err = freeOn(data)
	return d, err
}

// slowCommit is how long a commit may be under way before the server is not ready.
const slowCommit = 15 * time.Second

// commitsMove is the check of readiness that sees a disk, or a database, that hangs.
func (s *server) commitsMove(context.Context) error {
	if s.metrics.CommitWaiting() > slowCommit {
		return collections.Errorf(collections.Unavailable, "", "A commit has waited for the store for more than %d seconds.", slowCommit/time.Second)
	}
	return nil
}
