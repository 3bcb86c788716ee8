package collections

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Refusal is a pushed change that was refused, as an editor may see it: what somebody
// tried, why it did not come in, and what it would make of the record as it is now. The
// device that sent it has it too.
//
// At most MaxRefusals are kept, MaxRefusalsEach of one account and MaxRefusalBytes of
// all; the oldest go first.
type Refusal struct {
	ID      string          `json:"id"` // opaque
	Type    string          `json:"type"`
	Doc     string          `json:"doc"`
	At      int64           `json:"at"` // ms since 1970 UTC, when it was refused
	By      string          `json:"by"` // sign-in name of who tried
	Device  crdt.Replica    `json:"device"`
	N       uint64          `json:"n"`
	Done    int64           `json:"done"` // ms since 1970 UTC, when it was done, by the device's clock
	Version int             `json:"version"`
	Error   *Error          `json:"error"`            // the answer that the device got
	Did     string          `json:"did"`              // created, deleted, restored or changed
	There   bool            `json:"there"`            // the record is there now
	Now     map[string]any  `json:"now"`              // the value of the record as it is; empty where it is not there
	Wanted  map[string]any  `json:"wanted"`           // and with this change
	Fields  []RefusedField  `json:"fields,omitempty"` // that it writes, in the order of its operations
	Stuck   schema.Sentence `json:"stuck,omitzero"`   // why it cannot be applied as it is; empty: it can, unless the type or a rule is against it
}

// RefusedField is one top-level field that a refused change writes.
type RefusedField struct {
	Field string `json:"field"`
	Label string `json:"label"`
	// Wrote is what it says about the field, where that cannot be applied: values and
	// pieces of text, so that they can be copied.
	Wrote []any `json:"wrote,omitempty"`
}

// The bounds of a page of refusals.
const (
	defaultRefusals = 50
	maxRefusalPage  = 200
)

// Refusals lists the refused changes of a type, "" for all that the actor may know,
// newest first. after is the id of the last one of the page before; limit 0 means 50, it
// is at most 200. next is "" at the end. Only an editor sees refusals, and of them those
// of records and fields that he may see. Forbidden where that is none of the type's.
func (e *Engine) Refusals(ctx context.Context, a Actor, typ, after string, limit int) (found []*Refusal, next string, err error) {
	if limit < 0 || limit > maxRefusalPage {
		return nil, "", Errorf(Invalid, "limit", "A page has 1 to %d refused changes, not %d.", maxRefusalPage, limit)
	}
	if limit == 0 {
		limit = defaultRefusals
	}
	if typ != "" {
		if err := e.maySeeRefusals(a, typ); err != nil {
			return nil, "", err
		}
	}
	found = []*Refusal{}
	for _, head := range e.refused.list(typ, after) {
		seen, err := e.refusalOf(ctx, a, head)
		if err != nil {
			return nil, "", err
		}
		if seen == nil {
			continue
		}
		if len(found) == limit {
			return found, found[limit-1].ID, nil
		}
		found = append(found, seen)
	}
	return found, "", nil
}

func (e *Engine) maySeeRefusals(a Actor, typ string) error {
	g, err := e.grant(a, typ)
	if err == nil && !g.Trash {
		err = Errorf(Forbidden, "", "Only an editor sees changes that were refused.")
	}
	return err
}

// Refusal reads one; NotFound also for one that is not the actor's to see.
func (e *Engine) Refusal(ctx context.Context, a Actor, id string) (*Refusal, error) {
	if head, kept := e.refused.find(id); kept {
		if seen, err := e.refusalOf(ctx, a, head); seen != nil || err != nil {
			return seen, err
		}
	}
	return nil, noRefusal()
}

func noRefusal() *Error {
	return Errorf(NotFound, "", "There is no such refused change any more: it was dealt with, or it was too old to be kept.")
}

// refusalOf gives a refusal as the actor may see it; nil where he may not.
func (e *Engine) refusalOf(ctx context.Context, a Actor, head refusedHead) (*Refusal, error) {
	g, err := e.grant(a, head.Type)
	if err != nil || !g.Trash {
		return nil, nil
	}
	item, err := e.store.Item(ctx, kindRefused, head.id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("collections: reading a refused change: %w", err)
	}
	kept, err := readRefusal(item)
	if err != nil {
		return nil, err
	}
	doc, err := e.storedDocument(ctx, Key{kept.change.Type, kept.change.Doc})
	if err != nil {
		return nil, err
	}
	return e.showRefusal(head.id, kept, doc, g)
}

