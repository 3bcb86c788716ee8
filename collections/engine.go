package collections

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Config is what an engine is made of. Store is required; the engine closes it.
type Config struct {
	Store  Store
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger     // default: discarded
}

// Engine is one server's engine. Safe for concurrent use.
type Engine struct {
	// TODO(collections)
}

// Open brings the store level with its log, reads the types and starts the committer.
func Open(ctx context.Context, c Config) (*Engine, error) { panic("todo") }

// Close refuses new work (Unavailable), finishes what is under way, and closes the
// store.
func (e *Engine) Close(ctx context.Context) error { panic("todo") }

// Create makes a document; id "" makes a UUIDv7. The value must be valid as a whole.
func (e *Engine) Create(ctx context.Context, a Actor, typ, id string, value map[string]any) (*Document, error) {
	panic("todo")
}

// Patch makes one change of only the fields that differ: members of patch replace,
// null removes (RFC 7396 at the top level and inside objects that are maps). Replace
// makes the whole value equal.
func (e *Engine) Patch(ctx context.Context, a Actor, typ, id string, patch map[string]any) (*Document, error) {
	panic("todo")
}
func (e *Engine) Replace(ctx context.Context, a Actor, typ, id string, value map[string]any) (*Document, error) {
	panic("todo")
}

// Delete puts a document in the trash; Restore takes it out.
func (e *Engine) Delete(ctx context.Context, a Actor, typ, id string) error { panic("todo") }
func (e *Engine) Restore(ctx context.Context, a Actor, typ, id string) (*Document, error) {
	panic("todo")
}

// Write is one of a batch: added (Value whole), modified (Value is a patch) or removed.
type Write struct {
	ID     string
	Value  map[string]any
	Remove bool
	Modify bool
}

// WriteAll does many writes of one type, sharing commits; the result has one
// document or error for each, in order.
func (e *Engine) WriteAll(ctx context.Context, a Actor, typ string, writes []Write) ([]WriteResult, error) {
	panic("todo")
}

// WriteResult is what became of one Write.
type WriteResult struct {
	ID       string    `json:"id"`
	Document *Document `json:"document,omitempty"`
	Error    *Error    `json:"error,omitempty"`
}

// Subscription is what a device wants of one type.
type Subscription struct {
	Type  string            `json:"type"`
	Where *schema.Condition `json:"where,omitempty"`
}

// SyncRequest is one round trip: push, then pull.
type SyncRequest struct {
	Replica   crdt.Replica
	Cursor    string
	Subscribe []Subscription // nil: every type the actor may know
	Changes   []*crdt.Change
	Errors    []*Error // for each of Changes that could not be read: its error, else nil; may be nil
	Limit     int      // documents and changes in the answer, default 1,000
}

// SyncResponse is the answer. Its JSON is the protocol of the design's section 4.
type SyncResponse struct {
	Results   []Result        `json:"results"`
	Reset     bool            `json:"reset,omitempty"` // first page of a whole sync: what is confirmed and not sent again is gone
	Types     []TypeWire      `json:"types"`
	Changes   []*ChangeWire   `json:"changes"`
	Documents []*DocumentWire `json:"documents"`
	Forget    []Key           `json:"forget"`
	Cursor    string          `json:"cursor"`
	More      bool            `json:"more"`
	Now       int64           `json:"now"` // server's clock, ms since 1970 UTC
	Epoch     string          `json:"epoch"`
}

// Result answers one change.
type Result struct {
	N     uint64    `json:"n"`
	OK    bool      `json:"ok"`
	Stamp crdt.Time `json:"stamp,omitzero"` // accepted: the one the log holds
	Error *Error    `json:"error,omitempty"`
}

// ChangeWire is an accepted change as it travels: the change itself.
type ChangeWire struct{ Change *crdt.Change }

// MarshalJSON is the change's canonical JSON.
func (c *ChangeWire) MarshalJSON() ([]byte, error) { return crdt.AppendChange(nil, c.Change), nil }

// DocumentWire is a whole document as it travels: value and meta are the same
// snapshot, meta base64 in JSON.
type DocumentWire struct {
	Type      string          `json:"type"`
	ID        string          `json:"id"`
	Value     json.RawMessage `json:"value"`
	Meta      []byte          `json:"meta"`
	Deleted   bool            `json:"deleted,omitempty"`
	Created   int64           `json:"created"`
	CreatedBy string          `json:"createdBy"`
	Updated   int64           `json:"updated"`
	UpdatedBy string          `json:"updatedBy"`
}

// Sync pushes and pulls. An error is about the request as a whole (ReplicaForked,
// ReplicaGap, Forbidden, Resync, …); each change has its own answer in Results.
func (e *Engine) Sync(ctx context.Context, a Actor, r *SyncRequest) (*SyncResponse, error) {
	panic("todo")
}

// Pull is Sync without changes, for live readers: what the log has after the cursor.
func (e *Engine) Pull(ctx context.Context, a Actor, cursor string, subscribe []Subscription, limit int) (*SyncResponse, error) {
	panic("todo")
}

// Wait returns when the log may have moved past the cursor, or ctx ends.
func (e *Engine) Wait(ctx context.Context, cursor string) error { panic("todo") }

// Backup writes a consistent copy of the store. Owner only.
func (e *Engine) Backup(ctx context.Context, a Actor, w io.Writer, progress func(done, total int64)) error {
	panic("todo")
}

// Stats are counts since the engine was opened, for metrics.
type Stats struct {
	Accepted, Refused, Repeated, Commits, Restamped uint64
	CommitSeconds                                   float64
	Head                                            Position
}

// Stats reads the counts.
func (e *Engine) Stats() Stats { panic("todo") }

// Store gives the store, for those who keep accounts in it. They use Items only.
func (e *Engine) Store() Store { panic("todo") }
