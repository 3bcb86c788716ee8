package collections

import (
	"github.com/fieldstack/fieldstack/schema"
)

// Grant is what one actor may do with one type: the resolved rules. See and the like
// are never nil.
type Grant struct {
	See, Create, Edit, Delete *schema.Condition
	Hidden, ReadOnly          map[string]bool
	Trash                     bool // may list the trash and needs attention, restore, export
}

// Grant is the one authorization function: every way in and out asks it. NotFound
// when the actor may not know the type.
func (e *Engine) Grant(a Actor, typ string) (*Grant, error) { panic("todo") }
