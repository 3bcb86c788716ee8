package types

import (
	"context"
	"slices"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates/words"
)

// How far is looked for records that hold a choice: past either bound the page says what
// was found by then.
const (
	holdingShown = 100
	holdingTime  = 400 * time.Millisecond
)

// leaving says what happens to the records that hold a choice once it is taken away, and
// how many there are.
func (b *builder) leaving(f *studio.Field, c studio.Choice) []string {
	stay := words.Say(b.ctx, "Records that hold %s keep it: nothing in them changes. After publishing they are listed under “needs attention” until somebody chooses again.", c.Words())
	if b.work.latest() == nil || slices.Contains(f.Path, "*") {
		return []string{stay}
	}
	n, known := b.holding(f, c)
	switch {
	case n >= holdingShown:
		return []string{words.Say(b.ctx, "At least %d records hold it.", n), stay}
	case !known:
		return []string{stay}
	case n > 0:
		return []string{words.Say(b.ctx, "%d records hold it.", n), stay}
	case !b.recorded():
		return nil
	}
	return []string{words.Say(b.ctx, "No record holds it. One that a device still brings keeps it, and is listed under “needs attention” then.")}
}

// holding counts the records that hold a choice, up to holdingShown; known is false where
// that would take too long.
func (b *builder) holding(f *studio.Field, c studio.Choice) (n int, known bool) {
	op := "is"
	if f.Kind == studio.Choices {
		op = "has"
	}
	return b.count(collections.ListRequest{Where: &schema.Condition{Op: op, Field: f.Path, Value: c.Value}, Limit: holdingShown})
}

// recorded reports whether there is any record of the type, as far as can be told.
func (b *builder) recorded() bool {
	n, known := b.count(collections.ListRequest{Limit: 1})
	return n > 0 || !known
}

func (b *builder) count(r collections.ListRequest) (n int, known bool) {
	ctx, cancel := context.WithTimeout(b.ctx, holdingTime)
	defer cancel()
	page, err := b.asks.List(ctx, b.Actor(), b.work.name, r)
	if err != nil {
		return 0, false
	}
	return len(page.Documents), true
}
