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

// Role is what an account may do in general.
type Role string

// The roles, each with all that the later ones may: an owner also manages accounts
// and servers, a designer types and rules, an editor sees the trash and needs
// attention and exports; a worker does what the type's rules allow.
const (
	Owner    Role = "owner"
	Designer Role = "designer"
	Editor   Role = "editor"
	Worker   Role = "worker"
)

// Includes reports whether r may do what other may.
func (r Role) Includes(other Role) bool { panic("todo") }

// Actor is who asks.
type Actor struct {
	User string // account id
	Name string // sign-in name; what $me stands for
	Role Role
	// Scopes narrow an API token: "read", "write", "type:work-order"; nil: no narrowing.
	Scopes []string
}

// Rules say, per type, what each role may do beyond the defaults (owner, designer and
// editor: all; worker: see, create, edit and delete all). They are JSON that the
// studio edits; nil members mean the default.
type Rules struct {
	Roles map[Role]*RoleRules `json:"roles"`
}

// RoleRules are one role's rules. Conditions are on the document's value: See, Edit
// and Delete on the value as it is (Edit also as it would become), Create on the new value.
type RoleRules struct {
	See      *schema.Condition `json:"see,omitempty"`
	Create   *schema.Condition `json:"create,omitempty"`
	Edit     *schema.Condition `json:"edit,omitempty"`
	Delete   *schema.Condition `json:"delete,omitempty"`
	Hidden   []string          `json:"hidden,omitempty"`   // top-level fields that are not there for this role
	ReadOnly []string          `json:"readOnly,omitempty"` // top-level fields it may not write
}

// Grant is what one actor may do with one type: the resolved rules. See and the like
// are never nil.
type Grant struct {
	See, Create, Edit, Delete *schema.Condition
	Hidden, ReadOnly          map[string]bool
	Trash                     bool // may list the trash and needs attention, restore, export
}

// Grant is the one authorization function: every way in and out asks it. NotFound
// when the actor may not know the type.
func (e *Engine) Grant(a Actor, typ string) (*Grant, error) { panic("todo") }

// Type is a published version.
type Type struct {
	Name      string         `json:"name"`
	Version   int            `json:"version"`
	Published int64          `json:"published"` // ms since 1970 UTC
	By        string         `json:"by"`
	Schema    *schema.Schema `json:"-"`
}

// Draft is the edited, unpublished next version.
type Draft struct {
	Name    string          `json:"name"`
	Rev     uint64          `json:"rev"` // give it back when saving, 0 for a new draft
	Schema  json.RawMessage `json:"schema"`
	Updated int64           `json:"updated"`
	By      string          `json:"by"`
}

// Types lists the latest version of each type that the actor may know, by name. What
// a field rule hides is left out of the schema.
func (e *Engine) Types(ctx context.Context, a Actor) ([]*Type, error) { panic("todo") }

// Type finds one version, 0 for the latest.
func (e *Engine) Type(ctx context.Context, a Actor, name string, version int) (*Type, error) {
	panic("todo")
}

// Versions lists all versions of a type, oldest first.
func (e *Engine) Versions(ctx context.Context, a Actor, name string) ([]*Type, error) {
	panic("todo")
}

// SaveDraft keeps a draft (it must be JSON; it need not be a valid type yet), Exists
// if somebody else saved meanwhile. Drafts lists them. DiscardDraft removes one.
func (e *Engine) SaveDraft(ctx context.Context, a Actor, d Draft) (*Draft, error) { panic("todo") }
func (e *Engine) Drafts(ctx context.Context, a Actor) ([]*Draft, error)           { panic("todo") }
func (e *Engine) Draft(ctx context.Context, a Actor, name string) (*Draft, error) { panic("todo") }
func (e *Engine) DiscardDraft(ctx context.Context, a Actor, name string) error    { panic("todo") }

// Publish makes the draft the next version (1 for a new type), then looks through the
// type's documents for what the new version finds wrong; progress may be nil. A
// comparison with refused differences is an Invalid error that names the field.
func (e *Engine) Publish(ctx context.Context, a Actor, name string, progress func(done, total int)) (*Type, *schema.Comparison, error) {
	panic("todo")
}

