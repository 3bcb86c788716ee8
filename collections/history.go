package collections

import (
	"context"

	"github.com/fieldstack/fieldstack/crdt"
)

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
