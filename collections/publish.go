package collections

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
)

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
