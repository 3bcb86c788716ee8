package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// PocketBase's part of the benchmark of scale. Of its stores a part is loaded over HTTP,
// which is what is measured, and the rest by the statements that a save ends in.

const (
	peerRecords = "/api/collections/workorders/records"
	peerBatch   = 500
)

func (s *scale) peerData() string      { return filepath.Join(s.dir, "peer-large") }
func (s *scale) peerSmallData() string { return filepath.Join(s.dir, "peer-small") }

func (s *scale) peerEnv(more ...string) []string {
	return append([]string{"PB_DATA=" + s.peerData(), "PB_BATCH=1"}, more...)
}

// servePeer starts PocketBase with some settings of its environment.
func (s *scale) servePeer(ctx context.Context, env []string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, _, err := startTimed(ctx, address, "/api/health", env, s.peer, "serve", "--http", address)
	return p, err
}

func (s *scale) loadPocketBase(ctx context.Context, r *report) error {
	for _, dir := range []string{s.peerData(), s.peerSmallData()} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	over := min(s.documents, 20_000)
	if err := s.loadPeerOverHTTP(ctx, over, r); err != nil {
		return err
	}
	r.note("PocketBase's rate is of %d orders over HTTP, %d in each request of its batch API, on one connection (on more it is slower); the rest of its store was written without its server.", over, peerBatch)
	if err := s.loadPeerLines(ctx, s.peerData(), s.orders, over); err != nil {
		return err
	}
	return s.loadPeerLines(ctx, s.peerSmallData(), newOrders(smallStore), 0)
}

func (s *scale) loadPeerOverHTTP(ctx context.Context, count int, r *report) error {
	p, err := s.servePeer(ctx, s.peerEnv())
	if err != nil {
		return err
	}
	defer p.stop()
	c := newCaller(p.url, "", 1)
	begun := time.Now()
	progress := newProgress("pocketbase: creating", count)
	for from := 0; from < count; from += peerBatch {
		var requests []any
		for i := from; i < min(from+peerBatch, count); i++ {
			value := s.orders.order(i)
			value["id"] = s.orders.peerID(i)
			requests = append(requests, map[string]any{"method": "POST", "url": peerRecords, "body": value})
		}
		if err := c.call(ctx, http.MethodPost, "/api/batch", map[string]any{"requests": requests}, nil); err != nil {
			return err
		}
		progress.add(len(requests))
	}
	progress.end()
	work := "load-" + sizeName(s.documents)
	r.add(work, "pocketbase", "rate", float64(count)/time.Since(begun).Seconds(), "docs/s")
	r.add(work, "pocketbase", "memory, peak", peak(p), "MiB")
	return nil
}

// peerID is the i-th order's id as PocketBase makes them.
func (o *orders) peerID(i int) string { return fmt.Sprintf("%015x", dice(i, 2, 1<<60)) }

// loadPeerLines writes the orders from the one named on into a store whose server does
// not run.
func (s *scale) loadPeerLines(ctx context.Context, data string, orders *orders, from int) error {
	lines := filepath.Join(s.dir, "orders.jsonl")
	defer os.Remove(lines)
	if err := orders.writePeerLines(lines, from); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "  pocketbase: writing %d records …\n", orders.count-from)
	cmd := exec.CommandContext(ctx, s.peer)
	cmd.Env = append(os.Environ(), "PB_DATA="+data, "PB_BATCH=1", "PB_LOAD="+lines)
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

func (o *orders) writePeerLines(path string, from int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	for i := from; i < o.count; i++ {
		record := o.order(i)
		record["id"] = o.peerID(i)
		if err := lines.Encode(record); err != nil {
			return err
		}
	}
	return buffer.Flush()
}

// peerMixedLoad is the mixed load as PocketBase can bear it.
func (s *scale) peerMixedLoad(ctx context.Context, c *caller) error {
	next := make([]int, 16)
	list := peerRecords + "?perPage=50&skipTotal=1&filter=" + url.QueryEscape(`site="Well pad 7"`)
	_, err := rate(ctx, 16, s.time, func(ctx context.Context, w int) error {
		if w >= 8 {
			return c.call(ctx, http.MethodGet, list, nil, nil)
		}
		next[w]++
		return c.call(ctx, http.MethodPost, peerRecords, s.orders.order(next[w]*16+w), nil)
	})
	return err
}
