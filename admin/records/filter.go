package records

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// chips says a list's filter part by part, each with a link to the list without it.
func (s *sight) chips(ctx context.Context) []shown.Chip {
	var chips []shown.Chip
	for i, part := range parts(s.address.where) {
		left := slices.Delete(slices.Clone(parts(s.address.where)), i, i+1)
		chips = append(chips, shown.Chip{
			Text: part.Sentence(s.typ.Schema),
			Without: s.address.href(func(a *address) {
				a.where, a.after = joined(left), ""
			}),
		})
	}
	if s.address.search != "" {
		chips = append(chips, shown.Chip{
			Text:    words.Say(ctx, "“%s” in any field", s.address.search),
			Without: s.address.href(func(a *address) { a.search, a.after = "", "" }),
		})
	}
	return chips
}

// parts are the conditions that all have to hold.
func parts(c *schema.Condition) []*schema.Condition {
	switch {
	case c == nil:
		return nil
	case c.Op == "all":
		return c.Subs
	}
	return []*schema.Condition{c}
}

// joined is the condition that all parts hold, nil for no part.
func joined(parts []*schema.Condition) *schema.Condition {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &schema.Condition{Op: "all", Subs: parts}
}
