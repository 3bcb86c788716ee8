package collections

import (
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Document is a record as its reader may see it.
type Document struct {
	Type          string              `json:"type"`
	ID            string              `json:"id"`
	Version       int                 `json:"version"`
	Value         map[string]any      `json:"value"`
	Created       int64               `json:"created"`
	CreatedBy     string              `json:"createdBy"`
	Updated       int64               `json:"updated"`
	UpdatedBy     string              `json:"updatedBy"`
	Deleted       bool                `json:"deleted,omitempty"`
	Problems      []schema.Problem    `json:"problems,omitempty"`
	Disagreements []crdt.Disagreement `json:"disagreements,omitempty"`
}
