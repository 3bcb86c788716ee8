package collections

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
)

// Rules say, per type, what each role may do beyond the defaults (owner, designer and
// editor: all; worker: see, create, edit and delete all). They are JSON that the
// studio edits; nil members mean the default.
type Rules struct {
	Roles map[Role]*RoleRules `json:"roles"`
}

// RoleRules are one role's rules. Conditions are on the document's value: See, Edit
// and Delete on the value as it is (Edit also as it would become), Create on the new value.
type RoleRules struct {
	See      *schema.Condition `json:"see,omitempty"`
	Create   *schema.Condition `json:"create,omitempty"`
	Edit     *schema.Condition `json:"edit,omitempty"`
	Delete   *schema.Condition `json:"delete,omitempty"`
	Hidden   []string          `json:"hidden,omitempty"`   // top-level fields that are not there for this role
	ReadOnly []string          `json:"readOnly,omitempty"` // top-level fields it may not write
}

// Rules and SetRules read and replace a type's rules. Conditions that do not fit the
// type are Invalid.
func (e *Engine) Rules(ctx context.Context, a Actor, name string) (*Rules, error)    { panic("todo") }
func (e *Engine) SetRules(ctx context.Context, a Actor, name string, r *Rules) error { panic("todo") }
