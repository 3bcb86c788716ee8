package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	revoked  <-chan struct{} // closed when who listens is no longer signed in
	log      *slog.Logger
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

// admit lets one more stream begin for who asks: its context ends with their session,
// with the server, or with the reader. The caller calls release when it is over. A nil
// stream is for who only asked for the head.
func admit(c *fiber.Ctx) (s *stream, release func(), err error) {
	r := state(c)
	who, err := Who(c)
	if err != nil || c.Method() == fiber.MethodHead {
		return nil, nil, err
	}
	if s, err = r.server.streams.begin(who.Actor.User, c.Context().Conn()); err != nil {
		return nil, nil, err
	}
	sessions := r.server.config.Sessions
	s.log, s.ctx = r.server.config.Log, WithRequest(s.ctx, r.id)
	revoked, unwatch := sessions.Watch(who)
	release = func() { unwatch(); s.owner.end(s) }
	// A revocation between the check of the route and Watch would go unheard.
	if _, err := sessions.Check(c.UserContext(), who); err != nil {
		release()
		return nil, nil, err
	}
	s.revoked = revoked
	return s, release, nil
}

// run runs the writer of a stream to its end. If it fails the connection is closed, so
// that nobody takes a part of an answer for all of it.
func (s *stream) run(write func(ctx context.Context) error) {
	go s.listen()
	if err := s.guard(write); err != nil {
		if !errors.Is(err, ErrReader) && context.Cause(s.ctx) == nil {
			s.log.ErrorContext(s.ctx, "stream failed", "error", err)
		}
		_ = s.conn.Close()
	}
}

// listen ends the stream when the session does.
func (s *stream) listen() {
	select {
	case <-s.revoked:
		s.cancel(ErrRevoked)
	case <-s.ctx.Done():
	}
}

// guard runs the writer and makes a panic an error: here nobody else would catch it.
func (s *stream) guard(write func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return write(s.ctx)
}

// Write sends p to the reader, who has a limited time to take it. It fails with
// ErrReader when they did not.
func (s *stream) Write(p []byte) (int, error) {
	if err := s.extend(); err != nil {
		return 0, err
	}
	n, err := s.conn.Write(p)
	if err != nil {
		return n, errors.Join(ErrReader, err)
	}
	return n, nil
}

// extend gives the connection a deadline of its own for each piece: the server's
// WriteTimeout is one for the whole answer.
func (s *stream) extend() error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(s.patience)); err != nil {
		return errors.Join(ErrReader, err)
	}
	return nil
}

// output writes a body that fasthttp sends, in its chunks.
type output struct {
	stream *stream
	w      *bufio.Writer
}

// Write passes p on. It fails with ErrReader when the reader did not take what went
// before in time.
func (o *output) Write(p []byte) (int, error) {
	if err := o.stream.extend(); err != nil {
		return 0, err
	}
	n, err := o.w.Write(p)
	if err != nil {
		return n, errors.Join(ErrReader, err)
	}
	return n, nil
}

func (o *output) flush() error {
	if err := o.stream.extend(); err != nil {
		return err
	}
	if err := o.w.Flush(); err != nil {
		return errors.Join(ErrReader, err)
	}
	return nil
}
