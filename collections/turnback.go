package collections

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Difference is one top-level field that a return to an earlier moment is about.
type Difference struct {
	Field string          `json:"field"`
	Label string          `json:"label"`
	Now   any             `json:"now,omitempty"`
	Then  any             `json:"then,omitempty"`
	Stays schema.Sentence `json:"stays,omitzero"` // why it stays as it is now; empty: it becomes what it was
}

// Return is what a return to an earlier moment comes to.
type Return struct {
	Moment *Moment      `json:"moment"`
	Fields []Difference `json:"fields"`          // in the order of the type; those that are the same are left out
	Wakes  bool         `json:"wakes,omitempty"` // the record comes out of the trash
}

// Changes reports whether there is anything to write.
func (r *Return) Changes() bool {
	return r.Wakes || slices.ContainsFunc(r.Fields, func(d Difference) bool { return d.Stays.IsEmpty() })
}

// PreviewRestore says what RestoreTo would do now.
func (e *Engine) PreviewRestore(ctx context.Context, a Actor, typ, id, place string) (*Return, error) {
	back, err := e.returning(ctx, a, typ, id, place)
	if err != nil {
		return nil, err
	}
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, err
	}
	doc, err := e.storedDocument(ctx, Key{typ, id})
	if err != nil {
		return nil, err
	}
	back.compare(doc, e.replica(), e.reg.latest(typ), g)
	back.label(e, g, typ)
	return &back.Return, nil
}

// RestoreTo makes a document what it was after an entry of its history, as one new
// change of the actor's of what differs: nothing goes from the history, and what others
// did since stays readable there. Fields that cannot go back stay as they are and are
// told: those that the server numbers, that only grow, that the actor may not write,
// and whose old value the type does not allow any more. The result says what was done.
func (e *Engine) RestoreTo(ctx context.Context, a Actor, typ, id, place string) (*Return, error) {
	back, err := e.returning(ctx, a, typ, id, place)
	if err != nil {
		return nil, err
	}
	_, err = e.writeAs(ctx, a, Key{typ, id}, func(d *drafting) error {
		back.compare(d.to.doc, d.round.state.self.Replica, d.typ, d.grant)
		return back.edit(d)
	})
	if err != nil {
		return nil, err
	}
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, err
	}
	back.label(e, g, typ)
	return &back.Return, nil
}

// returning is a return in the making.
type returning struct {
	Return
	then map[string]any // the whole value at that moment
}

func (e *Engine) returning(ctx context.Context, a Actor, typ, id, place string) (*returning, error) {
	moment, err := e.At(ctx, a, typ, id, place)
	if err != nil {
		return nil, err
	}
	if moment.Deleted {
		return nil, Errorf(Invalid, "place", "At that moment the record was in the trash: choose one before it.")
	}
	return &returning{Return: Return{Moment: moment}, then: moment.Value}, nil
}

// compare finds out what differs between then and a document as it is now, and which
// fields can go back. Hidden fields are in neither.
func (b *returning) compare(doc *crdt.Document, self crdt.Replica, t *Type, g *Grant) {
	b.Fields, b.Wakes = []Difference{}, doc.Deleted()
	now := redactValue(doc.Value(), g.Hidden)
	for _, key := range fieldOrder(t, now, b.then) {
		was, wasThere := b.then[key]
		is, isThere := now[key]
		if wasThere == isThere && crdt.EqualValues(was, is) {
			continue
		}
		b.Fields = append(b.Fields, Difference{Field: key, Label: key, Now: is, Then: was, Stays: b.stays(doc, self, t, g, key)})
	}
}

// stays says why a field cannot go back, nothing when it can. It tries it out.
func (b *returning) stays(doc *crdt.Document, self crdt.Replica, t *Type, g *Grant, key string) schema.Sentence {
	if !g.mayWriteField(key) {
		return schema.Says("You may not write this field.")
	}
	if field, known := t.Schema.Field([]string{key}); known && field.Strategy == crdt.Serial {
		return schema.Says("The server gives this number once.")
	}
	edit := doc.Edit(self, t.Schema.Plan())
	var refused *crdt.OpError
	if err := b.put(edit, key); errors.As(err, &refused) {
		return schema.Verbatim(refused.Message)
	} else if err != nil {
		return schema.Verbatim(err.Error())
	}
	var wrong *Error
	if errors.As(checkOps(t, edit.Ops()), &wrong) {
		return wrong.Message
	}
	return schema.Sentence{}
}

func (b *returning) put(edit *crdt.Editor, key string) error {
	if v, there := b.then[key]; there {
		return edit.Put([]string{key}, v)
	}
	return edit.Remove([]string{key})
}

// edit drafts what compare found.
func (b *returning) edit(d *drafting) error {
	for _, field := range b.Fields {
		if !field.Stays.IsEmpty() {
			continue
		}
		if err := b.put(d.edit(), field.Field); err != nil {
			return err
		}
	}
	if b.Wakes {
		d.edit().Restore()
	}
	return nil
}

// label gives the fields the names that their reader knows them by.
func (b *returning) label(e *Engine, g *Grant, typ string) {
	t, err := e.reg.view(e.reg.latest(typ), g.Hidden)
	if err != nil {
		return // the keys stand in
	}
	for i := range b.Fields {
		if field, known := t.Schema.Field([]string{b.Fields[i].Field}); known {
			b.Fields[i].Label = field.Title
		}
	}
}

// fieldOrder lists the top-level fields of values in the order of a type; those that it
// does not have come last, by key.
func fieldOrder(t *Type, values ...map[string]any) []string {
	there := map[string]bool{}
	for _, value := range values {
		for key := range value {
			there[key] = true
		}
	}
	var keys []string
	for _, field := range t.Schema.Fields() {
		if len(field.Path) == 1 && there[field.Path[0]] {
			keys = append(keys, field.Path[0])
			delete(there, field.Path[0])
		}
	}
	return append(keys, slices.Sorted(maps.Keys(there))...)
}
