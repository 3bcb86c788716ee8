package collections

import (
	"encoding/json"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// TypeWire is a published type as it travels. Fields is the plan that the schema makes:
// a device that cannot work it out itself reads it here.
type TypeWire struct {
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Schema  json.RawMessage `json:"schema"`
	Fields  []schema.Field  `json:"fields"`
	Grant   GrantWire       `json:"grant"` // so that a device can say no before it tries
}

// GrantWire is the part of a grant that a device uses.
type GrantWire struct {
	Create   bool     `json:"create"`
	ReadOnly []string `json:"readOnly,omitempty"` // sorted
}

// wireType gives a version as it travels to whoever has the grant.
func (e *Engine) wireType(t *Type, g *Grant) (TypeWire, error) {
	seen, err := e.reg.view(t, g.Hidden)
	if err != nil {
		return TypeWire{}, err
	}
	return TypeWire{seen.Name, seen.Version, json.RawMessage(seen.Schema.JSON()), seen.Schema.Fields(), g.wire()}, nil
}

// wire gives the part of the grant that a device uses.
func (g *Grant) wire() GrantWire {
	w := GrantWire{Create: !isNever(g.Create)}
	for key := range g.ReadOnly {
		if !g.Hidden[key] {
			w.ReadOnly = append(w.ReadOnly, key)
		}
	}
	slices.Sort(w.ReadOnly)
	return w
}
