package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"database/sql"
)

const (
	deltaRounds  = 60
	deltaChanges = 100
)

// deltaSide is one store of which a device pulls what others changed.
type deltaSide struct {
	work, engine string
	change       func(ctx context.Context, round int) error
	pull         func(ctx context.Context) (got int, err error)
	times        []time.Duration
	least        int // of what a pull must bring
}

// scaleDelta measures how long a device waits for 100 changes of somebody else, in a
// small store and in the large one, by turns, so that what else the machine does falls
// on both.
func scaleDelta(ctx context.Context, s *scale, r *report) error {
	var sides []*deltaSide
	for _, store := range []struct {
		path  string
		count int
	}{{s.small(), smallStore}, {s.large(), s.documents}} {
		f, err := openFolder(store.path)
		if err != nil {
			return err
		}
		p, err := f.serve(ctx, s.program)
		if err != nil {
			return err
		}
		defer p.stop()
		side, err := fieldstackDelta(ctx, "delta-pull-"+sizeName(store.count), newCaller(p.url, f.Owner, 1))
		if err != nil {
			return err
		}
		sides = append(sides, side)
	}
	if s.peer != "" {
		for data, count := range map[string]int{s.peerSmallData(): smallStore, s.peerData(): s.documents} {
			p, err := s.servePeer(ctx, []string{"PB_DATA=" + data, "PB_BATCH=1"})
			if err != nil {
				return err
			}
			defer p.stop()
			sides = append(sides, s.peerDelta("delta-pull-"+sizeName(count), newCaller(p.url, "", 1)))
		}
		r.note("PocketBase has no sync: the nearest is a list of the records updated since a time, which reads all of them, for want of an index.")
	}
	if err := deltaInTurns(ctx, sides); err != nil {
		return err
	}
	for _, side := range sides {
		r.add(side.work, side.engine, "p50", percentile(side.times, 0.5), "ms")
		r.add(side.work, side.engine, "p99", percentile(side.times, 0.99), "ms")
	}
	r.add("delta-pull-ratio", "fieldstack", "p50 of "+sizeName(s.documents)+" by p50 of "+sizeName(smallStore), percentile(sides[1].times, 0.5)/percentile(sides[0].times, 0.5), "ratio")
	return nil
}

func deltaInTurns(ctx context.Context, sides []*deltaSide) error {
	for round := range deltaRounds + 5 {
		for _, side := range sides {
			if side.engine == "pocketbase" && round > deltaRounds/3 {
				continue
			}
			if err := side.change(ctx, round); err != nil {
				return fmt.Errorf("%s: %w", side.work, err)
			}
			start := time.Now()
			got, err := side.pull(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", side.work, err)
			}
			if round >= 5 { // the first ones warm up
				side.times = append(side.times, time.Since(start))
			}
			if got < side.least {
				return fmt.Errorf("%s: a pull after %d changes brought %d", side.work, deltaChanges, got)
			}
		}
	}
	return nil
}

func fieldstackDelta(ctx context.Context, work string, c *caller) (*deltaSide, error) {
	writers, err := newPushers(ctx, c, deltaChanges)
	if err != nil {
		return nil, err
	}
	reader := &pusher{caller: c, replica: 2}
	if reader.cursor, err = cursorHere(ctx, c, ""); err != nil {
		return nil, err
	}
	// Each round one device sends one change to each of a hundred documents.
	author := writers[0]
	return &deltaSide{work: work, engine: "fieldstack", least: deltaChanges,
		change: func(ctx context.Context, round int) error {
			return author.setAll(ctx, writers, "site "+strconv.Itoa(round))
		},
		pull: func(ctx context.Context) (int, error) {
			a, err := reader.exchange(ctx, nil, workOrdersOnly)
			if err != nil {
				return 0, err
			}
			reader.cursor = a.Cursor
			return len(a.Changes) + len(a.Documents), nil
		}}, nil
}

// workOrdersOnly subscribes to work orders.
var workOrdersOnly = []any{map[string]any{"type": docsType}}

// cursorHere is a cursor at the end of the log, for who subscribes to the work orders
// that a condition lets through, "" for all of them.
func cursorHere(ctx context.Context, c *caller, where string) (string, error) {
	q := url.Values{"limit": {"1"}, "updatedAfter": {strconv.FormatInt(time.Now().UnixMilli(), 10)}}
	if where != "" {
		q.Set("where", where)
	}
	var page struct{ Cursor string }
	err := c.call(ctx, http.MethodGet, "/api/"+docsType+"?"+q.Encode(), nil, &page)
	if err == nil && page.Cursor == "" {
		err = errors.New("a list since now came without a cursor")
	}
	return page.Cursor, err
}

func (s *scale) peerDelta(work string, c *caller) *deltaSide {
	since := ""
	return &deltaSide{work: work, engine: "pocketbase", least: deltaChanges,
		change: func(ctx context.Context, round int) error {
			since = time.Now().UTC().Format("2006-01-02 15:04:05.000Z")
			var requests []any
			for i := range deltaChanges {
				requests = append(requests, map[string]any{"method": "PATCH", "url": peerRecords + "/" + s.orders.peerID(i), "body": map[string]any{"site": "site " + strconv.Itoa(round)}})
			}
			return c.call(ctx, http.MethodPost, "/api/batch", map[string]any{"requests": requests}, nil)
		},
		pull: func(ctx context.Context) (int, error) {
			path := peerRecords + "?perPage=200&skipTotal=1&sort=updated&filter=" + url.QueryEscape(`updated>="`+since+`"`)
			var page struct{ Items []struct{} }
			err := c.call(ctx, http.MethodGet, path, nil, &page)
			return len(page.Items), err
		}}
}

// middleUpdate is the time of the last change of the record that lies in the middle of
// them all by that time.
func middleUpdate(ctx context.Context, file string) (at int64, err error) {
	if _, err := os.Stat(filepath.Clean(file)); err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT CAST((min(updated) + max(updated)) / 2 AS INTEGER) FROM records`).Scan(&at)
	return at, err
}
