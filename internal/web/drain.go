package web

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// errStopping answers who comes while the server stops.
var errStopping = collections.Errorf(collections.Unavailable, "", "The server is stopping: try again in a moment.")

// drain is how far the server is with its end. The zero value is of one that serves.
type drain struct {
	mu       sync.Mutex // guards all below
	leaving  bool       // others are told to go elsewhere
	refusing bool       // new requests are refused
	under    int        // requests that were let in and are not answered yet
	empty    chan struct{}
}

// leave makes leaving, and with refuse also refusing, true. The channel is closed once
// no request is under way any more.
func (d *drain) leave(refuse bool) (empty <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leaving = true
	if d.empty == nil {
		d.empty = make(chan struct{})
	}
	if refuse && !d.refusing {
		d.refusing = true
		if d.under == 0 {
			close(d.empty)
		}
	}
	return d.empty
}

func (d *drain) isLeaving() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.leaving
}

// admit lets a request in, which then calls done, or says that it comes too late.
func (d *drain) admit() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refusing {
		return false
	}
	d.under++
	return true
}

func (d *drain) done() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under--; d.under == 0 && d.refusing {
		close(d.empty)
	}
}

// Leave begins the end of the server: it serves as before, but [Server.Leaving] says that
// it is going, and each answer ends its connection, so that a proxy looks elsewhere.
func (s *Server) Leave() { s.drain.leave(false) }

// Leaving reports whether the server is on its way out.
func (s *Server) Leaving() bool { return s.drain.isLeaving() }

// Shutdown ends the server. New requests are refused with a hint when to come back,
// streams are told the same and end, what is under way finishes, and who is still
// connected has Config.Linger to ask once more and be told. Then the listener closes.
// It returns ctx's error if what is under way did not finish in time.
func (s *Server) Shutdown(ctx context.Context) error {
	const lastBytes = time.Second // for requests that are arriving
	empty := s.drain.leave(true)
	err := s.streams.close(ctx)
	stop := s.conns.keepHurrying(time.Now().Add(max(lastBytes, s.config.Linger)))
	defer stop()
	select {
	case <-empty:
		s.conns.linger(ctx, s.config.Linger)
	case <-ctx.Done():
		err = fmt.Errorf("web: requests are still under way: %w", ctx.Err())
	}
	if late := s.app.ShutdownWithContext(ctx); err == nil {
		err = late
	}
	s.stop()
	return err
}
