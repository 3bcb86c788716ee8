package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// scalePush measures durable changes: devices that send one at a time and wait for each
// to be acknowledged, each to its own document. The peer creates records.
func scalePush(ctx context.Context, s *scale, r *report) error {
	f, err := openFolder(s.large())
	if err != nil {
		return err
	}
	p, err := f.serve(ctx, s.program)
	if err != nil {
		return err
	}
	err = func() error {
		defer p.stop()
		for _, n := range s.devices {
			c := newCaller(p.url, f.Owner, n)
			pushers, err := newPushers(ctx, c, n)
			if err != nil {
				return err
			}
			err = timedRate(ctx, r, "push-"+strconv.Itoa(n), "fieldstack", n, s.time, func(ctx context.Context, w int) error { return pushers[w].push(ctx, 1) })
			if err != nil {
				return err
			}
		}
		return nil
	}()
	if err != nil || s.peer == "" {
		return err
	}
	return s.pushPocketBase(ctx, r)
}

func (s *scale) pushPocketBase(ctx context.Context, r *report) error {
	for _, way := range []struct {
		suffix string
		env    []string
	}{{"", []string{"PB_DATA=" + filepath.Join(s.dir, "peer-push")}}, {"-fsync", []string{"PB_DATA=" + filepath.Join(s.dir, "peer-push"), "PB_FSYNC=1"}}} {
		p, err := s.servePeer(ctx, way.env)
		if err != nil {
			return err
		}
		for _, n := range s.devices {
			c := newCaller(p.url, "", n)
			next := make([]int, n)
			err = timedRate(ctx, r, "push-"+strconv.Itoa(n)+way.suffix, "pocketbase", n, s.time, func(ctx context.Context, w int) error {
				next[w]++
				return c.call(ctx, http.MethodPost, peerRecords, s.orders.order(next[w]*n+w), nil)
			})
			if err != nil {
				break
			}
		}
		p.stop()
		if err != nil {
			return err
		}
	}
	r.note("PocketBase's works are creates of whole records over HTTP, in a store that begins empty; without -fsync it does not wait for the disk, so that the last of what it acknowledged may be lost with the power.")
	return nil
}

// timedRate is rate with the times of what was counted.
func timedRate(ctx context.Context, r *report, work, engine string, connections int, d time.Duration, f func(ctx context.Context, worker int) error) error {
	var mu sync.Mutex
	var times []time.Duration
	begun := time.Now()
	got, err := rate(ctx, connections, d, func(ctx context.Context, w int) error {
		start := time.Now()
		err := f(ctx, w)
		if took := time.Since(start); err == nil && start.Sub(begun) > time.Second {
			mu.Lock()
			times = append(times, took)
			mu.Unlock()
		}
		return err
	})
	if err != nil || len(times) == 0 {
		return err
	}
	r.add(work, engine, "rate", got, "1/s")
	r.add(work, engine, "p50", percentile(times, 0.5), "ms")
	r.add(work, engine, "p99", percentile(times, 0.99), "ms")
	return nil
}
