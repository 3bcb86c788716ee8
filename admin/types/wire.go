package types

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/schema"
)

// draftWire is a draft as the parts of the app on the page read it: a type as GET
// /api/_types gives it, or why it is none.
type draftWire struct {
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Title   string          `json:"title"`
	Schema  json.RawMessage `json:"schema,omitempty"`
	Fields  []schema.Field  `json:"fields,omitempty"`
	Faults  []faultWire     `json:"faults,omitempty"`
}

type faultWire struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// draftType gives the draft for the preview and the rehearsal.
func (p *pages) draftType(v *ui.Visit) error {
	w, err := p.open(v, v.Params("type"))
	if err != nil {
		return err
	}
	wire := draftWire{Name: w.name, Version: len(w.versions) + 1, Title: w.draft.Title()}
	if s := w.draft.Schema(); s != nil {
		wire.Schema, wire.Fields = s.JSON(), s.Fields()
	}
	for _, fault := range w.draft.Faults() {
		wire.Faults = append(wire.Faults, faultWire{fault.Path, show.Sentence(v.UserContext(), fault.Message)})
	}
	v.Set(fiber.HeaderCacheControl, "no-store")
	return v.JSON(wire)
}
