package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Events writes server-sent events (WHATWG HTML, 9.2). Not safe for concurrent use.
type Events struct {
	stream    *stream
	heartbeat time.Duration
}

// Stream answers with events that run writes, after the handler has returned: run
// must not touch the *fiber.Ctx. It is called with a context that ends with the
// session, the server or the reader, and shall then return.
//
// The connection is taken from fasthttp, which gets all its buffers back: 10,000 readers
// that wait for something to happen took 200 KiB each with them, and a tenth without.
// The answer ends with its connection and so has no chunks.
func Stream(c *fiber.Ctx, run func(ctx context.Context, e *Events) error) error {
	s, release, err := admit(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store, no-transform")
	c.Set("X-Accel-Buffering", "no") // nginx would otherwise hold events back
	if s == nil {
		return nil
	}
	c.Context().SetConnectionClose()
	e := &Events{stream: s, heartbeat: state(c).server.config.Heartbeat}
	head := slices.Concat(c.Response().Header.Header(), []byte("retry: 2000\n\n"))
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(net.Conn) {
		// Where fasthttp waits for the end of this function its buffers wait too.
		go func() {
			defer release()
			defer func() { _ = s.conn.Close() }()
			s.run(func(ctx context.Context) error {
				if _, err := s.Write(head); err != nil {
					return err
				}
				head = nil
				err := run(ctx, e)
				if errors.Is(context.Cause(ctx), ErrClosing) {
					return e.write(fmt.Sprintf("retry: %d\n\n", s.owner.comeBack().Milliseconds()))
				}
				return err
			})
		}()
	})
	return nil
}

// Heartbeat is how long a stream may be silent; then its writer calls Beat.
func (e *Events) Heartbeat() time.Duration { return e.heartbeat }

// Event sends one event. id is what the reader gives back as Last-Event-ID, "" to
// leave it as it was. name, id and data hold no line breaks.
func (e *Events) Event(name, id string, data []byte) error {
	return e.EventOf(name, id, func(to []byte) []byte { return append(to, data...) })
}

// eventBuffers are for putting events together, which a stream that waits has none for.
var eventBuffers = sync.Pool{New: func() any { return new([]byte) }}

// keptBuffer is the largest buffer that is used again.
const keptBuffer = 64 << 10

// EventOf is Event with data that appendTo appends to what it is given.
func (e *Events) EventOf(name, id string, appendTo func(to []byte) []byte) error {
	buffer := eventBuffers.Get().(*[]byte)
	text := append(append(append((*buffer)[:0], "event: "...), name...), '\n')
	if id != "" {
		text = append(append(append(text, "id: "...), id...), '\n')
	}
	text = append(text, "data: "...)
	before := len(text)
	text = appendTo(text)
	if strings.ContainsAny(name+id, "\r\n") || bytes.ContainsAny(text[before:], "\r\n") {
		return fmt.Errorf("web: an event holds a line break")
	}
	text = append(text, "\n\n"...)
	_, err := e.stream.Write(text)
	if cap(text) <= keptBuffer {
		*buffer = text
		eventBuffers.Put(buffer)
	}
	return err
}

// Beat shows that the stream lives, and finds out whether its reader does. An id
// moves Last-Event-ID on without an event.
func (e *Events) Beat(id string) error {
	if id == "" || strings.ContainsAny(id, "\r\n") {
		return e.write(":\n\n")
	}
	return e.write("id: " + id + "\n\n")
}

func (e *Events) write(text string) error {
	_, err := io.WriteString(e.stream, text)
	return err
}

// Download answers with a file that run writes, after the handler has returned: run
// must not touch the *fiber.Ctx. If run fails the connection is cut.
func Download(c *fiber.Ctx, name, mediaType string, run func(ctx context.Context, w io.Writer) error) error {
	s, release, err := admit(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	if s == nil {
		return nil
	}
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer release()
		s.run(func(ctx context.Context) error {
			out := &output{s, w}
			if err := run(ctx, out); err != nil {
				return err
			}
			return out.flush()
		})
	})
	return nil
}
