package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	crand "crypto/rand"
)

// silence is how long a live stream may say nothing, heartbeats included, before the
// device takes it for dead: three heartbeats of the server.
const silence = 45 * time.Second

// Listen takes live events in until ctx ends or the stream breaks; it never returns
// nil. What it missed, the next Listen or Sync brings: both go on from the cursor.
func (d *Device) Listen(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	body, err := d.openStream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	quiet := time.AfterFunc(silence, func() { cancel(errors.New("no heartbeat")) })
	defer quiet.Stop()
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 64<<10), maxAnswer)
	var data strings.Builder
	for lines.Scan() {
		quiet.Reset(silence)
		line := lines.Text()
		if text, ok := strings.CutPrefix(line, "data:"); ok {
			data.WriteString(strings.TrimPrefix(text, " "))
		} else if line == "" && data.Len() > 0 {
			if err := d.event(ctx, data.String()); err != nil {
				return err
			}
			data.Reset()
		}
	}
	if err := context.Cause(ctx); err != nil && ctx.Err() != nil {
		return offline(err)
	}
	if err := lines.Err(); err != nil {
		return offline(err)
	}
	return offline(io.ErrUnexpectedEOF)
}

// openStream asks for the log from the cursor on. Streams have no time limit as a
// whole, so the client's own does not apply.
func (d *Device) openStream(ctx context.Context) (io.ReadCloser, error) {
	d.mu.Lock()
	me, cursor, subscribe := d.me, d.cursor, d.subscribe
	d.mu.Unlock()
	query := url.Values{"cursor": {cursor}}
	if subscribe != nil {
		text, err := json.Marshal(subscribe)
		if err != nil {
			return nil, fmt.Errorf("client: subscription: %w", err)
		}
		query.Set("subscribe", string(text))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, me.URL+"/api/_events?"+query.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+me.Token)
	streaming := *d.http
	streaming.Timeout = 0
	resp, err := streaming.Do(req)
	if err != nil {
		return nil, offline(err)
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		return nil, failure(resp.StatusCode, text)
	}
	return resp.Body, nil
}

// event takes one live event in: a pull, as Sync would have brought it.
func (d *Device) event(ctx context.Context, data string) error {
	var resp response
	if err := json.Unmarshal([]byte(data), &resp); err != nil {
		return offline(fmt.Errorf("a live event: %w", err))
	}
	if resp.Cursor == "" {
		return nil
	}
	d.syncing.Lock()
	defer d.syncing.Unlock()
	_, err := d.take(ctx, &resp, nil, nil, &Report{})
	return err
}

// Run keeps the device level for as long as ctx lives: it syncs, listens, and after a
// break waits and begins again, longer each time up to a minute, with jitter so that
// a thousand devices do not come back at once. notify, if not nil, hears each outcome.
func (d *Device) Run(ctx context.Context, notify func(Report, error)) {
	wait := time.Second
	for ctx.Err() == nil {
		report, err := d.Sync(ctx)
		if notify != nil {
			notify(report, err)
		}
		if err == nil {
			wait = time.Second
			d.listenAndPush(ctx)
		}
		select {
		case <-ctx.Done():
		case <-time.After(jitter(wait)):
		}
		wait = min(2*wait, time.Minute)
	}
}

// listenAndPush listens until the stream breaks or there is something to push.
func (d *Device) listenAndPush(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		for {
			changed := d.Changed()
			if s, err := d.Status(ctx); err != nil || s.Pending > 0 {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
		}
	}()
	_ = d.Listen(ctx)
}

// jitter gives a time between a half and the whole of wait.
func jitter(wait time.Duration) time.Duration {
	n, err := crand.Int(crand.Reader, big.NewInt(int64(wait/2)))
	if err != nil {
		return wait
	}
	return wait/2 + time.Duration(n.Int64())
}
