package collections

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// Code says what kind of mistake an Error is; the edges map it to a status.
type Code string

// The codes.
const (
	Invalid       Code = "invalid"        // the request or a value is wrong: Field says where
	Unauthorized  Code = "unauthorized"   // not signed in, or no longer
	Forbidden     Code = "forbidden"      // signed in, but may not
	NotFound      Code = "not_found"      // not there, or not to be seen
	Exists        Code = "conflict"       // is there already, or moved on meanwhile
	TooLarge      Code = "too_large"      // over a limit that the message names
	ReplicaForked Code = "replica_forked" // the number was used for another change: take a new replica id
	ReplicaGap    Code = "replica_gap"    // numbers are missing before this one
	LeansOn       Code = "leans_on"       // builds on a change that was refused
	Resync        Code = "resync"         // the cursor is of another history: start without one
	Unsure        Code = "unsure"         // it may have come in before, too long ago to tell
	TooMany       Code = "too_many"       // slow down: retry later
	Unavailable   Code = "unavailable"    // the server is stopping or its store fails: retry later
)

// Error is a mistake that whoever asked can mend, or must know. Every other error is
// the server's own fault and never shown.
type Error struct {
	Code    Code            `json:"code"`
	Message schema.Sentence `json:"message"`          // one that a person can act on
	Field   string          `json:"field,omitempty"`  // JSON Pointer or member name
	Expect  uint64          `json:"expect,omitempty"` // ReplicaGap: the number the server waits for
}

func (e *Error) Error() string { return e.Message.String() }

// Keep is the error as JSON to be kept: read back it can be said in every language.
func (e *Error) Keep() json.RawMessage {
	text, err := json.Marshal(struct {
		*Error
		Message json.RawMessage `json:"message"`
	}{e, e.Message.Keep()})
	if err != nil {
		panic("collections: an error is always JSON: " + err.Error())
	}
	return text
}

// Says is what the error says, so that it can stand within another sentence.
func (e *Error) Says() schema.Sentence { return e.Message }

// Errorf makes an Error of a text as [schema.Says] takes it; an error among args is put
// in as what it says.
func Errorf(code Code, field, format string, args ...any) *Error {
	return &Error{Code: code, Field: field, Message: schema.WithErrors(format, args...)}
}

// Refuse makes an Error of a sentence.
func Refuse(code Code, field string, message schema.Sentence) *Error {
	return &Error{Code: code, Field: field, Message: message}
}

// Errors of a Store.
var (
	ErrNotFound = errors.New("collections: not found")
	ErrStale    = errors.New("collections: somebody else wrote it meanwhile")
	ErrTaken    = errors.New("collections: log number taken")
	ErrTrimmed  = errors.New("collections: the log begins later")
)

// StaleError names the documents of a batch that somebody else moved on meanwhile.
type StaleError struct{ Keys []Key }

func (e *StaleError) Error() string {
	ids := make([]string, len(e.Keys))
	for i, k := range e.Keys {
		ids[i] = k.Type + "/" + k.ID
	}
	return "collections: moved on meanwhile: " + strings.Join(ids, ", ")
}

// Is makes errors.Is(err, ErrStale) true.
func (e *StaleError) Is(target error) bool { return target == ErrStale }
