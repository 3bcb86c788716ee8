package collections

import (
	"context"
	"encoding/json"
)

// Draft is the edited, unpublished next version.
type Draft struct {
	Name    string          `json:"name"`
	Rev     uint64          `json:"rev"` // give it back when saving, 0 for a new draft
	Schema  json.RawMessage `json:"schema"`
	Updated int64           `json:"updated"`
	By      string          `json:"by"`
}

// SaveDraft keeps a draft (it must be JSON; it need not be a valid type yet), Exists
// if somebody else saved meanwhile. Drafts lists them. DiscardDraft removes one.
func (e *Engine) SaveDraft(ctx context.Context, a Actor, d Draft) (*Draft, error) { panic("todo") }
func (e *Engine) Drafts(ctx context.Context, a Actor) ([]*Draft, error)           { panic("todo") }
func (e *Engine) Draft(ctx context.Context, a Actor, name string) (*Draft, error) { panic("todo") }
func (e *Engine) DiscardDraft(ctx context.Context, a Actor, name string) error    { panic("todo") }