// Preview says what publishing the draft would change.
func (e *Engine) Preview(ctx context.Context, a Actor, name string) (*schema.Comparison, error) {
	panic("todo")
}

// Rules and SetRules read and replace a type's rules. Conditions that do not fit the
// type are Invalid.
func (e *Engine) Rules(ctx context.Context, a Actor, name string) (*Rules, error)    { panic("todo") }
func (e *Engine) SetRules(ctx context.Context, a Actor, name string, r *Rules) error { panic("todo") }

// Document is a record as its reader may see it.
type Document struct {
	Type          string              `json:"type"`
	ID            string              `json:"id"`
	Version       int                 `json:"version"`
	Value         map[string]any      `json:"value"`
	Created       int64               `json:"created"`
	CreatedBy     string              `json:"createdBy"`
	Updated       int64               `json:"updated"`
	UpdatedBy     string              `json:"updatedBy"`
	Deleted       bool                `json:"deleted,omitempty"`
	Problems      []schema.Problem    `json:"problems,omitempty"`
	Disagreements []crdt.Disagreement `json:"disagreements,omitempty"`
}

// ListRequest asks for a page. Where may use $me, $now, $today.
type ListRequest struct {
	Where  *schema.Condition
	Search string
	Sort   []Sort
	After  string // of the page before: ListPage.Next
	Limit  int    // default 50, at most 1,000
	State  State
	Since  int64
	Count  bool
}

// ListPage is one page. Next is "" on the last. Total is -1 unless asked for.
type ListPage struct {
	Documents []*Document `json:"documents"`
	Next      string      `json:"next,omitempty"`
	Total     int         `json:"total"`
}

// List gives one page of the documents the actor may see. A condition, sort or
// search never depends on what the actor may not see.
func (e *Engine) List(ctx context.Context, a Actor, typ string, r ListRequest) (*ListPage, error) {
	panic("todo")
}

// Get reads one document; NotFound also for one in the trash unless the actor may see it.
func (e *Engine) Get(ctx context.Context, a Actor, typ, id string) (*Document, error) { panic("todo") }

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

// Event is one line of a document's history, as its reader may see it.
type Event struct {
	Place   string       `json:"place"` // opaque; for After
	At      int64        `json:"at"`
	By      string       `json:"by"`
	Device  crdt.Replica `json:"device"`
	N       uint64       `json:"n"`
	Stamp   crdt.Time    `json:"stamp"`
	Version int          `json:"version"`
	Fields  []FieldEvent `json:"fields"`
}

// FieldEvent is what one change did to one top-level field: the value it wrote, and
// whether that value shows now or met a newer one.
type FieldEvent struct {
	Field  string `json:"field"` // "" for the document itself: created, deleted, restored
	Label  string `json:"label"`
	Did    string `json:"did"`              // created, deleted, restored, set, removed, added, raised, lowered, text, rows, included, excluded …
	Text   string `json:"text"`             // a sentence: "Status to in_progress"
	Before any    `json:"before,omitempty"` // the field before the change, in log order
	After  any    `json:"after,omitempty"`
	Lost   bool   `json:"lost,omitempty"` // what it wrote did not become the field's value: a newer one was there
}

// History reads a document's history, oldest first; field "" for all fields. It may
// read the document's whole log. Next is "" at the end.
func (e *Engine) History(ctx context.Context, a Actor, typ, id, field, after string, limit int) (events []*Event, next string, err error) {
	panic("todo")
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

// TypeWire is a published type as it travels.
type TypeWire struct {
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Schema  json.RawMessage `json:"schema"`
	Grant   GrantWire       `json:"grant"` // so that a device can say no before it tries
}

// GrantWire is the part of a grant that a device uses.
type GrantWire struct {
	Create   bool     `json:"create"`
	ReadOnly []string `json:"readOnly,omitempty"`
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
