package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/fieldstack/fieldstack/crdt"
)

const (
	morningChanges = 50
	morningNew     = 5 // … of which so many are new work orders
	morningWithin  = time.Minute
	morningAway    = 8 * time.Hour
	morningAgain   = 5 * time.Second // after which a device that is up to date asks again
)

// scaleMorning is a morning after: devices that were offline for eight hours, with fifty
// changes each, come back within a minute. Each wants the work orders of its site. It
// ends when each has sent all of its own and has all that the others of its site sent.
func scaleMorning(ctx context.Context, s *scale, r *report) error {
	f, err := openFolder(s.large())
	if err != nil {
		return err
	}
	p, err := f.serve(ctx, s.program)
	if err != nil {
		return err
	}
	defer p.stop()
	m := &morning{url: p.url, client: &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: s.morning, MaxIdleConns: s.morning}}}
	devices, err := s.devicesOffline(ctx, f, m)
	if err != nil {
		return err
	}
	forgetPeak(p)
	begun := time.Now()
	var running sync.WaitGroup
	for i, d := range devices {
		running.Go(func() {
			sleep(ctx, morningWithin*time.Duration(i)/time.Duration(len(devices)))
			d.comeBack(ctx, m, len(devices))
		})
	}
	running.Wait()
	m.report(r, "morning-"+sizeName(s.morning), time.Since(begun), peak(p))
	r.note("The peer has no sync of devices, so it has no part in the morning. A device is level when a pull that began after the last push of all was answered to its end; one that is up to date before asks again every %s.", morningAgain)
	return m.firstError(ctx)
}

// morning is what the devices have in common.
type morning struct {
	url    string
	client *http.Client

	mu       sync.Mutex
	times    []time.Duration // of syncs that were answered
	err      error
	received int64
	told     int64 // changes and documents that came

	pushed   atomic.Int64 // devices that have sent all
	lastPush atomic.Int64 // ns; when the last of them had
	level    atomic.Int64 // devices that have all
	broken   atomic.Int64 // connections that broke
	waited   atomic.Int64 // answers that said to come back later, and when
	hintless atomic.Int64 // … and did not say when
}

func (m *morning) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.err = err
	}
}

func (m *morning) firstError(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return errors.Join(m.err, ctx.Err())
}

func (m *morning) report(r *report, work string, took time.Duration, peak float64) {
	r.add(work, "fieldstack", "until all are level", took.Seconds(), "s")
	r.add(work, "fieldstack", "devices that are level", float64(m.level.Load()), "devices")
	r.add(work, "fieldstack", "connections that broke", float64(m.broken.Load()), "connections")
	if len(m.times) == 0 {
		return
	}
	r.add(work, "fieldstack", "sync p50", percentile(m.times, 0.5), "ms")
	r.add(work, "fieldstack", "sync p99", percentile(m.times, 0.99), "ms")
	r.add(work, "fieldstack", "syncs", float64(len(m.times)), "requests")
	r.add(work, "fieldstack", "told to come back later", float64(m.waited.Load()), "answers")
	r.add(work, "fieldstack", "refused without saying when", float64(m.hintless.Load()), "answers")
	r.add(work, "fieldstack", "changes of others received", float64(m.told), "changes")
	r.add(work, "fieldstack", "received", float64(m.received)/(1<<20), "MiB")
	r.add(work, "fieldstack", "memory, peak", peak, "MiB")
}

// away is a device that was offline.
type away struct {
	token, cursor string
	subscribe     []any
	replica       crdt.Replica
	changes       []json.RawMessage
	random        *rand.Rand
}

// devicesOffline makes the devices as they were eight hours ago, with a cursor of then,
// and the changes that they have made since.
func (s *scale) devicesOffline(ctx context.Context, f *folder, m *morning) ([]*away, error) {
	sites := map[string][]string{} // ids of work orders
	for i := range min(s.documents, 100_000) {
		site := fmt.Sprint(s.orders.order(i)["site"])
		sites[site] = append(sites[site], s.orders.id(i))
	}
	progress := newProgress("devices going offline", s.morning)
	devices := make([]*away, s.morning)
	for i := range devices {
		site := "Well pad " + strconv.Itoa(i%max(1, min(240, s.morning/8))) // eight or more at each
		where := `{"field":"site","is":"` + site + `"}`
		c := &caller{m.url, f.Tokens[i%len(f.Tokens)], m.client}
		cursor, err := cursorHere(ctx, c, where)
		if err != nil {
			return nil, err
		}
		d := &away{token: c.token, cursor: cursor, random: rand.New(rand.NewSource(int64(i)))}
		d.subscribe = []any{map[string]any{"type": docsType, "where": json.RawMessage(where)}}
		if d.replica, err = newReplica(); err != nil {
			return nil, err
		}
		if err := d.work(site, sites[site]); err != nil {
			return nil, err
		}
		devices[i] = d
		progress.add(1)
	}
	progress.end()
	return devices, nil
}

