package collections

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
)

// Type is a published version.
type Type struct {
	Name      string         `json:"name"`
	Version   int            `json:"version"`
	Published int64          `json:"published"` // ms since 1970 UTC
	By        string         `json:"by"`
	Schema    *schema.Schema `json:"-"`
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
