package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// smallStore is how many documents the large store's deltas are held against.
const smallStore = 10_000

// The stores of the benchmark: their folders, and how many documents each has.
func (s *scale) large() string { return filepath.Join(s.dir, "large") }
func (s *scale) small() string { return filepath.Join(s.dir, "small") }
func (s *scale) firsts() string {
	if s.first == s.documents {
		return s.large()
	}
	return filepath.Join(s.dir, "first")
}

// scaleLoad makes the stores: devices push work orders, 500 at once, over HTTP.
func scaleLoad(ctx context.Context, s *scale, r *report) error {
	if err := s.loadFieldstack(ctx, s.large(), s.documents, r); err != nil {
		return fmt.Errorf("fieldstack: %w", err)
	}
	if err := s.loadFieldstack(ctx, s.small(), smallStore, &report{}); err != nil {
		return fmt.Errorf("fieldstack: %w", err)
	}
	if s.firsts() != s.large() {
		if err := s.loadFieldstack(ctx, s.firsts(), s.first, &report{}); err != nil {
			return fmt.Errorf("fieldstack: %w", err)
		}
	}
	if s.peer == "" {
		return nil
	}
	if err := s.loadPocketBase(ctx, r); err != nil {
		return fmt.Errorf("pocketbase: %w", err)
	}
	return nil
}

func (s *scale) loadFieldstack(ctx context.Context, path string, count int, r *report) (err error) {
	f, err := newFolder(ctx, s.program, path)
	if err != nil {
		return err
	}
	p, err := f.serve(ctx, s.program)
	if err != nil {
		return err
	}
	defer p.stop()
	begun := time.Now()
	if err := loadOrders(ctx, newOrders(count), newCaller(p.url, f.Owner, docsWorkers)); err != nil {
		return err
	}
	work := "load-" + sizeName(count)
	r.add(work, "fieldstack", "rate", float64(count)/time.Since(begun).Seconds(), "docs/s")
	r.add(work, "fieldstack", "memory, peak", peak(p), "MiB")
	return nil
}

// loadOrders has the devices of the documents' benchmark push all orders to a server.
func loadOrders(ctx context.Context, orders *orders, c *caller) error {
	typ, err := schema.Parse([]byte(benchType))
	if err != nil {
		return err
	}
	cursor, err := emptyCursor(ctx, c)
	if err != nil {
		return err
	}
	f := newFleet(orders, "")
	f.plan = typ.Plan()
	cursors := make([]string, docsDevices) // a device belongs to one worker, and so its cursor does
	f.send = func(ctx context.Context, d *device, changes []*crdt.Change) error {
		at := &cursors[d.number]
		if *at == "" {
			*at = cursor
		}
		p := &pusher{caller: c, replica: d.replica, cursor: *at}
		err := p.send(ctx, changes)
		*at = p.cursor
		return err
	}
	return f.create(ctx)
}

// emptyCursor is a cursor of a device that wants no documents: getting it costs nothing,
// however many there are.
func emptyCursor(ctx context.Context, c *caller) (string, error) {
	p := &pusher{caller: c, replica: 1}
	a, err := p.exchange(ctx, nil, []any{})
	if err != nil {
		return "", err
	}
	return a.Cursor, nil
}

// scaleStart measures how long a server on the large store takes to its first answer, and
// the memory it then has: at rest, and after a while of lists and pushes.
func scaleStart(ctx context.Context, s *scale, r *report) error {
	f, err := openFolder(s.large())
	if err != nil {
		return err
	}
	work := "start-" + sizeName(s.documents)
	err = s.starts(ctx, r, work, "fieldstack", "/healthz", nil, func(address string) []string {
		return []string{s.program, "serve", "--data", f.data(), "--listen", address, "--log-level", "error"}
	}, func(ctx context.Context, p *process) error { return s.mixedLoad(ctx, newCaller(p.url, f.Owner, 16)) })
	if err != nil || s.peer == "" {
		return err
	}
	return s.starts(ctx, r, work, "pocketbase", "/api/health", s.peerEnv(), func(address string) []string {
		return []string{s.peer, "serve", "--http", address}
	}, func(ctx context.Context, p *process) error { return s.peerMixedLoad(ctx, newCaller(p.url, "", 16)) })
}

// starts starts a server five times and takes the middle; the last one is put under load.
func (s *scale) starts(ctx context.Context, r *report, work, engine, ready string, env []string, command func(address string) []string, load func(ctx context.Context, p *process) error) error {
	var times []time.Duration
	for i := range 5 {
		address, err := freeAddress()
		if err != nil {
			return err
		}
		args := command(address)
		p, took, err := startTimed(ctx, address, ready, env, args[0], args[1:]...)
		if err != nil {
			return err
		}
		times = append(times, took)
		if i == 4 {
			err = s.memories(ctx, r, work, engine, p, load)
		}
		p.stop()
		if err != nil {
			return err
		}
	}
	r.add(work, engine, "first answer", percentile(times, 0.5), "ms")
	return nil
}

func (s *scale) memories(ctx context.Context, r *report, work, engine string, p *process, load func(ctx context.Context, p *process) error) error {
	sleep(ctx, 2*time.Second)
	r.add(work, engine, "memory, idle", resident(p), "MiB")
	forgetPeak(p)
	if err := load(ctx, p); err != nil {
		return err
	}
	r.add(work, engine, "memory, loaded", peak(p), "MiB")
	return nil
}

// mixedLoad lists and pushes over sixteen connections for a while.
func (s *scale) mixedLoad(ctx context.Context, c *caller) error {
	pushers, err := newPushers(ctx, c, 8)
	if err != nil {
		return err
	}
	lists := s.queries()
	_, err = rate(ctx, 16, s.time, func(ctx context.Context, w int) error {
		if w < len(pushers) {
			return pushers[w].push(ctx, 1)
		}
		return c.call(ctx, "GET", lists[w%len(lists)].path, nil, nil)
	})
	return err
}

// newPushers makes devices that begin where the log is, each with a document of its own.
func newPushers(ctx context.Context, c *caller, n int) ([]*pusher, error) {
	cursor, err := emptyCursor(ctx, c)
	if err != nil {
		return nil, err
	}
	pushers := make([]*pusher, n)
	for i := range pushers {
		if pushers[i], err = newPusherAt(ctx, c, cursor); err != nil {
			return nil, err
		}
	}
	return pushers, nil
}

// scaleDisk says what a document takes on the disk, by part.
func scaleDisk(ctx context.Context, s *scale, r *report) error {
	work := "disk-" + sizeName(s.documents)
	f, err := openFolder(s.large())
	if err != nil {
		return err
	}
	if err := reportBytes(ctx, r, work, "fieldstack", f.file(), s.documents, fieldstackParts); err != nil {
		return err
	}
	if s.peer == "" {
		return nil
	}
	file := filepath.Join(s.peerData(), "data.db")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return reportBytes(ctx, r, work, "pocketbase", file, s.documents, pocketbaseParts)
}
