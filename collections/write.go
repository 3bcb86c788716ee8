package collections

import "context"

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
