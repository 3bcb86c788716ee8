package collections

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
)

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