// storedDocument reads a document as it is; one that is not there is empty.
func (e *Engine) storedDocument(ctx context.Context, key Key) (*crdt.Document, error) {
	record, err := e.store.Record(ctx, key.Type, key.ID)
	if errors.Is(err, ErrNotFound) {
		return crdt.NewDocument(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("collections: read %s/%s: %w", key.Type, key.ID, err)
	}
	doc, err := crdt.Decode(record.Value, record.Meta)
	if err != nil {
		return nil, fmt.Errorf("collections: document %s/%s: %w", key.Type, key.ID, err)
	}
	return doc, nil
}

// showRefusal redacts; nil when nothing is left to see.
func (e *Engine) showRefusal(id string, kept *keptRefusal, doc *crdt.Document, g *Grant) (*Refusal, error) {
	c := kept.change
	after, stuck := kept.upon(doc)
	judged := doc
	if !doc.Exists() {
		judged = after
	}
	seen := redactChange(c, g.Hidden)
	if seen == nil || !g.sees(judged.Value()) {
		return nil, nil
	}
	t, err := e.reg.view(e.reg.latest(c.Type), g.Hidden)
	if err != nil {
		return nil, err
	}
	r := &Refusal{
		ID: id, Type: c.Type, Doc: c.Doc, At: kept.At, By: kept.By, Device: c.Replica, N: c.N, Done: c.Stamp.Millis(), Version: c.Version,
		Error: redactRefusal(kept.why, len(seen.Ops) < len(c.Ops), g.Hidden), Did: didOf(c), There: doc.Exists(),
		Now: redactValue(doc.Value(), g.Hidden), Wanted: redactValue(after.Value(), g.Hidden),
		Fields: refusedFields(seen, t.Schema, !stuck.IsEmpty()), Stuck: stuck,
	}
	return r, nil
}

// redactRefusal gives why a change was refused to somebody from whom fields are hidden:
// not in its own words where these are, or may be, about one of them.
func redactRefusal(e *Error, part bool, hidden map[string]bool) *Error {
	about := pointerPath(e.Field)
	if len(hidden) == 0 || !part && len(about) > 0 && e.Field[0] == '/' && !hides(hidden, about) {
		return e
	}
	if !part && e.Code != Invalid && e.Code != LeansOn && len(about) == 0 {
		return e // about the record as a whole: our own words
	}
	return Errorf(e.Code, "", "The reason has to do with fields that you may not see: ask somebody who may.")
}

// didOf says in one word what a change was to do to its document.
func didOf(c *crdt.Change) string {
	switch {
	case has(c.Ops, crdt.OpCreate):
		return didCreate
	case has(c.Ops, crdt.OpDelete):
		return didDelete
	case has(c.Ops, crdt.OpRestore):
		return didRestore
	}
	return didSeveral
}

// refusedFields lists the top-level fields that a change writes, with what it wrote
// where that is asked for.
func refusedFields(c *crdt.Change, s *schema.Schema, wrote bool) []RefusedField {
	var fields []RefusedField
	for i := range c.Ops {
		op := &c.Ops[i]
		if len(op.Path) == 0 {
			continue
		}
		at := slices.IndexFunc(fields, func(f RefusedField) bool { return f.Field == op.Path[0] })
		if at < 0 {
			field := RefusedField{Field: op.Path[0], Label: op.Path[0]}
			if known, there := s.Field(op.Path[:1]); there {
				field.Label = known.Title
			}
			fields, at = append(fields, field), len(fields)
		}
		switch {
		case !wrote || op.Kind == crdt.OpEnsure:
		case op.Text != "":
			fields[at].Wrote = append(fields[at].Wrote, op.Text)
		case op.Has:
			fields[at].Wrote = append(fields[at].Wrote, op.Value)
		}
	}
	return fields
}

// CountRefusals counts what Refusals would list of a type, up to most.
func (e *Engine) CountRefusals(ctx context.Context, a Actor, typ string, most int) (n int, err error) {
	if err := e.maySeeRefusals(a, typ); err != nil {
		return 0, err
	}
	g, err := e.grant(a, typ)
	if err != nil {
		return 0, err
	}
	for _, head := range e.refused.list(typ, "") {
		if n >= most {
			break
		}
		if g.seesAll() {
			n++
			continue
		}
		if seen, err := e.refusalOf(ctx, a, head); err != nil {
			return 0, err
		} else if seen != nil {
			n++
		}
	}
	return n, nil
}

// seesAll reports whether the actor sees every document of the type, whole.
func (g *Grant) seesAll() bool { return g.See.Op == "true" && len(g.Hidden) == 0 }
