package client

import (
	"errors"

	"github.com/fieldstack/fieldstack/schema"
)

// Error is a mistake that the person at the device, or the program that drives it,
// can mend. Codes are those of the protocol, and "offline" when no server answered.
type Error struct {
	Code     string           `json:"code"`
	Message  string           `json:"message"`
	Field    string           `json:"field,omitempty"`
	Expect   uint64           `json:"expect,omitempty"` // replica_gap: the number the server waits for
	Problems []schema.Problem `json:"-"`                // invalid: what the schema says, found on the device
	cause    error
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives what went wrong below, for logs.
func (e *Error) Unwrap() error { return e.cause }

// The codes that a device itself acts on or gives.
const (
	CodeOffline       = "offline"
	CodeInvalid       = "invalid"
	CodeNotFound      = "not_found"
	CodeForbidden     = "forbidden"
	CodeUnauthorized  = "unauthorized"
	CodeReplicaForked = "replica_forked"
	CodeReplicaGap    = "replica_gap"
	CodeResync        = "resync"
	CodeClosed        = "closed"
	CodeOutdated      = "outdated" // of a refusal: it did not fit any more when this device came back after too long
)

// HasCode reports whether err is an *Error of that code.
func HasCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

func invalid(problems []schema.Problem) *Error {
	first := problems[0]
	return &Error{Code: CodeInvalid, Message: first.Message.String(), Field: first.Path, Problems: problems}
}
