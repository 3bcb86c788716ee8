package records

import (
	"context"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// slowList is how long a list may take until the grid says why, and what helps.
const slowList = 400 * time.Millisecond

// slowSort says why a list took so long, where an index of the field that it is sorted by
// would help; nil where it took no time, or that would not help. A designer can give the
// field its index, in the draft, by the builder's own command.
func (s *sight) slowSort(ctx context.Context, a collections.Actor, took time.Duration) *shown.Slow {
	if took < slowList || len(s.address.sort) == 0 || s.address.state != "" {
		return nil
	}
	f, known := s.typ.Schema.Field(s.address.sort[0].Field)
	if !known || f.Index || f.Unique || f.Reference != "" {
		return nil
	}
	slow := &shown.Slow{Said: words.Say(ctx, "Sorting by %s reads every record, because the field has no index.", show.Label(s.typ.Schema, f.Path))}
	if a.Role.Includes(collections.Designer) && a.Scopes == nil {
		slow.Action, slow.Path = ui.TypePath(s.typ.Name)+"/form", builderPath(f.Path)
	}
	return slow
}

// builderStep escapes a step of a path as the builder reads it.
var builderStep = strings.NewReplacer("~", "~0", "/", "~1")

// builderPath is the way to a field as a form of the builder has it.
func builderPath(path []string) string {
	steps := make([]string, len(path))
	for i, key := range path {
		steps[i] = builderStep.Replace(key)
	}
	return strings.Join(steps, "/")
}
