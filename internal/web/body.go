package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// body is what of a request comes after its head, while it arrives. It is read to its
// end, or the connection is closed: what is left of one request would be read as the
// next.
type body struct {
	stream io.Reader
	conn   net.Conn
	length int // -1 where nobody said
	limit  int64
	read   int64
	each   time.Duration // a deadline for each piece; 0: the one of the whole request holds
	err    error         // that reading ended with, io.EOF at the end
}

// Read fails with TooLarge at the first byte beyond the limit.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if b.each > 0 {
		if err := b.conn.SetReadDeadline(time.Now().Add(b.each)); err != nil {
			return 0, b.fail(err)
		}
	}
	n, err := b.stream.Read(p)
	if b.read += int64(n); err != nil {
		return n, b.fail(err)
	}
	if b.read > b.limit {
		return 0, errTooLarge
	}
	return n, nil
}

func (b *body) fail(err error) error {
	var late net.Error
	switch {
	case errors.Is(err, io.EOF):
		b.err = io.EOF
	case errors.As(err, &late) && late.Timeout():
		b.err = fiber.ErrRequestTimeout
	default:
		b.err = fiber.ErrBadRequest
	}
	return b.err
}

// errTooLarge is told in the words of whoever reads: it says nothing by itself.
var errTooLarge = fiber.ErrRequestEntityTooLarge

// receive takes in the body of a request as it begins.
func (s *Server) receive(c *fiber.Ctx) *body {
	if !c.Request().IsBodyStream() {
		return nil
	}
	return &body{stream: c.Request().BodyStream(), conn: c.Context().Conn(), length: c.Request().Header.ContentLength(), limit: int64(s.config.BodyLimit)}
}

// hold reads a body into memory, which is where handlers find it.
func (b *body) hold(c *fiber.Ctx) error {
	if b == nil {
		return nil
	}
	if int64(b.length) > b.limit {
		return errTooLarge
	}
	var all bytes.Buffer
	if n := min(b.length, promised); n > 0 {
		all.Grow(n + bytes.MinRead)
	}
	if _, err := all.ReadFrom(b); err != nil {
		return err
	}
	c.Request().SetBodyRaw(all.Bytes())
	return nil
}

// promised is how much memory is made ready for a body because its head says that it
// comes.
const promised = 64 << 10

// How long what nobody wanted of a body is read, and how long the next piece of it is
// waited for, so that whoever sends it comes to read the answer.
const (
	drainTime  = 10 * time.Second
	drainPause = time.Second
)

// drain reads twice as much of what is left of a body as it may have, and has the
// connection closed where there is more.
func (b *body) drain(c *fiber.Ctx) {
	if b == nil || b.err == io.EOF {
		return
	}
	b.each, b.limit = drainPause, b.read+2*b.limit
	for end := time.Now().Add(drainTime); b.err == nil && time.Now().Before(end); {
		if _, err := io.CopyN(io.Discard, b, promised); err != nil {
			break
		}
	}
	if b.err != io.EOF {
		c.Context().SetConnectionClose()
	}
}

// Upload gives the body of a request to a route that has Route.Upload, to be read as it
// arrives. Reading fails with TooLarge beyond that many bytes.
func Upload(c *fiber.Ctx, mediaType string) (io.Reader, error) {
	if err := isOf(c, mediaType); err != nil {
		return nil, err
	}
	r := state(c)
	if r.body == nil {
		return bytes.NewReader(nil), nil
	}
	if int64(r.body.length) > r.body.limit {
		return nil, collections.Errorf(collections.TooLarge, "file", "The file is larger than %d MiB, which is the most that is taken here.", r.body.limit>>20)
	}
	return uploadReader{r.body}, nil
}

// uploadReader words what is too large as of a file.
type uploadReader struct{ *body }

func (r uploadReader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	if errors.Is(err, errTooLarge) {
		err = collections.Errorf(collections.TooLarge, "file", "The file is larger than %d MiB, which is the most that is taken here.", r.limit>>20)
	}
	return n, err
}

// checkEncoding refuses squeezed requests: a megabyte can unfold to a gigabyte.
func checkEncoding(c *fiber.Ctx) error {
	if encoding := c.Get(fiber.HeaderContentEncoding); encoding != "" && encoding != "identity" {
		return Errorf(fiber.StatusUnsupportedMediaType, "unsupported_encoding", "Content-Encoding",
			"Requests are read as they are: send the body without Content-Encoding.")
	}
	return nil
}

// Body gives the request's body as it came, if it says it is of the media type. The
// bytes are good until the handler returns.
func Body(c *fiber.Ctx, mediaType string) ([]byte, error) {
	if err := isOf(c, mediaType); err != nil {
		return nil, err
	}
	return c.Request().Body(), nil // never c.Body, which inflates without bound
}

// isOf refuses a body that does not say that it is of the media type.
func isOf(c *fiber.Ctx, mediaType string) error {
	got, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || got != mediaType {
		return Errorf(fiber.StatusUnsupportedMediaType, "unsupported_media_type", "Content-Type",
			"The body must be %s: send it with that Content-Type.", mediaType)
	}
	return nil
}
