package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// Why a stream's context ended, as context.Cause tells it.
var (
	ErrClosing = errors.New("web: the server is shutting down")
	ErrRevoked = errors.New("web: who listens is no longer signed in")
	ErrReader  = errors.New("web: the reader is gone, or does not read")
)

// streams knows every open stream, so that there are not too many, and so that a
// shutdown can end them: Fiber's own waits for them for ever.
type streams struct {
	config Config
	base   context.Context

	mu      sync.Mutex // guards all below
	open    map[*stream]struct{}
	each    map[string]int // by account
	closing bool
	sent    int           // readers that were told when to come back
	empty   chan struct{} // closed when closing and none is open
}

// stream is one answer that is still being written.
type stream struct {
	owner    *streams
	account  string
	conn     net.Conn
	ctx      context.Context
	cancel   context.CancelCauseFunc
	patience time.Duration
}

func newStreams(base context.Context, c Config) *streams {
	return &streams{
		config: c, base: base, open: make(map[*stream]struct{}), each: make(map[string]int),
		empty: make(chan struct{}),
	}
}

// begin admits one more stream.
func (l *streams) begin(account string, conn net.Conn) (*stream, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closing:
		return nil, collections.Errorf(collections.Unavailable, "", "The server is shutting down: come back in a moment.")
	case len(l.open) >= l.config.MaxStreams:
		return nil, collections.Errorf(collections.Unavailable, "", "The server has as many live readers as it takes: try again in a moment.")
	case l.each[account] >= l.config.MaxStreamsEach:
		return nil, collections.Errorf(collections.TooMany, "", "This account has %d live readers already: close one.", l.each[account])
	}
	s := &stream{owner: l, account: account, conn: conn, patience: l.config.StreamPatience}
	s.ctx, s.cancel = context.WithCancelCause(l.base)
	l.open[s] = struct{}{}
	l.each[account]++
	return s, nil
}

func (l *streams) end(s *stream) {
	s.cancel(ErrReader)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, s)
	if l.each[s.account]--; l.each[s.account] == 0 {
		delete(l.each, s.account)
	}
	if !l.closing {
		return
	}
	// Its last bytes may still be on their way to a reader who does not read.
	_ = s.conn.SetWriteDeadline(time.Now().Add(politely))
	if len(l.open) == 0 {
		close(l.empty)
	}
}

// politely is how long a reader has to take the end of its stream when the server shuts down.
const politely = time.Second

// close ends all streams: politely, then, for those whose reader does not read, by
// closing the connection.
func (l *streams) close(ctx context.Context) error {
	if l.cancelAll() {
		return nil
	}
	select {
	case <-l.empty:
		return nil
	case <-time.After(politely):
	case <-ctx.Done():
	}
	l.mu.Lock()
	for s := range l.open {
		_ = s.conn.Close() // its writer then fails, which is what ends it
	}
	l.mu.Unlock()
	select {
	case <-l.empty:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("web: close the streams: %w", ctx.Err())
	}
}

// comeBack is after what time a reader whose stream the server ends should ask again:
// each has its own, so that they do not all come at once.
func (l *streams) comeBack() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	return time.Second + time.Duration(l.sent*617%5000)*time.Millisecond
}

// cancelAll tells all streams to end, and whether there are none.
func (l *streams) cancelAll() (none bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return len(l.open) == 0
	}
	l.closing = true
	for s := range l.open {
		s.cancel(ErrClosing)
	}
	if len(l.open) == 0 {
		close(l.empty)
		return true
	}
	return false
}

// Streams counts those that are open.
func (s *Server) Streams() int {
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	return len(s.streams.open)
}

// startStream makes the answer one that run writes after the handler has returned.
// run's context ends with the session of who asked, with the server, or with the
// reader. If run fails the connection is closed, so that nobody takes a part of an
// answer for all of it.
func startStream(c *fiber.Ctx, run func(ctx context.Context, out *output) error) error {
	r := state(c)
	who, err := Who(c)
	if err != nil {
		return err
	}
	if c.Method() == fiber.MethodHead {
		return nil
	}
	s, err := r.server.streams.begin(who.Actor.User, c.Context().Conn())
	if err != nil {
		return err
	}
	sessions, log, id := r.server.config.Sessions, r.server.config.Log, r.id
	revoked, unwatch := sessions.Watch(who)
	// A revocation between the check of the route and Watch would go unheard.
	if _, err := sessions.Check(c.UserContext(), who); err != nil {
		unwatch()
		s.owner.end(s)
		return err
	}
	release := func() { unwatch(); s.owner.end(s) }
	// From here on the Ctx must not be touched: it is used again by other requests.
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer release()
		go s.listen(revoked)
		if err := s.guard(run, w); err != nil {
			if !errors.Is(err, ErrReader) && context.Cause(s.ctx) == nil {
				log.Error("stream failed", "id", id, "error", err)
			}
			_ = s.conn.Close()
		}
	})
	return nil
}

// listen ends the stream when the session does.
func (s *stream) listen(revoked <-chan struct{}) {
	select {
	case <-revoked:
		s.cancel(ErrRevoked)
	case <-s.ctx.Done():
	}
}

// guard runs the writer and makes a panic an error: here nobody else would catch it.
func (s *stream) guard(run func(context.Context, *output) error, w *bufio.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return run(s.ctx, &output{stream: s, w: w})
}

// output writes to a reader, who has a limited time to take each piece.
type output struct {
	stream *stream
	w      *bufio.Writer
}

// Write passes p on. It fails with ErrReader when the reader did not take what went
// before in time.
func (o *output) Write(p []byte) (int, error) {
	if err := o.extend(); err != nil {
		return 0, err
	}
	n, err := o.w.Write(p)
	if err != nil {
		return n, errors.Join(ErrReader, err)
	}
	return n, nil
}

func (o *output) flush() error {
	if err := o.extend(); err != nil {
		return err
	}
	if err := o.w.Flush(); err != nil {
		return errors.Join(ErrReader, err)
	}
	return nil
}

// extend gives the connection a deadline of its own for each piece: the server's
// WriteTimeout is one for the whole answer.
func (o *output) extend() error {
	if err := o.stream.conn.SetWriteDeadline(time.Now().Add(o.stream.patience)); err != nil {
		return errors.Join(ErrReader, err)
	}
	return nil
}
