package web

import (
	"context"
	"encoding/hex"
	"io"
	"log/slog"

	"github.com/gofiber/fiber/v2"
)

// requestKey is what the request id in a context is known by.
type requestKey struct{}

// requestAttr is what it is called in the log.
const requestAttr = "request"

// WithRequest gives a context that acts for the request of that id: what is logged with it
// says so, if the log is one of [LogRequests].
func WithRequest(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the id of the request that a context acts for; "" for none.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// LogRequests gives a handler that adds to each record the request that its context acts
// for.
func LogRequests(next slog.Handler) slog.Handler {
	if already, is := next.(requestLog); is {
		return already
	}
	return requestLog{next}
}

// requestLog is a handler of LogRequests.
type requestLog struct{ slog.Handler }

// Handle implements [slog.Handler].
func (h requestLog) Handle(ctx context.Context, record slog.Record) error {
	if id := RequestOf(ctx); id != "" {
		record = record.Clone()
		record.AddAttrs(slog.String(requestAttr, id))
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs implements [slog.Handler].
func (h requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (h requestLog) WithGroup(name string) slog.Handler {
	return requestLog{h.Handler.WithGroup(name)}
}

// mostID is how long an id that comes from a proxy may be.
const mostID = 64

// requestID is the id of a request: the one that a trusted proxy gave it, if that is one,
// else a new one. It is the same in the answer, in the log and, so, in the proxy's log.
func (s *Server) requestID(c *fiber.Ctx) string {
	if given := c.Get(fiber.HeaderXRequestID); given != "" && isRequestID(given) && s.trusts(peer(c)) {
		return given
	}
	s.random.Lock()
	defer s.random.Unlock()
	b := make([]byte, 8)
	if _, err := io.ReadFull(s.config.Random, b); err != nil {
		s.config.Log.Error("web: random", "error", err)
	}
	return hex.EncodeToString(b)
}

// isRequestID reports whether a text may be an id: letters, digits and - _ . alone, which
// is nothing that a log or a header could read as something else.
func isRequestID(text string) bool {
	if text == "" || len(text) > mostID {
		return false
	}
	for _, b := range []byte(text) {
		if !pathByte(b) || b == '/' || b == '~' {
			return false
		}
	}
	return true
}
