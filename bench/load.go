package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// caller sends requests to one server over connections that are kept open.
type caller struct {
	url, token string
	client     *http.Client
}

func newCaller(url, token string, connections int) *caller {
	return &caller{url, token, &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true}}}
}

// call sends body as JSON and reads the answer into out, or throws it away.
func (c *caller) call(ctx context.Context, method, path string, body, out any) error {
	var reader io.Reader
	if body != nil {
		text, ok := body.([]byte)
		if !ok {
			var err error
			if text, err = json.Marshal(body); err != nil {
				return err
			}
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, reader)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, text)
	}
	if out != nil {
		return json.Unmarshal(text, out)
	}
	return nil
}

// rate calls f from as many goroutines as there are connections, for a while after a
// short warm-up, and gives how often a second it came back. The first error ends it.
func rate(ctx context.Context, connections int, d time.Duration, f func(ctx context.Context, worker int) error) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var done atomic.Int64
	var workers sync.WaitGroup
	for w := range connections {
		workers.Go(func() {
			for ctx.Err() == nil {
				if err := f(ctx, w); err != nil {
					if ctx.Err() == nil {
						cancel(err)
					}
					return
				}
				done.Add(1)
			}
		})
	}
	warm := min(d/4, time.Second)
	sleep(ctx, warm)
	from, start := done.Load(), time.Now()
	sleep(ctx, d)
	count, took := done.Load()-from, time.Since(start)
	cancel(nil)
	workers.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return 0, err
	}
	return float64(count) / took.Seconds(), nil
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// latencies calls f n times, one after the other, after a few that do not count.
func latencies(ctx context.Context, n int, f func(ctx context.Context, i int) error) ([]time.Duration, error) {
	times := make([]time.Duration, 0, n)
	for i := range n + 5 {
		start := time.Now()
		if err := f(ctx, i); err != nil {
			return nil, err
		}
		if i >= 5 {
			times = append(times, time.Since(start))
		}
	}
	return times, nil
}
