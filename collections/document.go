package collections

import (
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Document is a record as its reader may see it. Its owner may change it.
type Document struct {
	Type          string              `json:"type"`
	ID            string              `json:"id"`
	Version       int                 `json:"version"` // of the type whose problems it lists
	Value         map[string]any      `json:"value"`
	Created       int64               `json:"created"` // ms since 1970 UTC, server's clock
	CreatedBy     string              `json:"createdBy"`
	Updated       int64               `json:"updated"`
	UpdatedBy     string              `json:"updatedBy"`
	Deleted       bool                `json:"deleted,omitempty"`
	Problems      []schema.Problem    `json:"problems,omitempty"`
	Disagreements []crdt.Disagreement `json:"disagreements,omitempty"`
}

// documentOf gives a record as whoever has the grant sees it; nil when it is not there
// for them. Only this makes documents of records.
func (e *Engine) documentOf(record *Record, g *Grant) (*Document, error) {
	value, err := valueOf(record)
	if err != nil {
		return nil, err
	}
	if !g.finds(value, record.Deleted) {
		return nil, nil
	}
	d := &Document{
		Type: record.Type, ID: record.ID, Version: record.Version,
		Value:   redactValue(value, g.Hidden),
		Created: record.Created, CreatedBy: record.CreatedBy,
		Updated: record.Updated, UpdatedBy: record.UpdatedBy,
		Deleted: record.Deleted,
	}
	if record.Attention {
		err = e.addAttention(d, record, g)
	}
	return d, err
}

// addAttention tells what a document needs attention for.
func (e *Engine) addAttention(d *Document, record *Record, g *Grant) error {
	if len(record.Problems) > 0 {
		t := e.reg.version(record.Type, record.Version)
		if t == nil { // another server looked at it under a version not heard of here yet
			t = e.reg.latest(record.Type)
		}
		t, err := e.reg.view(t, g.Hidden)
		if err != nil {
			return err
		}
		d.Problems = redactProblems(record.Problems, t, d.Value, g.Hidden)
	}
	doc, err := crdt.Decode(record.Value, record.Meta)
	if err != nil {
		return fmt.Errorf("collections: document %s/%s: %w", record.Type, record.ID, err)
	}
	d.Disagreements = redactDisagreements(doc.Disagreements(), g.Hidden)
	return nil
}

// valueOf reads a record's value; the caller owns it.
func valueOf(record *Record) (map[string]any, error) {
	v, err := crdt.ParseValue(record.Value, wholeText(record.Value))
	if err != nil {
		return nil, fmt.Errorf("collections: document %s/%s: %w", record.Type, record.ID, err)
	}
	value, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("collections: document %s/%s: its value is no object", record.Type, record.ID)
	}
	return value, nil
}