// work makes the changes of a day at a site: most are of one field of a work order that
// was there, some are new ones.
func (d *away) work(site string, ids []string) error {
	var clock crdt.Clock
	before := map[string]uint64{}
	at := time.Now().Add(-morningAway)
	for n := uint64(1); n <= morningChanges; n++ {
		at = at.Add(morningAway / (morningChanges + 1))
		c := &crdt.Change{Replica: d.replica, N: n, Stamp: clock.Next(at.UnixMilli()), Type: docsType, Version: 1}
		if n%(morningChanges/morningNew) == 0 || len(ids) == 0 {
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			c.Doc, c.Ops = id.String(), []crdt.Op{{Kind: crdt.OpCreate}, set("title", "found on the round"), set("status", "open"), set("priority", "low"), set("site", site)}
		} else {
			c.Doc, c.Ops = ids[d.random.Intn(len(ids))], d.edit(n)
		}
		c.Prev = before[c.Doc]
		before[c.Doc] = n
		d.changes = append(d.changes, crdt.AppendChange(nil, c))
	}
	return nil
}

func set(field string, value any) crdt.Op {
	return crdt.Op{Kind: crdt.OpSet, Path: []string{field}, Value: value, Has: true}
}

func (d *away) edit(n uint64) []crdt.Op {
	switch n % 4 {
	case 0:
		return []crdt.Op{set("status", docsStatuses[d.random.Intn(len(docsStatuses))])}
	case 1:
		return []crdt.Op{{Kind: crdt.OpAdd, Path: []string{"hours"}, Value: 0.5, Has: true}}
	case 2:
		return []crdt.Op{set("assignee", fmt.Sprintf("worker-%03d", d.random.Intn(300)))}
	}
	return []crdt.Op{set("title", "seen to "+strconv.Itoa(d.random.Intn(1000)))}
}

// comeBack sends what the device has and takes in what is new, until it is level with
// all.
func (d *away) comeBack(ctx context.Context, m *morning, all int) {
	for ctx.Err() == nil {
		begun := time.Now()
		a, again, err := d.sync(ctx, m)
		if err != nil {
			m.fail(err)
			return
		}
		if again > 0 {
			sleep(ctx, again+time.Duration(d.random.Int63n(int64(again))))
			continue
		}
		if len(d.changes) > 0 {
			d.changes = nil
			if int(m.pushed.Add(1)) == all {
				m.lastPush.Store(time.Now().UnixNano())
			}
		}
		d.cursor = a.Cursor
		if a.More {
			continue
		}
		if last := m.lastPush.Load(); last > 0 && begun.UnixNano() > last {
			m.level.Add(1)
			return
		}
		sleep(ctx, morningAgain/2+time.Duration(d.random.Int63n(int64(morningAgain))))
	}
}

// sync is one exchange. A server that is too busy says when to come again.
func (d *away) sync(ctx context.Context, m *morning) (a *answer, again time.Duration, err error) {
	changes := d.changes
	if changes == nil {
		changes = []json.RawMessage{}
	}
	body, err := json.Marshal(map[string]any{"replica": d.replica, "cursor": d.cursor, "subscribe": d.subscribe, "changes": changes})
	if err != nil {
		return nil, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/api/_sync", bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + d.token}}
	start := time.Now()
	text, resp, err := m.answer(req)
	if err != nil { // it may have arrived or not: a device sends it again
		m.broken.Add(1)
		return nil, morningAgain, nil
	}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		return nil, m.later(resp), nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("sync: %s: %.300s", resp.Status, text)
	}
	a = &answer{}
	if err := json.Unmarshal(text, a); err != nil {
		return nil, 0, err
	}
	if i := slices.IndexFunc(a.Results, func(r result) bool { return !r.OK }); i >= 0 {
		return nil, 0, fmt.Errorf("a change was refused: %s", a.Results[i].Error.Message)
	}
	m.count(a, len(text), time.Since(start))
	return a, 0, nil
}

func (m *morning) answer(req *http.Request) ([]byte, *http.Response, error) {
	resp, err := m.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return text, resp, err
}

// later says how long a device that was turned away waits.
func (m *morning) later(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		m.hintless.Add(1)
		return morningAgain
	}
	m.waited.Add(1)
	return time.Duration(seconds) * time.Second
}

func (m *morning) count(a *answer, bytes int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.times = append(m.times, took)
	m.received += int64(bytes)
	m.told += int64(len(a.Changes) + len(a.Documents))
}
