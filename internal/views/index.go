package views

import (
	"context"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// Indexes is a store that can make looking by a field fast; [collections.Store] is one.
// The contract is the one stated there.
type Indexes interface {
	EnsureIndex(ctx context.Context, typ string, field []string) error
}

// maxIndexes is how many indexes one view may ask for: each costs every write a little.
const maxIndexes = 4

// index asks for the indexes that a shared view needs, so that its list is as fast with a
// million records as with a thousand. One's own views ask for none: what everybody pays
// for is for what everybody sees. The first time, with many records, it takes seconds in
// which others' writes wait.
func (s *Store) index(ctx context.Context, v *View) error {
	indexes, can := s.items.(Indexes)
	if !v.Shared || !can {
		return nil
	}
	for _, field := range v.Look.asksFor() {
		if err := indexes.EnsureIndex(ctx, v.Type, field); err != nil {
			return fmt.Errorf("views: index %v of %s: %w", field, v.Type, err)
		}
	}
	return nil
}

// asksFor lists the fields by which a look is found fast: what it is sorted by first, and
// what each of its records has to be.
func (l Look) asksFor() [][]string {
	if l.State != "" {
		return nil // those have an index of their own
	}
	var fields [][]string
	add := func(field []string) {
		known := slices.ContainsFunc(fields, func(f []string) bool { return slices.Equal(f, field) })
		if len(field) > 0 && !known && len(fields) < maxIndexes {
			fields = append(fields, field)
		}
	}
	if len(l.Sort) > 0 {
		add(l.Sort[0].Path)
	}
	for _, c := range required(l.Where) {
		add(c.Field)
	}
	return fields
}

// required lists the comparisons that every record of a condition passes and that an
// index can answer.
func required(c *schema.Condition) []*schema.Condition {
	if c == nil {
		return nil
	}
	switch c.Op {
	case "all":
		var all []*schema.Condition
		for _, sub := range c.Subs {
			all = append(all, required(sub)...)
		}
		return all
	case "is", "in", "above", "below", "from", "to":
		return []*schema.Condition{c}
	}
	return nil
}
