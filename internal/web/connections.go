package web

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// connections knows every open connection, because a shutdown would otherwise wait
// for one that never asked anything (browsers open such in advance) until ReadTime.
type connections struct {
	mu   sync.Mutex // guards open
	open map[net.Conn]struct{}
}

// track is fasthttp's hook on the life of a connection.
func (l *connections) track(conn net.Conn, state fasthttp.ConnState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch state {
	case fasthttp.StateNew:
		l.open[conn] = struct{}{}
	case fasthttp.StateClosed, fasthttp.StateHijacked:
		delete(l.open, conn)
	}
}

// keepHurrying hurries all connections until it is told to stop: one that was accepted
// last is only known after the others were hurried.
func (l *connections) keepHurrying(until time.Time) (stop func()) {
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			l.hurry(until)
			select {
			case <-time.After(100 * time.Millisecond):
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-stopped }
}

// hurry lets requests that are still arriving do so until the time given. Those that
// have arrived take the time they take.
func (l *connections) hurry(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		_ = conn.SetReadDeadline(until) // it fails on a closed one, which is as well
	}
}

// quiet is for how long nobody must have been connected for the rest of a linger to be
// dropped: who was just refused may be about to ask again.
const quiet = 200 * time.Millisecond

// linger waits until nobody has been connected for a while, at most for a time, or until
// ctx ends.
func (l *connections) linger(ctx context.Context, most time.Duration) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	now := time.Now()
	for seen, end := now, now.Add(most); now.Before(end) && now.Sub(seen) < quiet; now = time.Now() {
		if l.count() > 0 {
			seen = now
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (l *connections) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}
