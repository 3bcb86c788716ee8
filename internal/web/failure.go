package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// statusOf says what each code is in HTTP. Both edges use it.
var statusOf = map[collections.Code]int{
	collections.Invalid:       fiber.StatusBadRequest,
	collections.Unauthorized:  fiber.StatusUnauthorized,
	collections.Forbidden:     fiber.StatusForbidden,
	collections.NotFound:      fiber.StatusNotFound,
	collections.Exists:        fiber.StatusConflict,
	collections.TooLarge:      fiber.StatusRequestEntityTooLarge,
	collections.ReplicaForked: fiber.StatusConflict,
	collections.ReplicaGap:    fiber.StatusConflict,
	collections.LeansOn:       fiber.StatusConflict,
	collections.Resync:        fiber.StatusGone,
	collections.TooMany:       fiber.StatusTooManyRequests,
	collections.Unavailable:   fiber.StatusServiceUnavailable,
}

// Failure is an error with a status that no code of the engine has.
type Failure struct {
	Status int
	Err    *collections.Error
}

func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap gives the error that is shown.
func (f *Failure) Unwrap() error { return f.Err }

// Errorf makes a Failure.
func Errorf(status int, code collections.Code, field, format string, args ...any) *Failure {
	return &Failure{Status: status, Err: collections.Errorf(code, field, format, args...)}
}

// Status gives the HTTP status and the error to show for any error, and whether it is
// the server's own fault: then what is shown says nothing of it.
func (s *Server) Status(err error) (status int, shown *collections.Error, ours bool) {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure.Status, failure.Err, false
	}
	var known *collections.Error
	if errors.As(err, &known) {
		if status, ok := statusOf[known.Code]; ok {
			return status, known, false
		}
	}
	var fibers *fiber.Error
	if errors.As(err, &fibers) && fibers.Code < 500 {
		f := s.translate(fibers)
		return f.Status, f.Err, false
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fiber.StatusServiceUnavailable, collections.Errorf(collections.Unavailable, "", "The server did not come to it in time: try again."), true
	}
	return fiber.StatusInternalServerError, collections.Errorf("internal", "", "Something went wrong in the server: try again, and name the request id to who runs it."), true
}

// translate says in our words what Fiber and fasthttp refuse by themselves.
func (s *Server) translate(e *fiber.Error) *Failure {
	switch e.Code {
	case fiber.StatusNotFound:
		return Errorf(e.Code, collections.NotFound, "", "There is nothing at this address: see /api/openapi.json for what there is.")
	case fiber.StatusMethodNotAllowed:
		return Errorf(e.Code, "method_not_allowed", "", "This address does not take that method: see the header Allow.")
	case fiber.StatusRequestEntityTooLarge:
		return Errorf(e.Code, collections.TooLarge, "", "The request is larger than %d bytes: send it in parts.", s.config.BodyLimit)
	case fiber.StatusRequestHeaderFieldsTooLarge:
		return Errorf(e.Code, collections.TooLarge, "", "The headers are larger than %d bytes: send fewer, or clear the cookies of this site.", headerBuffer)
	case fiber.StatusRequestTimeout:
		return Errorf(e.Code, "timeout", "", "The request did not arrive in time: send it again.")
	}
	return Errorf(fiber.StatusBadRequest, collections.Invalid, "", "The request is not well-formed HTTP: send it again.")
}

// fail answers an error, and logs it once if it is our own.
func (s *Server) fail(c *fiber.Ctx, err error) {
	status, shown, ours := s.Status(err)
	r := state(c)
	switch {
	case ours:
		s.log(c, slog.LevelError, "request failed", status, slog.Any("error", err))
	case status >= 500 && !errors.Is(err, errStopping):
		s.log(c, slog.LevelWarn, "request could not be served", status, slog.Any("error", err))
	}
	c.Response().ResetBody()
	setRetry(c, status, err)
	if status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	if r.route != nil && r.route.Fail != nil {
		failed := r.route.Fail(c, status, shown)
		if failed == nil {
			return
		}
		s.log(c, slog.LevelError, "an error could not be shown", status, slog.Any("error", failed))
	}
	if err := JSON(c, status, map[string]any{"error": shown}); err != nil {
		c.Status(fiber.StatusInternalServerError)
	}
}

// setRetry says when to come back, to who has to wait.
func setRetry(c *fiber.Ctx, status int, err error) {
	var waits interface{ RetryAfter() time.Duration }
	switch {
	case errors.As(err, &waits):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(waits.RetryAfter()/time.Second)))
	case status == fiber.StatusServiceUnavailable, status == fiber.StatusTooManyRequests:
		c.Set(fiber.HeaderRetryAfter, "5")
	}
}

// failBeforeRouting answers what fasthttp refused before any of our code ran.
func (s *Server) failBeforeRouting(c *fiber.Ctx, err error) error {
	r := &request{server: s, id: s.requestID(c), begun: s.config.Now()}
	c.Locals(stateKey{}, r)
	s.setHeaders(c, r.id)
	s.fail(c, err)
	s.logAccess(c, r)
	return nil
}

// JSON answers with a value. One that has a way of its own to write itself, AppendJSON,
// is written that way.
func JSON(c *fiber.Ctx, status int, v any) error {
	var body []byte
	var err error
	if own, ok := v.(interface {
		AppendJSON(to []byte) ([]byte, error)
	}); ok {
		body, err = own.AppendJSON(nil)
	} else {
		body, err = json.Marshal(v)
	}
	if err != nil {
		return fmt.Errorf("web: write the answer: %w", err)
	}
	c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	c.Status(status).Response().SetBodyRaw(body)
	return nil
}
